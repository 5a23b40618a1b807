; What JavaScript and TypeScript have in common.
;
; A function value is `(_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)`: only
; arrows and function expressions begin like that and have a body. Naming their types in every place where they may
; stand makes a query compile ten times as long. Without the anchors, and with a pattern that starts at what encloses
; many (`class_body`), nested values would take time quadratic in their depth.

(function_declaration name: (identifier) @name body: (_) @body) @definition.function
(generator_function_declaration name: (identifier) @name body: (_) @body) @definition.function
(method_definition ["get" "set"] name: (_) @name body: (_) @body) @definition.accessor
(method_definition name: (_) @name body: (_) @body) @definition.method

; Function values bound to a name, bare or in parentheses.
(variable_declarator
  name: (identifier) @name
  value: [
    (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)
    (parenthesized_expression
      (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))]) @definition.lambda
(pair
  key: (_) @name
  value: [
    (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)
    (parenthesized_expression
      (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))]) @definition.lambda
((assignment_expression
  left: [
    (identifier) @name
    (_ object: (_) @qualifier property: (_) @name)
    (_ object: (_) @qualifier index: (_) @name)]
  right: [
    (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)
    (parenthesized_expression
      (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))]) @definition.lambda
  (#not-eq? @name "exports"))
(augmented_assignment_expression
  left: [(identifier) @name (_ object: (_) @qualifier property: (_) @name)]
  right: (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)) @definition.lambda

; One of several values, chosen when the name is bound: behind `||`, `&&`, `??`, or a branch of `? :`. The operator
; stands second, which ends the match of any other value at once; a comment may follow it.
(variable_declarator
  name: (identifier) @name
  value: (_ . (_) . ["||" "&&" "??" "?"] [
    (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)
    (parenthesized_expression
      . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))])) @definition.lambda
(pair
  key: (_) @name
  value: (_ . (_) . ["||" "&&" "??" "?"] [
    (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)
    (parenthesized_expression
      . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))])) @definition.lambda
((assignment_expression
  left: [
    (identifier) @name
    (_ object: (_) @qualifier property: (_) @name)
    (_ object: (_) @qualifier index: (_) @name)]
  right: (_ . (_) . ["||" "&&" "??" "?"] [
    (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)
    (parenthesized_expression
      . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))])) @definition.lambda
  (#not-eq? @name "exports"))

; The same in one or two of the calls that give back a function that stands for their argument. Any other call with a
; function as its first argument (map, filter, then) binds its result, not that function.
([
  (variable_declarator
    name: (identifier) @name
    value: [
      (_
        . function: [(identifier) @_wrapping (_ property: (_) @_wrapping)]
        arguments: (_ . [
          (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)
          (_
            . function: [(identifier) @_wrapping (_ property: (_) @_wrapping)]
            arguments: (_ . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)))]))
      (_
        . (_
          . function: [(identifier) @_wrapping (_ property: (_) @_wrapping)]
          arguments: (_ . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)))
        "as")
      (parenthesized_expression . (_
        . function: [(identifier) @_wrapping (_ property: (_) @_wrapping)]
        arguments: (_
          . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))))])
        @definition.lambda
  (pair
    key: (_) @name
    value: (_
      . function: [(identifier) @_wrapping (_ property: (_) @_wrapping)]
      arguments: (_
        . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)))) @definition.lambda
  (assignment_expression
    left: [(identifier) @name (_ object: (_) @qualifier property: (_) @name)]
    right: [
      (_
        . function: [(identifier) @_wrapping (_ property: (_) @_wrapping)]
        arguments: (_ . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)))
      (parenthesized_expression . (_
        . function: [(identifier) @_wrapping (_ property: (_) @_wrapping)]
        arguments: (_
          . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))))])
        @definition.lambda
  (export_statement
    "default" @name
    value: (_
      . function: [(identifier) @_wrapping (_ property: (_) @_wrapping)]
      arguments: (_
        . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] !name body: (_) @body))))
      @definition.lambda]
  (#any-of? @_wrapping
    "memo" "forwardRef" "useCallback" "useMemo" "useEffectEvent" "observer" "debounce" "throttle" "createSelector"
    "defineComponent" "defineStore" "createAsyncThunk" "curry" "once" "memoize" "promisify" "wrap" "asyncHandler"
    "cache" "action" "computed" "batch"))

; `module.exports = function parse() {}` goes by its own name.
(function_expression name: (identifier) @name body: (_) @body) @definition.function
(generator_function name: (identifier) @name body: (_) @body) @definition.function
((assignment_expression
  left: (_ property: (_) @name)
  right: [
    (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)
    (_ . (_) . ["||" "&&" "??" "?"]
      (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))]) @definition.lambda
  (#eq? @name "exports"))

(export_statement "default" @name value: [
  (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body)
  (parenthesized_expression
    . (_ . ["function" "async" (formal_parameters) ((identifier) . "=>")] body: (_) @body))]) @definition.function

(export_statement declaration: (_ name: (identifier) @name)) @wrapper
(export_statement declaration: (_ . (variable_declarator name: (identifier) @name) .)) @wrapper
(lexical_declaration . (variable_declarator name: (identifier) @name) .) @wrapper
(variable_declaration . (variable_declarator name: (identifier) @name) .) @wrapper

(class_declaration name: (_) @scope.name) @scope.class
(class name: (_) @scope.name) @scope.class
(export_statement "default" @scope.name value: (class !name)) @scope.class
(variable_declarator name: (identifier) @scope.name value: (class !name)) @scope.class
(assignment_expression left: (_) @scope.name right: (class !name)) @scope.class
(variable_declarator name: (identifier) @scope.name value: (object)) @scope.object
(assignment_expression left: [(identifier) (member_expression)] @scope.name right: (object)) @scope.object
(pair key: (_) @scope.name value: (object)) @scope.object

(comment) @comment
(decorator) @decorator
