(function_definition name: (name) @name body: (_) @body) @definition.function
(method_declaration name: (name) @name body: (_) @body) @definition.method
(method_declaration name: (name) @name !body) @declaration.method
(property_declaration
  (property_element name: (variable_name (name) @name)) @head
  (property_hook_list (property_hook body: (_)))) @definition.accessor

(assignment_expression
  left: (variable_name (name) @name)
  right: (anonymous_function body: (_) @body)) @definition.lambda
(assignment_expression
  left: (variable_name (name) @name)
  right: (arrow_function parameters: (_) @head return_type: (_)? @head body: (_) @body)) @definition.lambda
(assignment_expression
  left: (_ name: [(name) @name (variable_name (name) @name)])
  right: (anonymous_function body: (_) @body)) @definition.lambda
(assignment_expression
  left: (_ name: [(name) @name (variable_name (name) @name)])
  right: (arrow_function parameters: (_) @head return_type: (_)? @head body: (_) @body)) @definition.lambda
(assignment_expression
  left: (_ (_) . (string) @name)
  right: (anonymous_function body: (_) @body)) @definition.lambda
(assignment_expression
  left: (_ (_) . (string) @name)
  right: (arrow_function parameters: (_) @head return_type: (_)? @head body: (_) @body)) @definition.lambda
(array_element_initializer
  . [(string) (encapsed_string) (class_constant_access_expression)] @name
  . (anonymous_function body: (_) @body)) @definition.lambda
(array_element_initializer
  . [(string) (encapsed_string) (class_constant_access_expression)] @name
  . (arrow_function parameters: (_) @head return_type: (_)? @head body: (_) @body)) @definition.lambda

(namespace_definition name: (_) @scope.name !body) @scope.rest
(namespace_definition name: (_) @scope.name body: (_)) @scope.namespace
(class_declaration name: (_) @scope.name) @scope.class
(trait_declaration name: (_) @scope.name) @scope.class
(interface_declaration name: (_) @scope.name) @scope.class
(enum_declaration name: (_) @scope.name) @scope.class
(assignment_expression
  left: (variable_name (name) @scope.name)
  right: (object_creation_expression (anonymous_class))) @scope.class

(comment) @comment
(attribute_list) @decorator
