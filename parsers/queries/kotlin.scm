(function_declaration (user_type)? @qualifier . name: (_) @name (function_body) @body) @definition.function
(function_declaration name: (_) @name) @declaration.function
(secondary_constructor "constructor" @name (block) @body) @definition.constructor
(secondary_constructor "constructor" @name) @definition.constructor
(anonymous_initializer "init" @name (block) @body) @definition.constructor
(property_declaration
  (variable_declaration . (identifier) @name) @head
  [(getter (function_body)) (setter (function_body))]) @definition.accessor
(property_declaration
  (variable_declaration . (identifier) @name) @head
  [(lambda_literal) (anonymous_function)]) @definition.lambda

(class_declaration name: (_) @scope.name) @scope.class
(object_declaration name: (_) @scope.name) @scope.class
(enum_entry (identifier) @scope.name (class_body)) @scope.class
(companion_object name: (_) @scope.name) @scope.class
(companion_object !name) @scope.class

(line_comment) @comment
(block_comment) @comment
(annotation) @decorator
; How the grammar reads an annotation with arguments above a function of the file, some of the time.
(source_file (annotated_expression) @decorator)
