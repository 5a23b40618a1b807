(create_function
  (object_reference schema: (_)? @qualifier name: (_) @name)
  (function_body) @body) @definition.function
(create_procedure
  (object_reference schema: (_)? @qualifier name: (_) @name)
  (procedure_body) @body) @definition.function
(create_trigger (keyword_trigger) . (object_reference schema: (_)? @qualifier name: (_) @name)) @definition.function
; What `statements` makes of a function.
(create_view
  (object_reference schema: (_)? @qualifier name: (_) @name)
  (create_query
    (select
      (select_expression
        (term value: (parenthesized_expression (parenthesized_expression (literal))) @body))))) @definition.function

(comment) @comment
(marginalia) @comment
