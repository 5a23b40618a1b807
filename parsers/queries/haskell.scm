; A function has a match for each of its guards; the head ends before the first.
(function name: (_) @name @head) @definition.function
(function name: (_) @name patterns: (_) @head) @definition.function
(function (infix operator: (_) @name) @head) @definition.function
(bind name: (_) @name @head match: (match expression: [(lambda) (lambda_case) (do)])) @definition.function
; Without parameters, but of a function type.
((signature type: (function)) . (bind name: (_) @name @head) @definition.function)
((signature type: (context type: (function))) . (bind name: (_) @name @head) @definition.function)
(class_declarations (signature name: (variable) @name) @declaration.method)

(class name: (_) @scope.name) @scope.class
(instance name: (_) @scope.name) @scope.class

(signature) @signature
(haddock) @comment
(comment) @comment
(pragma) @decorator
