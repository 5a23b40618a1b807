(method name: (_) @name @head parameters: (_)? @head) @definition.function
(singleton_method object: (_) @qualifier name: (_) @name @head parameters: (_)? @head) @definition.method
(call arguments: (argument_list . (method name: (_) @name) .)) @wrapper
(call arguments: (argument_list . (singleton_method name: (_) @name) .)) @wrapper

(call
  method: (identifier) @_defining
  arguments: (argument_list . [(simple_symbol) (string)] @name .) @head
  block: (_)
  (#any-of? @_defining "define_method" "define_singleton_method")) @definition.method
(assignment left: [(identifier) (constant)] @name right: (lambda body: (_) @body)) @definition.lambda
(assignment
  left: [(identifier) (constant)] @name
  right: (call method: (identifier) @_making block: (_) @body)
  (#any-of? @_making "lambda" "proc")) @definition.lambda

(class name: (_) @scope.name) @scope.class
(module name: (_) @scope.name) @scope.class
(assignment
  left: (constant) @scope.name
  right: (call receiver: (constant) @_base method: (identifier) @_new block: (_))
  (#any-of? @_base "Struct" "Class" "Module" "Data")) @scope.class

(comment) @comment
