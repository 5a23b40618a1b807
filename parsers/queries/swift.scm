; The grammar is large: a pattern that names `function_declaration` and its body takes 140 ms to compile, one that finds
; it by its keyword under any node takes none. An operator is a function whose name is no identifier.
(_ "func" . name: (simple_identifier) @name body: (_) @body) @definition.function
(_ "func" . name: _ @name body: (_) @body) @definition.operator
(_ "func" . name: (simple_identifier) @name !body) @declaration.function
(_ "func" . name: _ @name !body) @declaration.operator
(_ "init" @name body: (_) @body) @definition.constructor
(init_declaration "init" @name !body) @declaration.constructor
(deinit_declaration "deinit" @name body: (_) @body) @definition.destructor
(macro_declaration "macro" . (simple_identifier) @name definition: (_)? @body) @definition.macro
(protocol_body (subscript_declaration "subscript" @name (computed_property) @body @head) @declaration.accessor)
(subscript_declaration "subscript" @name (computed_property) @body) @definition.accessor
(_
  (value_binding_pattern)
  name: (_ bound_identifier: (_) @name)
  [computed_value: (_) @body (willset_didset_block) @body]) @definition.accessor
(_ (value_binding_pattern) name: (_ bound_identifier: (_) @name) . (type_annotation)? . "=" . value: (lambda_literal) @body) @definition.lambda
(assignment
  target: (_ [(simple_identifier) @name (_ suffix: (_ suffix: (_) @name))])
  operator: "="
  result: (lambda_literal) @body) @definition.lambda

(class_declaration declaration_kind: _ . name: (_) @scope.name) @scope.class
(protocol_declaration name: (_) @scope.name) @scope.class

(comment) @comment
(multiline_comment) @comment
(attribute) @decorator
