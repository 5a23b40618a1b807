; A name may stand under a return type and type parameters: `f(x)::T where T`. It is a plain one, one of another module,
; a type's with parameters, or a type that is called: `f`, `Base.f` or `Base.:(==)`, `T{P}`, `(x::T)`.
; Wildcards where the fields say enough: with the names of all nodes, compiling takes three times as long.
(function_definition
  (signature [
    (identifier) @name
    (_ . [
      (identifier) @name
      (operator) @name
      (_ value: (_) @qualifier [(identifier) @name (_ (_) @name)] .)
      (_ . (identifier) @name (curly_expression))
      (_ "(" [(operator) @name (_ (_) @name .)])] (argument_list))
    (_ . (_ . [
      (identifier) @name
      (operator) @name
      (_ value: (_) @qualifier [(identifier) @name (_ (_) @name)] .)
      (_ . (identifier) @name (curly_expression))
      (_ "(" [(operator) @name (_ (_) @name .)])] (argument_list)))
    (_ . (_ . (_ . [
      (identifier) @name
      (operator) @name
      (_ value: (_) @qualifier [(identifier) @name (_ (_) @name)] .)
      (_ . (identifier) @name (curly_expression))
      (_ "(" [(operator) @name (_ (_) @name .)])] (argument_list))))]) @head) @definition.function
(assignment
  . [
    (call_expression . [
      (identifier) @name
      (operator) @name
      (_ value: (_) @qualifier [(identifier) @name (_ (_) @name)] .)
      (_ . (identifier) @name (curly_expression))
      (_ "(" [(operator) @name (_ (_) @name .)])])
    (typed_expression . (_ . [
      (identifier) @name
      (operator) @name
      (_ value: (_) @qualifier [(identifier) @name (_ (_) @name)] .)
      (_ . (identifier) @name (curly_expression))
      (_ "(" [(operator) @name (_ (_) @name .)])] (argument_list)))
    (where_expression . (_ . [
      (identifier) @name
      (operator) @name
      (_ value: (_) @qualifier [(identifier) @name (_ (_) @name)] .)
      (_ . (identifier) @name (curly_expression))
      (_ "(" [(operator) @name (_ (_) @name .)])] (argument_list)))
    (where_expression . (_ . (_ . [
      (identifier) @name
      (operator) @name
      (_ value: (_) @qualifier [(identifier) @name (_ (_) @name)] .)
      (_ . (identifier) @name (curly_expression))
      (_ "(" [(operator) @name (_ (_) @name .)])] (argument_list))))] @head) @definition.function
(assignment . (binary_expression (operator) @name) @head) @definition.operator
(macro_definition (signature (_ . (_) @name (argument_list))) @head) @definition.macro
(assignment . (identifier) @name @head (operator) [
  (arrow_function_expression)
  (function_definition)]) @definition.lambda
(macrocall_expression
  (macro_identifier) @_macro
  (macro_argument_list . (string_literal) @name @head)
  (#eq? @_macro "@testset")) @definition.test

(module_definition name: (_) @scope.name) @scope.module
(struct_definition (type_head [(identifier) @scope.name (_ . (identifier) @scope.name)])) @scope.class

(line_comment) @comment
(block_comment) @comment
((string_literal) @comment
  . [(function_definition) (assignment) (macro_definition) (macrocall_expression) (const_statement)])
(macro_identifier) @decorator
