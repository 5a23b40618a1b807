(method_declaration name: (identifier) @name body: (_) @body) @definition.method
(method_declaration name: (identifier) @name !body) @declaration.method
(constructor_declaration name: (identifier) @name body: (_) @body) @definition.constructor
(compact_constructor_declaration name: (identifier) @name body: (_) @body) @definition.constructor
(annotation_type_element_declaration name: (identifier) @name) @declaration.accessor

(variable_declarator name: (identifier) @name value: (lambda_expression body: (_) @body)) @definition.lambda
(variable_declarator
  name: (identifier) @name
  value: (cast_expression value: (lambda_expression body: (_) @body))) @definition.lambda
(assignment_expression
  left: [(identifier) @name (field_access field: (identifier) @name)]
  right: (lambda_expression body: (_) @body)) @definition.lambda
(field_declaration
  type: (_) . (variable_declarator name: (identifier) @name value: [(lambda_expression) (cast_expression)]) .) @wrapper
(local_variable_declaration
  type: (_) . (variable_declarator name: (identifier) @name value: [(lambda_expression) (cast_expression)]) .) @wrapper

(class_declaration name: (_) @scope.name) @scope.class
(interface_declaration name: (_) @scope.name) @scope.class
(enum_declaration name: (_) @scope.name) @scope.class
(record_declaration name: (_) @scope.name) @scope.class
(annotation_type_declaration name: (_) @scope.name) @scope.class
(enum_constant name: (_) @scope.name body: (_)) @scope.class
(object_creation_expression type: (_) @scope.name (class_body)) @scope.class

(line_comment) @comment
(block_comment) @comment
(marker_annotation) @decorator
(annotation) @decorator
