; What TypeScript adds to ecmascript.scm.

(public_field_definition name: (_) @name value: [
  (arrow_function body: (_) @body)
  (function_expression body: (_) @body)
  (generator_function body: (_) @body)]) @definition.lambda
(variable_declarator name: (identifier) @name value: [
  (as_expression [(arrow_function body: (_) @body) (function_expression body: (_) @body)])
  (satisfies_expression [(arrow_function body: (_) @body) (function_expression body: (_) @body)])
  (as_expression (parenthesized_expression [(arrow_function body: (_) @body) (function_expression body: (_) @body)]))
  (satisfies_expression
    (parenthesized_expression [(arrow_function body: (_) @body) (function_expression body: (_) @body)]))
  ]) @definition.lambda

(function_signature name: (_) @name) @declaration.function
(method_signature name: (_) @name) @declaration.method
(abstract_method_signature name: (_) @name) @declaration.method
(export_statement declaration: (function_signature name: (_) @name)) @wrapper
(ambient_declaration (function_signature name: (_) @name)) @wrapper
(export_statement declaration: (ambient_declaration (function_signature name: (_) @name))) @wrapper

(abstract_class_declaration name: (_) @scope.name) @scope.class
(interface_declaration name: (_) @scope.name) @scope.class
(type_alias_declaration name: (_) @scope.name value: (object_type)) @scope.class
(internal_module name: (_) @scope.name) @scope.module
(module name: (_) @scope.name) @scope.module
