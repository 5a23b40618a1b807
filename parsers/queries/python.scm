(decorated_definition
  (decorator [(identifier) @_accessing (attribute attribute: (_) @_accessing)])
  . definition: (function_definition name: (identifier) @name body: (_) @body)
  (#any-of? @_accessing "property" "cached_property" "getter" "setter" "deleter")) @definition.accessor
(function_definition name: (identifier) @name body: (_) @body) @definition.function
(assignment
  left: [(identifier) @name (attribute object: (_) @qualifier attribute: (_) @name)]
  right: [(lambda body: (_) @body) (parenthesized_expression (lambda body: (_) @body))]) @definition.lambda
(named_expression name: (_) @name value: (lambda body: (_) @body)) @definition.lambda
(pair key: (string) @name value: (lambda body: (_) @body)) @definition.lambda
(decorated_definition definition: (function_definition name: (identifier) @name)) @wrapper
(function_definition body: (block . (expression_statement . (string) @doc)) @body)
(class_definition name: (identifier) @scope.name) @scope.class
(comment) @comment
(decorator) @decorator
