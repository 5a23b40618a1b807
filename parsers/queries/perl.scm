(subroutine_declaration_statement
  name: (bareword) @name
  body: (_) @body
  (#any-of? @name "DESTROY" "DEMOLISH")) @definition.destructor
(subroutine_declaration_statement name: (_) @name body: (_) @body) @definition.function
(method_declaration_statement name: (_) @name body: (_) @body) @definition.method
(assignment_expression
  left: (_ key: [(autoquoted_bareword) (string_literal)] @name)
  right: (anonymous_subroutine_expression body: (_) @body)) @definition.lambda
(assignment_expression
  left: [(_ (varname) @name) (_ (_ (varname) @name))]
  right: (anonymous_subroutine_expression body: (_) @body)) @definition.lambda
; `subtest 'name' => sub {…}`
(_
  function: (function) @_defining
  arguments: (_ . [(string_literal) (interpolated_string_literal)] @name
    . (anonymous_subroutine_expression body: (_) @body))
  (#eq? @_defining "subtest")) @definition.test
; `name => sub {…}`
(list_expression
  [(autoquoted_bareword) (string_literal)] @name @definition.lambda
  . "=>"
  . (anonymous_subroutine_expression body: (_) @body))

(package_statement name: (_) @scope.name ";") @scope.rest
(package_statement name: (_) @scope.name (block)) @scope.root
(class_statement name: (_) @scope.name ";") @scope.rest
(class_statement name: (_) @scope.name (block)) @scope.root
(class_statement (block) @scope.class)

(comment) @comment
(pod) @comment
