(function_declaration
  (modifiers (function_modifier "operator"))
  (user_type)? @qualifier
  . name: (_) @name
  (function_body) @body) @definition.operator
(function_declaration
  [(user_type) @qualifier (nullable_type (user_type) @qualifier)]? . name: (_) @name (function_body) @body) @definition.function
(function_declaration
  [(user_type) @qualifier (nullable_type (user_type) @qualifier)]? . name: (_) @name) @declaration.function
(secondary_constructor "constructor" @name (block) @body) @definition.constructor
(secondary_constructor "constructor" @name) @definition.constructor
(anonymous_initializer "init" @name (block) @body) @definition.constructor
(property_declaration
  (user_type)? @qualifier
  . (variable_declaration . (identifier) @name) @head
  [(getter (function_body)) (setter (function_body))]) @definition.accessor
(property_declaration
  (variable_declaration . (identifier) @name) @head
  [(lambda_literal) (anonymous_function)]) @definition.lambda
(assignment . (identifier) @name . "=" . [(lambda_literal) (anonymous_function)] @body) @definition.lambda
(assignment
  . (navigation_expression (identifier) @name .)
  . "="
  . [(lambda_literal) (anonymous_function)] @body) @definition.lambda

(class_declaration name: (_) @scope.name) @scope.class
(object_declaration name: (_) @scope.name) @scope.class
(enum_entry (identifier) @scope.name (class_body)) @scope.class
(companion_object name: (_) @scope.name) @scope.class
(companion_object !name) @scope.class
; And an object below such an annotation.
((infix_expression
  (identifier)
  . (identifier) @_keyword
  . (call_expression (identifier) @scope.name (annotated_lambda))) @scope.class
  (#any-of? @_keyword "object" "class" "interface"))

(line_comment) @comment
(block_comment) @comment
(annotation) @decorator
; How the grammar reads an annotation with arguments above a function, some of the time.
(annotated_expression (annotation) (parenthesized_expression)) @decorator
(annotated_expression (annotation) (annotated_expression (annotation) (parenthesized_expression))) @decorator
