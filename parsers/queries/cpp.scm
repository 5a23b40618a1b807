(function_definition
  declarator: (_) @declarator
  body: [(compound_statement) (try_statement)] @body) @definition.function
(function_definition declarator: (_) @declarator (pure_virtual_clause)) @declaration.method
(template_declaration (function_definition declarator: (_) @declarator)) @wrapper

(declaration declarator: [
  (function_declarator)
  (pointer_declarator)
  (reference_declarator)
  (operator_cast)] @declarator) @declaration.function
(field_declaration declarator: [
  (function_declarator)
  (pointer_declarator)
  (reference_declarator)] @declarator) @declaration.method
(template_declaration (declaration declarator: (_) @declarator)) @wrapper
(friend_declaration (function_definition declarator: (_) @declarator)) @wrapper
(template_declaration (friend_declaration (function_definition declarator: (_) @declarator))) @wrapper

(init_declarator
  declarator: (identifier) @name
  value: (lambda_expression body: (_) @body)) @definition.lambda
(declaration
  type: (_) . (init_declarator declarator: (identifier) @name value: (lambda_expression)) .) @wrapper

(class_specifier name: (_) @scope.name body: (_)) @scope.class
(struct_specifier name: (_) @scope.name body: (_)) @scope.class
(union_specifier name: (_) @scope.name body: (_)) @scope.class
(namespace_definition name: (_) @scope.name) @scope.module

(attribute_declaration) @decorator
