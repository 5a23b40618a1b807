(function_statement (function_name) @name (script_block) @body) @definition.function
(class_method_definition (simple_name) @name (script_block) @body) @definition.method
; An empty body is none.
(function_statement (function_name) @name) @definition.function
(class_method_definition (simple_name) @name) @definition.method

(class_statement . (simple_name) @scope.name) @scope.class

(comment) @comment
