(function_statement (function_name) @name @head) @definition.function
(class_method_definition (simple_name) @name @head (class_method_parameter_list)? @head) @definition.method

(class_statement . (simple_name) @scope.name) @scope.class

(comment) @comment
