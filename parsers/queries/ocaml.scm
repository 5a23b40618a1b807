(let_binding pattern: [(value_name) (parenthesized_operator)] @name (parameter) body: (_) @body) @definition.function
(let_binding
  pattern: [(value_name) (parenthesized_operator)] @name
  body: [(fun_expression) (function_expression)] @body) @definition.function
(method_definition name: (method_name) @name body: (_) @body) @definition.method
(method_definition (method_name) @name body: (_) @body) @definition.method
(external (value_name) @name) @declaration.function
; The first of `let … and …` starts at its `let`.
(value_definition "let" @wrapper . (let_binding pattern: (_) @name))
(value_definition "let" @wrapper . "rec" . (let_binding pattern: (_) @name))

(module_binding (module_name) @scope.name) @scope.module
(class_binding (class_name) @scope.name) @scope.class

(comment) @comment
(attribute) @decorator
