; Before the others, so that what an interface only declares is no definition.
(interface (function (function_statement name: (name) @name) @head) @declaration.function)
(interface (subroutine (subroutine_statement name: (name) @name) @head) @declaration.function)

(function (function_statement name: (name) @name) @head) @definition.function
(subroutine (subroutine_statement name: (name) @name) @head) @definition.function
(module_procedure (module_procedure_statement name: (name) @name) @head) @definition.function

(module (module_statement (name) @scope.name)) @scope.module
(submodule (submodule_statement (name) @scope.name)) @scope.module
(program (program_statement (name) @scope.name)) @scope.program

(comment) @comment
