(function_item name: (_) @name body: (_) @body) @definition.function
(trait_item body: (declaration_list (function_signature_item name: (identifier) @name) @declaration.method))
(macro_definition name: (identifier) @name . (macro_rule) @body) @definition.macro
(let_declaration pattern: (identifier) @name value: (closure_expression body: (_) @body)) @definition.lambda

(impl_item type: (_) @scope.name) @scope.class
(trait_item name: (_) @scope.name) @scope.class
(mod_item name: (_) @scope.name body: (_)) @scope.module

(line_comment) @comment
(block_comment) @comment
(attribute_item) @decorator
