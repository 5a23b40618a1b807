(function_declaration "func" . name: _ @name body: (_) @body) @definition.function
(init_declaration "init" @name body: (_) @body) @definition.constructor
(init_declaration "init" @name !body) @declaration.constructor
(deinit_declaration "deinit" @name body: (_) @body) @definition.destructor
(subscript_declaration "subscript" @name (computed_property) @body) @definition.accessor
(property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name)
  computed_value: (_) @body) @definition.accessor
(property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name)
  value: (lambda_literal) @body) @definition.lambda
(protocol_function_declaration name: (simple_identifier) @name) @declaration.method

(class_declaration declaration_kind: _ . name: (_) @scope.name) @scope.class
(protocol_declaration name: (_) @scope.name) @scope.class

(comment) @comment
(multiline_comment) @comment
(attribute) @decorator
