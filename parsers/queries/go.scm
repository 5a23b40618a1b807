(function_declaration name: (identifier) @name body: (_) @body) @definition.function
(function_declaration name: (identifier) @name !body) @declaration.function

(method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @qualifier
    (generic_type type: (_) @qualifier)
    (pointer_type [(type_identifier) @qualifier (generic_type type: (_) @qualifier)])
    (parenthesized_type (_) @qualifier)]))
  name: (field_identifier) @name
  body: (_) @body) @definition.method
(method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @qualifier
    (generic_type type: (_) @qualifier)
    (pointer_type [(type_identifier) @qualifier (generic_type type: (_) @qualifier)])
    (parenthesized_type (_) @qualifier)]))
  name: (field_identifier) @name
  !body) @declaration.method

(var_spec name: (identifier) @name value: (expression_list . (func_literal body: (_) @body))) @definition.lambda
(var_declaration . (var_spec . name: (identifier) @name value: (expression_list . (func_literal) .)) .) @wrapper
(short_var_declaration
  left: (expression_list . (identifier) @name)
  right: (expression_list . (func_literal body: (_) @body))) @definition.lambda
(assignment_statement
  left: (expression_list . [
    (identifier) @name
    (selector_expression operand: (_) @qualifier field: (_) @name)
    (index_expression operand: (_) @qualifier index: (interpreted_string_literal) @name)])
  right: (expression_list . (func_literal body: (_) @body))) @definition.lambda
(keyed_element
  (literal_element [(identifier) (interpreted_string_literal)] @name)
  (literal_element (func_literal body: (_) @body))) @definition.lambda

(interface_type (method_elem name: (_) @name) @declaration.method)
(type_spec name: (type_identifier) @scope.name type: (interface_type)) @scope.class

(comment) @comment
