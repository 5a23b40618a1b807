; What JavaScript and TypeScript have in common.

(function_declaration name: (identifier) @name body: (_) @body) @definition.function
(generator_function_declaration name: (identifier) @name body: (_) @body) @definition.function
(method_definition ["get" "set"] name: (_) @name body: (_) @body) @definition.accessor
(method_definition name: (_) @name body: (_) @body) @definition.method

; Function values, bare or in one of the calls that give back a function that stands for its argument. Any other call
; with a function as its first argument (map, filter, then) binds its result, not that function.
(variable_declarator
  name: (identifier) @name
  value: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
    (parenthesized_expression [(arrow_function body: (_) @body) (function_expression body: (_) @body)])
  ]) @definition.lambda
(variable_declarator
  name: (identifier) @name
  value: (call_expression
    function: [(identifier) @_wrapping (member_expression property: (property_identifier) @_wrapping)]
    arguments: (arguments . [(arrow_function body: (_) @body) (function_expression body: (_) @body)]))
  (#any-of? @_wrapping
    "memo" "forwardRef" "useCallback" "useMemo" "useEffectEvent" "observer" "debounce" "throttle" "createSelector"
    "defineComponent" "defineStore" "createAsyncThunk" "curry" "once" "memoize" "promisify" "wrap" "asyncHandler"
    "cache" "action" "computed" "batch")) @definition.lambda

(pair key: (_) @name value: [
  (arrow_function body: (_) @body)
  (function_expression body: (_) @body)
  (generator_function body: (_) @body)]) @definition.lambda

(assignment_expression left: (identifier) @name right: [
  (arrow_function body: (_) @body)
  (function_expression body: (_) @body)
  (generator_function body: (_) @body)]) @definition.lambda
((assignment_expression left: (member_expression object: (_) @qualifier property: (_) @name) right: [
  (arrow_function body: (_) @body)
  (function_expression body: (_) @body)
  (generator_function body: (_) @body)]) @definition.lambda (#not-eq? @name "exports"))
(assignment_expression left: (subscript_expression object: (_) @qualifier index: (_) @name) right: [
  (arrow_function body: (_) @body)
  (function_expression body: (_) @body)]) @definition.lambda

; `module.exports = function parse() {}` goes by its own name.
(function_expression name: (identifier) @name body: (_) @body) @definition.function
(generator_function name: (identifier) @name body: (_) @body) @definition.function
((assignment_expression left: (member_expression property: (_) @name) right: [
  (arrow_function body: (_) @body)
  (function_expression body: (_) @body)]) @definition.lambda (#eq? @name "exports"))

(export_statement "default" @name value: [
  (arrow_function body: (_) @body)
  (function_expression !name body: (_) @body)
  (generator_function !name body: (_) @body)]) @definition.function

(export_statement declaration: [
  (function_declaration name: (identifier) @name)
  (generator_function_declaration name: (identifier) @name)]) @wrapper
(export_statement declaration: [
  (lexical_declaration . (variable_declarator name: (identifier) @name) .)
  (variable_declaration . (variable_declarator name: (identifier) @name) .)]) @wrapper
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
