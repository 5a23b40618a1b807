(function_definition declarator: (_) @declarator body: (compound_statement) @body) @definition.function
