(function_definition name: (operator_identifier) @name body: (_) @body) @definition.operator
(function_definition name: (_) @name body: (_) @body) @definition.function
(function_declaration name: (operator_identifier) @name) @declaration.operator
(function_declaration name: (_) @name) @declaration.function
(_
  pattern: (identifier) @name
  value: [
    (lambda_expression parameters: (_) @head)
    (block . "{" . (lambda_expression parameters: (_) @head) . "}")
    (case_block) @body]) @definition.lambda
(assignment_expression
  left: [(identifier) @name (field_expression field: (identifier) @name)]
  right: (lambda_expression parameters: (_) @head)) @definition.lambda

(class_definition name: (_) @scope.name) @scope.class
(object_definition name: (_) @scope.name) @scope.class
(trait_definition name: (_) @scope.name) @scope.class
(enum_definition name: (_) @scope.name) @scope.class
(given_definition name: (_) @scope.name) @scope.class
(given_definition !name return_type: (generic_type type: (_) @scope.name)) @scope.class
(package_object name: (_) @scope.name) @scope.class
(extension_definition
  parameters: (_ (_ type: [(type_identifier) @scope.name (generic_type type: (_) @scope.name)]))) @scope.class

(comment) @comment
(block_comment) @comment
(annotation) @decorator
