(function_def (function_command (argument_list . (argument) @name)) (body) @body) @definition.function

(macro_def (macro_command (argument_list . (argument) @name)) (body) @body) @definition.macro

[(line_comment) (bracket_comment)] @comment
