(method_definition . (method_type) . (identifier) @name (compound_statement) @body) @definition.method

(class_implementation . (identifier) @scope.name) @scope.class
