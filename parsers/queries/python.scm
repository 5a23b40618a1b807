(function_definition name: (identifier) @name body: (_) @body) @definition.function
(assignment left: (identifier) @name right: (lambda body: (_) @body)) @definition.lambda
(decorated_definition definition: (function_definition name: (identifier) @name)) @wrapper
(function_definition body: (block . (expression_statement . (string) @doc)) @body)
(class_definition name: (identifier) @scope.name) @scope.class
(comment) @comment
(decorator) @decorator
