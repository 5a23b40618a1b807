; A body follows its signature. Such a pattern takes 15 to 20 ms to compile, and 3 where it holds an alternation, even
; of a node and anything.
((function_signature name: [(identifier) _] @name) @definition.function . (function_body) @body)
((_ ["get" "set"] name: (identifier) @name) @definition.accessor . (function_body) @body)
((method_signature (function_signature name: [(identifier) _] @name)) @definition.function . (function_body) @body)
((method_signature (_ ["get" "set"] name: (identifier) @name)) @definition.accessor . (function_body) @body)
((method_signature (_ "operator" @name . [(_) _] @name . (formal_parameter_list))) @definition.operator
  . (function_body) @body)
; `Pool` and `Pool.empty` alike: the last identifier before the parameters.
((method_signature [
  (constructor_signature (identifier) @name . (formal_parameter_list))
  (factory_constructor_signature (identifier) @name . (formal_parameter_list))]) @definition.constructor
  . (function_body) @body)
(declaration [
  (constructor_signature (identifier) @name . (formal_parameter_list))
  (constant_constructor_signature (identifier) @name . (formal_parameter_list))
  (factory_constructor_signature (identifier) @name . (formal_parameter_list))
  (redirecting_factory_constructor_signature (identifier) @name . (formal_parameter_list))]) @definition.constructor
(declaration (function_signature name: (identifier) @name)) @declaration.function
(declaration [
  (getter_signature name: (identifier) @name)
  (setter_signature name: (identifier) @name)]) @declaration.accessor
(declaration (operator_signature "operator" @name . _ @name . (formal_parameter_list))) @declaration.operator
(program "external" . (function_signature name: [(identifier) _] @name) @declaration.function)
(program "external" . (_ ["get" "set"] name: (identifier) @name) @declaration.accessor)
(static_final_declaration . (identifier) @name (function_expression body: (_) @body)) @definition.lambda
(initialized_variable_definition name: (identifier) @name value: (function_expression body: (_) @body)) @definition.lambda
(initialized_identifier . (identifier) @name (function_expression body: (_) @body)) @definition.lambda
(declaration (initialized_identifier_list
  . (initialized_identifier . (identifier) @name (function_expression)) .)) @wrapper
(declaration (static_final_declaration_list
  . (static_final_declaration . (identifier) @name (function_expression)) .)) @wrapper
(assignment_expression
  left: (_ (identifier) @name .)
  operator: "="
  right: (function_expression body: (_) @body)) @definition.lambda
(assignment_expression
  left: (_ (_ (identifier) @name .) .)
  operator: "="
  right: (function_expression body: (_) @body)) @definition.lambda

(class_definition name: (_) @scope.name) @scope.class
(extension_declaration name: (_) @scope.name) @scope.class
(extension_declaration !name class: (_) @scope.name) @scope.class
(extension_type_declaration name: (_) @scope.name) @scope.class
(mixin_declaration (identifier) @scope.name) @scope.class
(enum_declaration name: (_) @scope.name) @scope.class

(comment) @comment
(documentation_comment) @comment
(annotation) @decorator
