(function_definition name: (name) @name body: (_) @body) @definition.function
(method_declaration name: (name) @name body: (_) @body) @definition.method
(method_declaration name: (name) @name !body) @declaration.method
(property_declaration
  (property_element name: (variable_name (name) @name)) @head
  (property_hook_list (property_hook body: (_)))) @definition.accessor

(assignment_expression left: (variable_name (name) @name) right: [
  (anonymous_function body: (_) @body)
  (arrow_function body: (_) @body)]) @definition.lambda
(assignment_expression left: (member_access_expression name: (name) @name) right: [
  (anonymous_function body: (_) @body)
  (arrow_function body: (_) @body)]) @definition.lambda
(array_element_initializer . (string) @name . [
  (anonymous_function body: (_) @body)
  (arrow_function body: (_) @body)]) @definition.lambda

(class_declaration name: (_) @scope.name) @scope.class
(trait_declaration name: (_) @scope.name) @scope.class
(interface_declaration name: (_) @scope.name) @scope.class
(enum_declaration name: (_) @scope.name) @scope.class

(comment) @comment
(attribute_list) @decorator
