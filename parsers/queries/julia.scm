(function_definition (signature) @head) @definition.function
