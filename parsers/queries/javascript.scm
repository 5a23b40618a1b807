; Class fields, as in ecmascript.scm.
(field_definition
  property: (_) @name
  value: [
    (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)
    (parenthesized_expression
      . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))
    (_ . (_) . ["||" "&&" "??" "?"] [
      (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)
      (parenthesized_expression
        . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))])
    (_
      . function: [(identifier) @_wrapping (_ property: (_) @_wrapping)]
      arguments: (_ . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)))]
  (#any-of? @_wrapping
    "memo" "forwardRef" "useCallback" "useMemo" "useEffectEvent" "observer" "debounce" "throttle" "createSelector"
    "defineComponent" "defineStore" "createAsyncThunk" "curry" "once" "memoize" "promisify" "wrap" "asyncHandler"
    "cache" "action" "computed" "batch")) @definition.lambda
