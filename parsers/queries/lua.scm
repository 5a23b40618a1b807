(function_declaration name: (identifier) @name parameters: (_) @head) @definition.function
(function_declaration
  name: (dot_index_expression table: (_) @qualifier field: (_) @name)
  parameters: (_) @head) @definition.function
(function_declaration
  name: (method_index_expression table: (_) @qualifier method: (_) @name)
  parameters: (_) @head) @definition.method

(assignment_statement
  (variable_list . name: [
    (identifier) @name
    (dot_index_expression table: (_) @qualifier field: (_) @name)
    (bracket_index_expression table: (_) @qualifier field: [
      (identifier) @name
      (string) @name
      (dot_index_expression field: (_) @name)])])
  (expression_list . value: (function_definition parameters: (_) @head))) @definition.lambda
(assignment_statement
  (variable_list . name: (_) . name: [
    (identifier) @name
    (dot_index_expression table: (_) @qualifier field: (_) @name)])
  (expression_list . value: (_) . value: (function_definition parameters: (_) @head))) @definition.lambda
(assignment_statement
  (variable_list . name: (_) . name: (_) . name: [
    (identifier) @name
    (dot_index_expression table: (_) @qualifier field: (_) @name)])
  (expression_list . value: (_) . value: (_) . value: (function_definition parameters: (_) @head))) @definition.lambda
(variable_declaration (assignment_statement
  (variable_list name: (identifier) @name)
  (expression_list value: (function_definition)))) @wrapper
(field
  name: [(identifier) @name (string) @name (dot_index_expression field: (_) @name)]
  value: (function_definition parameters: (_) @head)) @definition.lambda

(assignment_statement
  (variable_list . name: (_) @scope.name .)
  (expression_list . value: (table_constructor) .)) @scope.object
(assignment_statement
  (variable_list . name: (_) @scope.name .)
  (expression_list . value: (function_call arguments: (arguments . (table_constructor))) .)) @scope.object
(field name: (_) @scope.name value: (table_constructor)) @scope.object

(comment) @comment
