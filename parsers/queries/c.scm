; What C, C++ and Objective-C have in common. The name is found by descending @declarator.

(preproc_function_def name: (identifier) @name value: (_) @body) @definition.macro

(comment) @comment
