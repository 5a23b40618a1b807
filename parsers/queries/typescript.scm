; What TypeScript adds to ecmascript.scm.

; Function values behind a type.
(variable_declarator name: (identifier) @name value: [
  (_ (_ ["=>" "function"] body: (_) @body) ["as" "satisfies" "!"])
  (_ (parenthesized_expression (_ ["=>" "function"] body: (_) @body)) ["as" "satisfies" "!"])
  (_ (_ (parenthesized_expression (_ ["=>" "function"] body: (_) @body)) "as") "as")
  (_ (type_arguments) . (_ ["=>" "function"] body: (_) @body))]) @definition.lambda
(pair key: (_) @name value: [
  (_ (_ ["=>" "function"] body: (_) @body) ["as" "satisfies" "!"])
  (_ (parenthesized_expression (_ ["=>" "function"] body: (_) @body)) ["as" "satisfies" "!"])
  (_ (type_arguments) . (_ ["=>" "function"] body: (_) @body))]) @definition.lambda
(class_body (_ name: (_) @name value: [
  (_ (_ ["=>" "function"] body: (_) @body) ["as" "satisfies" "!"])
  (_ (parenthesized_expression (_ ["=>" "function"] body: (_) @body)) ["as" "satisfies" "!"])]) @definition.lambda)
(variable_declarator name: (identifier) @scope.name value: (_ (object) ["as" "satisfies"])) @scope.object

(method_signature ["get" "set"] name: (_) @name) @declaration.accessor
(abstract_method_signature ["get" "set"] name: (_) @name) @declaration.accessor
(function_signature name: (_) @name) @declaration.function
(method_signature name: (_) @name) @declaration.method
(abstract_method_signature name: (_) @name) @declaration.method
(ambient_declaration (function_signature name: (_) @name)) @wrapper
(export_statement declaration: (_ (function_signature name: (_) @name))) @wrapper

(abstract_class_declaration name: (_) @scope.name) @scope.class
(interface_declaration name: (_) @scope.name) @scope.class
(type_alias_declaration name: (_) @scope.name value: (object_type)) @scope.class
(internal_module name: (_) @scope.name) @scope.module
(module name: (_) @scope.name) @scope.module
