; Wildcards where the fields say enough: with the names of all nodes, compiling takes twice as long.
(let_binding pattern: (_) @name (parameter) body: (_) @body) @definition.function
(let_binding
  pattern: [(value_name) (parenthesized_operator)] @name
  body: [(fun_expression) (function_expression)] @body) @definition.function
(let_binding
  pattern: (value_name) @name
  body: (_ . expression: [(fun_expression) (function_expression)]) @body) @definition.function
(let_binding
  pattern: (_ pattern: (value_name) @name)
  body: [(fun_expression) (function_expression)] @body) @definition.function
(method_definition (method_name) @name body: (_) @body) @definition.method
(method_definition "virtual" (method_name) @name) @declaration.method
(method_specification (method_name) @name) @declaration.method
(external [(value_name) (parenthesized_operator)] @name) @declaration.function
(value_specification [(value_name) (parenthesized_operator)] @name type: (_ domain: (_))) @declaration.function
(value_specification [(value_name) (parenthesized_operator)] @name type: (_ type: (_ domain: (_)))) @declaration.function
; `let%test "…" = …`
(value_definition
  (attribute_id) @_extension
  (let_binding pattern: (string) @name body: (_) @body)
  (#any-of? @_extension "test" "test_unit" "test_module" "expect_test")) @definition.test
; The first of `let … and …` starts at its `let`.
(value_definition "let" @wrapper . ["rec" (attribute_id) (attribute)]* . (let_binding pattern: (_) @name))

(module_binding (module_name) @scope.name) @scope.module
(module_type_definition (module_type_name) @scope.name) @scope.class
(class_binding (class_name) @scope.name) @scope.class
(class_type_binding (class_type_name) @scope.name) @scope.class

(comment) @comment
(attribute) @decorator
