(function_definition name: (_) @name body: (_) @body) @definition.function
(function_definition name: (_) @name !body) @declaration.function
(modifier_definition name: (_) @name body: (_) @body) @definition.function
(constructor_definition "constructor" @name body: (_) @body) @definition.constructor
(fallback_receive_definition ["receive" "fallback"] @name body: (_) @body) @definition.method

; In assembly; the names of its parameters and results are like its own.
(yul_function_definition . "function" . (yul_identifier) @name (yul_block) @body) @definition.function

(contract_declaration name: (_) @scope.name) @scope.class
(interface_declaration name: (_) @scope.name) @scope.class
(library_declaration name: (_) @scope.name) @scope.class

(comment) @comment
