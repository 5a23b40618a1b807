(fun_decl clause: (function_clause name: (_) @name body: (clause_body) @body)) @definition.function

(match_expr
  lhs: (var) @name
  rhs: (anonymous_fun . clauses: (fun_clause body: (clause_body) @body))) @definition.lambda

(pp_define lhs: (macro_lhs name: (_) @name args: (var_args)) @head replacement: (_) @body) @definition.macro

(callback fun: (_) @name) @declaration.function

(module_attribute name: (_) @scope.name) @scope.rest

(spec) @signature

(comment) @comment

(wild_attribute name: (attr_name name: (atom) @_name) (#eq? @_name "doc")) @comment
