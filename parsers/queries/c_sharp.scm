(method_declaration name: (_) @name body: (_) @body) @definition.method
(method_declaration name: (_) @name !body) @declaration.method
(constructor_declaration name: (_) @name body: (_) @body) @definition.constructor
(destructor_declaration "~" @name name: (_) @name body: (_) @body) @definition.destructor
(local_function_statement name: (_) @name body: (_) @body) @definition.function
(operator_declaration "operator" @name operator: _ @name body: (_) @body) @definition.operator
(conversion_operator_declaration "operator" @name type: (_) @name body: (_) @body) @definition.operator
(indexer_declaration "this" @name accessors: (accessor_list (accessor_declaration body: (_))) @body) @definition.accessor
(indexer_declaration "this" @name value: (_) @body) @definition.accessor
(property_declaration
  name: (_) @name
  accessors: (accessor_list (accessor_declaration body: (_))) @body) @definition.accessor
(property_declaration name: (_) @name value: (arrow_expression_clause) @body) @definition.accessor
(event_declaration name: (_) @name accessors: (accessor_list) @body) @definition.accessor

(variable_declarator
  name: (identifier) @name
  [(lambda_expression body: (_) @body) (anonymous_method_expression (block) @body)]) @definition.lambda
(field_declaration (variable_declaration
  type: (_) . (variable_declarator name: (identifier) @name [(lambda_expression) (anonymous_method_expression)]) .)) @wrapper
(local_declaration_statement (variable_declaration
  type: (_) . (variable_declarator name: (identifier) @name [(lambda_expression) (anonymous_method_expression)]) .)) @wrapper
(assignment_expression left: (identifier) @name right: (lambda_expression body: (_) @body)) @definition.lambda

(class_declaration name: (_) @scope.name) @scope.class
(struct_declaration name: (_) @scope.name) @scope.class
(interface_declaration name: (_) @scope.name) @scope.class
(record_declaration name: (_) @scope.name) @scope.class

(comment) @comment
(attribute_list) @decorator
