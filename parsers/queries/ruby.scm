; Calls are matched by their fields, not by their node: the grammar makes `call` in so many ways that each pattern with it
; takes 15 ms to compile. What a wildcard begins must go on with a node, or it is tried at every node of the tree.

(singleton_class value: (_) @qualifier body: (_
  (method name: (_) @name @head parameters: (_)? @head) @definition.method))
(singleton_class value: (_) @qualifier body: (_ (_ arguments: (_ .
  (method name: (_) @name @head parameters: (_)? @head) @definition.method .))))

(method name: (setter) @name @head parameters: (_)? @head) @definition.accessor
(method name: (operator) @name @head parameters: (_)? @head) @definition.operator
(method name: (_) @name @head parameters: (_)? @head) @definition.function
(singleton_method object: (_) @qualifier name: (_) @name @head parameters: (_)? @head) @definition.method
(_ arguments: (argument_list . (_ "def" name: (_) @name) .)) @wrapper

(_
  method: (identifier) @_defining
  arguments: (_ . [(simple_symbol) (delimited_symbol) (string)] @name .) @head
  block: (_ parameters: (_)? @head)
  (#any-of? @_defining "define_method" "define_singleton_method")) @definition.method
(_
  method: (identifier) @_defining
  arguments: (_ . [(simple_symbol) (delimited_symbol) (string)] @name (lambda "->" @head parameters: (_)? @head) .)
  (#any-of? @_defining "define_method" "define_singleton_method")) @definition.method
(_
  method: (identifier) @_defining
  arguments: (_ . (string) @name .) @head
  block: (_)
  (#eq? @_defining "test")) @definition.test

(assignment
  left: (_ !method !object) @name
  right: [
    (lambda "->" @head parameters: (_)? @head)
    (_ !receiver method: (identifier) @_making @head block: (_ parameters: (_)? @head))
    (_ receiver: (constant) @_proc method: (identifier) @_making @head block: (_ parameters: (_)? @head))]
  (#any-of? @_making "lambda" "proc" "new") (#eq? @_proc "Proc")) @definition.lambda
(operator_assignment
  left: (_ !method !object) @name
  right: [
    (lambda "->" @head parameters: (_)? @head)
    (_ !receiver method: (identifier) @_making @head block: (_ parameters: (_)? @head))
    (_ receiver: (constant) @_proc method: (identifier) @_making @head block: (_ parameters: (_)? @head))]
  (#any-of? @_making "lambda" "proc" "new") (#eq? @_proc "Proc")) @definition.lambda
(hash (pair
  key: (_) @name
  value: [
    (lambda "->" @head parameters: (_)? @head)
    (_ !receiver method: (identifier) @_making @head block: (_ parameters: (_)? @head))
    (_ receiver: (constant) @_proc method: (identifier) @_making @head block: (_ parameters: (_)? @head))]
  (#any-of? @_making "lambda" "proc" "new") (#eq? @_proc "Proc")) @definition.lambda)

(class name: (_) @scope.name) @scope.class
(module name: (_) @scope.name) @scope.class
(_
  left: (constant) @scope.name
  right: (_ receiver: (constant) @_base method: (identifier) @_new block: (_))
  (#any-of? @_base "Struct" "Class" "Module" "Data") (#any-of? @_new "new" "define")) @scope.class

(comment) @comment
