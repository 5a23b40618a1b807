(function_item name: (_) @name body: (_) @body) @definition.function
(trait_item body: (declaration_list (function_signature_item name: (identifier) @name) @declaration.method))
(foreign_mod_item body: (declaration_list (function_signature_item name: (identifier) @name) @declaration.function))
(macro_definition name: (_) @name @head) @definition.macro
(let_declaration pattern: (identifier) @name value: (closure_expression body: (_) @body)) @definition.lambda
(const_item name: (identifier) @name value: (closure_expression body: (_) @body)) @definition.lambda
(static_item name: (identifier) @name value: (closure_expression body: (_) @body)) @definition.lambda
(field_initializer field: (_) @name value: (closure_expression body: (_) @body)) @definition.lambda

(impl_item type: [
  (type_identifier) (generic_type) (scoped_type_identifier) (primitive_type) (tuple_type) (array_type)
  (function_type) (unit_type) (macro_invocation)] @scope.name) @scope.class
(impl_item type: (reference_type type: (_) @scope.name)) @scope.class
(impl_item type: (pointer_type type: (_) @scope.name)) @scope.class
(impl_item type: (dynamic_type trait: (_) @scope.name)) @scope.class
(trait_item name: (_) @scope.name) @scope.class
(mod_item name: (_) @scope.name body: (_)) @scope.module

(line_comment !inner) @comment
(block_comment !inner) @comment
(attribute_item) @decorator
