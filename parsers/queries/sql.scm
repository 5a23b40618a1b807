(create_function
  (object_reference schema: (_)? @qualifier name: (_) @name)
  (function_body) @body) @definition.function
(create_procedure
  (object_reference schema: (_)? @qualifier name: (_) @name)
  (procedure_body) @body) @definition.function
(create_trigger (keyword_trigger) . (object_reference schema: (_)? @qualifier name: (_) @name)) @definition.function

(comment) @comment
(marginalia) @comment
