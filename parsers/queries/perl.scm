(subroutine_declaration_statement name: (_) @name body: (_) @body) @definition.function
(method_declaration_statement name: (_) @name body: (_) @body) @definition.method
(assignment_expression
  left: [(variable_declaration variable: (scalar (varname) @name)) (scalar (varname) @name) (glob (varname) @name)]
  right: (anonymous_subroutine_expression body: (_) @body)) @definition.lambda

(package_statement name: (_) @scope.name .) @scope.rest
(package_statement name: (_) @scope.name (block)) @scope.root

(comment) @comment
(pod) @comment
