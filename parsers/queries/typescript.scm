; What TypeScript adds to ecmascript.scm.

; Function values with type parameters or behind a type, and class fields with any; calls as in ecmascript.scm.
([
  (variable_declarator
    name: (identifier) @name
    value: [
      (_ . (type_parameters) "=>" body: (_) @body)
      (parenthesized_expression . (_ . (type_parameters) "=>" body: (_) @body))
      (_ . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body) ["as" "satisfies" "!"])
      (_ . (parenthesized_expression
        . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)) ["as" "satisfies" "!"])
      (_ . (_ . (parenthesized_expression
        . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)) "as") "as")
      (_ . (type_arguments) . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))
      (_
        . function: [(identifier) @_wrapping (_ property: (_) @_wrapping)]
        arguments: (_ . (_ . (type_parameters) "=>" body: (_) @body)))]) @definition.lambda
  (pair
    key: (_) @name
    value: [
      (_ . (type_parameters) "=>" body: (_) @body)
      (_ . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body) ["as" "satisfies" "!"])
      (_ . (parenthesized_expression
        . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)) ["as" "satisfies" "!"])
      (_ . (type_arguments)
        . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))]) @definition.lambda
  (assignment_expression
    left: [(identifier) @name (_ object: (_) @qualifier property: (_) @name)]
    right: (_ . (type_parameters) "=>" body: (_) @body)) @definition.lambda
  (public_field_definition
    name: (_) @name
    value: [
      (_ . ["function" "async" (formal_parameters) (type_parameters) ((identifier) . "=>")] body: (_) @body)
      (parenthesized_expression
        . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))
      (_ . (_) . ["||" "&&" "??" "?"] [
        (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)
        (parenthesized_expression
          . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))])
      (_ . (parenthesized_expression
        . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)) ["as" "satisfies" "!"])
      (_
        . function: [(identifier) @_wrapping (_ property: (_) @_wrapping)]
        arguments: (_
          . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)))]) @definition.lambda]
  (#any-of? @_wrapping
    "memo" "forwardRef" "useCallback" "useMemo" "useEffectEvent" "observer" "debounce" "throttle" "createSelector"
    "defineComponent" "defineStore" "createAsyncThunk" "curry" "once" "memoize" "promisify" "wrap" "asyncHandler"
    "cache" "action" "computed" "batch"))
(variable_declarator name: (identifier) @scope.name value: (_ . (object) ["as" "satisfies"])) @scope.object

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
