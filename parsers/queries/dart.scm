((function_signature name: (identifier) @name) @definition.function . (function_body) @body)
((getter_signature name: (identifier) @name) @definition.accessor . (function_body) @body)
((setter_signature name: (identifier) @name) @definition.accessor . (function_body) @body)
((method_signature (function_signature name: (identifier) @name)) @definition.function . (function_body) @body)
((method_signature [
  (getter_signature name: (identifier) @name)
  (setter_signature name: (identifier) @name)]) @definition.accessor . (function_body) @body)
; `Pool` and `Pool.empty` alike: the last identifier before the parameters.
((method_signature [
  (constructor_signature (identifier) @name . (formal_parameter_list))
  (factory_constructor_signature (identifier) @name . (formal_parameter_list))]) @definition.constructor
  . (function_body) @body)
((method_signature (operator_signature "operator" @name . (_) @name)) @definition.operator . (function_body) @body)
(declaration [
  (constructor_signature (identifier) @name . (formal_parameter_list))
  (constant_constructor_signature (identifier) @name . (formal_parameter_list))
  (redirecting_factory_constructor_signature (identifier) @name . (formal_parameter_list))]) @definition.constructor
(declaration (function_signature name: (identifier) @name)) @declaration.function
(static_final_declaration . (identifier) @name (function_expression body: (_) @body)) @definition.lambda
(initialized_variable_definition name: (identifier) @name value: (function_expression body: (_) @body)) @definition.lambda

(class_definition name: (_) @scope.name) @scope.class
(extension_declaration name: (_) @scope.name) @scope.class
(mixin_declaration (identifier) @scope.name) @scope.class
(enum_declaration name: (_) @scope.name) @scope.class

(comment) @comment
(documentation_comment) @comment
(annotation) @decorator
