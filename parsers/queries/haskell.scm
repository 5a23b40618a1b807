; A function has a match for each of its guards; the head ends before the first. Wildcards where the fields say enough:
; with the names of all nodes, compiling takes three times as long.
(function name: (_) @name @head) @definition.function
(function name: (_) @name patterns: (_) @head) @definition.function
(function (_ operator: (_) @name) @head) @definition.function
(function parens: (_ (_ operator: (_) @name)) @head) @definition.function
; Without parameters, but a function all the same.
(bind name: (_) @name @head match: (_ expression: [(lambda) (lambda_case) (do)])) @definition.function
(bind name: (_) @name @head
  match: (_ expression: (_ operator: (operator) @_composed))
  (#any-of? @_composed "." ">=>" "<=<")) @definition.function
((signature type: [(function) (_ type: (function)) (_ type: (_ type: (function)))])
  . [(haddock) (pragma)]* . (bind name: (_) @name @head) @definition.function)
(_ declaration: (bind name: (_) @name @head) @definition.function)
(class_declarations (signature name: (_) @name) @declaration.function)
(class_declarations (signature names: (_ (_) @name)) @declaration.function)
(foreign_import (signature name: (_) @name)) @declaration.function

(class name: (_) @scope.name) @scope.class
(instance name: (_) @scope.name patterns: (_ . (name) @scope.name)?) @scope.class

(signature) @signature
[(haddock) (comment)] @comment
(pragma) @decorator
