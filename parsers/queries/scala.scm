(function_definition name: (_) @name body: (_) @body) @definition.function
(function_declaration name: (_) @name) @declaration.function
(val_definition pattern: (identifier) @name value: (lambda_expression parameters: (_) @head)) @definition.lambda

(class_definition name: (_) @scope.name) @scope.class
(object_definition name: (_) @scope.name) @scope.class
(trait_definition name: (_) @scope.name) @scope.class
(enum_definition name: (_) @scope.name) @scope.class
(given_definition name: (_) @scope.name) @scope.class
(package_object name: (_) @scope.name) @scope.class
(extension_definition parameters: (parameters (parameter type: (_) @scope.name))) @scope.class

(comment) @comment
(block_comment) @comment
(annotation) @decorator
