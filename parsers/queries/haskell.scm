(function name: (_) @name match: (_) @body) @definition.function
(function (infix operator: (_) @name) match: (_) @body) @definition.function
(bind name: (_) @name match: (match expression: [(lambda) (lambda_case)]) @body) @definition.function
; Without parameters, but of a function type.
((signature type: (function)) . (bind name: (_) @name match: (_) @body) @definition.function)
((signature type: (context type: (function))) . (bind name: (_) @name match: (_) @body) @definition.function)
(class_declarations (signature name: (variable) @name) @definition.declaration)

(class name: (_) @scope.name) @scope.class
(instance name: (_) @scope.name) @scope.class

(signature) @signature
(haddock) @comment
(comment) @comment
(pragma) @decorator
