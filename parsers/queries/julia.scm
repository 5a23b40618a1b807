; A name may stand under a return type and type parameters.
(function_definition
  (signature [
    (identifier) @name
    (call_expression . (_) @name)
    (typed_expression (call_expression . (_) @name))
    (where_expression (call_expression . (_) @name))
    (where_expression (where_expression (call_expression . (_) @name)))
    (where_expression (typed_expression (call_expression . (_) @name)))]) @head) @definition.function
(macro_definition (signature (call_expression . (_) @name)) @head) @definition.macro
(assignment . [
    (call_expression . (_) @name)
    (typed_expression (call_expression . (_) @name))
    (where_expression (call_expression . (_) @name))
    (where_expression (typed_expression (call_expression . (_) @name)))] @head) @definition.function
(assignment . (identifier) @name @head (operator) [
  (arrow_function_expression)
  (function_definition)]) @definition.lambda

(module_definition name: (_) @scope.name) @scope.module

(line_comment) @comment
(block_comment) @comment
(source_file (string_literal) @comment)
(module_definition (string_literal) @comment)
