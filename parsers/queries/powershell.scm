(function_statement (function_name) @name @head (script_block) @body) @definition.function
(function_statement (function_name) @name (function_parameter_declaration) @head (script_block) @body)
  @definition.function
(function_statement (function_name) @name (script_block (param_block) @head) @body) @definition.function
; The grammar takes parameters in the first line of a block for an error.
(function_statement (function_name) @name (ERROR (param_block) @head) (script_block) @body) @definition.function
(class_method_definition (simple_name) @name (script_block) @body) @definition.method
; An empty body is none.
(function_statement (function_name) @name @head) @definition.function
(class_method_definition (simple_name) @name) @definition.method
; An expression is a chain of eleven nodes, one for each precedence.
(assignment_expression
  (left_assignment_expression) @name @head
  value: (pipeline
    . (_ . (_ . (_ . (_ . (_ . (_ . (_ . (_ . (_ . (_ . (script_block_expression) @body .) .) .) .) .) .) .) .) .) .)
    .)) @definition.lambda
(hash_entry
  (key_expression) @name @head
  (pipeline
    . (_ . (_ . (_ . (_ . (_ . (_ . (_ . (_ . (_ . (_ . (script_block_expression) @body .) .) .) .) .) .) .) .) .) .)
    .)) @definition.lambda
; Pester.
(command
  command_name: (_) @_defining
  command_elements: (_ . (_) . (_) @name @head (_ (_ (script_block_expression) @body)) .)
  (#any-of? @_defining "It" "it")) @definition.test
; Help stands above a function or first in it.
(function_statement (comment) @doc (script_block) @body)
(function_statement (script_block . (comment) @doc) @body)

(class_statement . (simple_name) @scope.name) @scope.class
(command
  command_name: (_) @_defining
  command_elements: (_ . (_) . (_) @scope.name (_ (_ (script_block_expression))))
  (#any-of? @_defining "Describe" "describe" "Context" "context")) @scope.module

(comment) @comment
