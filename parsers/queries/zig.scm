(function_declaration name: (identifier) @name body: (_) @body) @definition.function
(test_declaration [(string) (identifier)] @name (block) @body) @definition.test

(variable_declaration
  . (identifier) @scope.name
  [(struct_declaration) (enum_declaration) (union_declaration) (opaque_declaration)]) @scope.class

(comment) @comment
