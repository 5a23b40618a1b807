(method_definition) @definition.method @declarator
(method_declaration) @declaration.method @declarator
(declaration declarator: [(function_declarator) (pointer_declarator)] @declarator) @declaration.function

(init_declarator
  declarator: (function_declarator
    declarator: (parenthesized_declarator (block_pointer_declarator declarator: (identifier) @name)))
  value: (block_literal (compound_statement) @body)) @definition.lambda

(class_implementation . (identifier) @scope.name) @scope.class
(class_interface . (identifier) @scope.name) @scope.class
(protocol_declaration . (identifier) @scope.name) @scope.class
