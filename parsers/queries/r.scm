(binary_operator
  lhs: [(identifier) (string)] @name
  operator: ["<-" "=" "<<-" ":="]
  rhs: (function_definition body: (_) @body)) @definition.function

; `pool$get <- function(…)`
(binary_operator
  lhs: (extract_operator lhs: (identifier) @qualifier rhs: [(identifier) (string)] @name)
  operator: ["<-" "=" "<<-"]
  rhs: (function_definition body: (_) @body)) @definition.method

; `pool[["get"]] <- function(…)`
(binary_operator
  lhs: (subset2 function: (identifier) @qualifier arguments: (arguments . (argument value: (string) @name) .))
  operator: ["<-" "=" "<<-"]
  rhs: (function_definition body: (_) @body)) @definition.method

(binary_operator
  lhs: (identifier) @name
  operator: ["<-" "=" "<<-"]
  rhs: (call
    function: [(identifier) @_wrapper (namespace_operator rhs: (identifier) @_wrapper)]
    arguments: (arguments . (argument value: (function_definition body: (_) @body))))
  (#any-of? @_wrapper "memoise" "Vectorize" "cmpfun" "Negate")) @definition.lambda

; Tables of functions, and the methods of R6 and reference classes, which are tables in the call that makes the class.
(call
  function: [(identifier) @_table (extract_operator rhs: (identifier) @_table)]
  arguments: (arguments
    (argument name: (_) @name value: (function_definition body: (_) @body)) @definition.function)
  (#any-of? @_table "list" "methods" "modifyList"))

(call
  function: (identifier) @_setter
  arguments: (arguments
    . (argument value: (string) @name)
    . (comma)
    . (argument value: (string) @qualifier)
    (argument value: (function_definition body: (_) @body)))
  (#any-of? @_setter "setMethod" "setReplaceMethod")) @definition.method

(call
  function: (identifier) @_setter
  arguments: (arguments
    . (argument value: (string) @name)
    (argument value: (function_definition body: (_) @body)))
  (#any-of? @_setter "setMethod" "setReplaceMethod")) @definition.method

(call
  function: (identifier) @_setter
  arguments: (arguments
    . (argument value: (string) @name)
    (argument value: (function_definition body: (_) @body)))
  (#any-of? @_setter "setGeneric" "assign")) @definition.function

(call
  function: (identifier) @_test
  arguments: (arguments . (argument value: (string) @name) . (comma) . (argument value: (braced_expression) @body))
  (#any-of? @_test "test_that" "it")) @definition.test

(binary_operator
  lhs: (identifier) @scope.name
  rhs: (call function: [(identifier) @_class (namespace_operator rhs: (identifier) @_class)])
  (#any-of? @_class "R6Class" "setRefClass")) @scope.class

(call
  function: (extract_operator lhs: (identifier) @scope.name rhs: (identifier) @_methods)
  (#eq? @_methods "methods")) @scope.class

(binary_operator
  lhs: (identifier) @scope.name
  rhs: (call function: (identifier) @_table)
  (#eq? @_table "list")) @scope.table

(comment) @comment
