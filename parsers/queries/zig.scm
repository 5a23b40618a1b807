(function_declaration name: (identifier) @name body: (_) @body) @definition.function
; A prototype: its body is in a library.
(function_declaration !body name: (identifier) @name) @declaration.function
(test_declaration [(string) (identifier)] @name (block) @body) @definition.test
(test_declaration "test" @name . (block) @body) @definition.test

(variable_declaration
  . (identifier) @scope.name
  [(struct_declaration) (enum_declaration) (union_declaration) (opaque_declaration)]) @scope.class
; What a function returns: its functions are methods as well.
[(struct_declaration) (enum_declaration) (union_declaration) (opaque_declaration)] @scope.class

(comment) @comment
