; Wildcards where the fields say enough: with the names of all nodes, compiling takes three times as long.
; A protocol's heads.
(call
  target: (identifier) @_protocol
  (_ (_ target: (identifier) @_defining (arguments . (_ target: (identifier) @name) @head)) @declaration.function)
  (#eq? @_protocol "defprotocol")
  (#eq? @_defining "def"))
; `f`, `f(x)` and `f(x) when g(x)`.
(call
  target: (identifier) @_defining
  (arguments . [
    (identifier) @name
    (_ target: (identifier) @name)
    (_ left: (_ target: (identifier) @name) operator: "when")] @head)
  (#any-of? @_defining "def" "defp" "defdelegate" "defn" "defnp")) @definition.function
(call
  target: (identifier) @_defining
  (arguments . [
    (identifier) @name
    (_ target: (identifier) @name)
    (_ left: (_ target: (identifier) @name) operator: "when")] @head)
  (#any-of? @_defining "defmacro" "defmacrop" "defguard" "defguardp")) @definition.macro
(call
  target: (identifier) @_defining
  (arguments . (_ operator: _ @name) @head)
  (#any-of? @_defining "def" "defp" "defmacro" "defmacrop")
  (#not-eq? @name "when")) @definition.operator
(call
  target: (identifier) @_defining
  (arguments . (_ left: (_ operator: _ @name) operator: "when") @head)
  (#any-of? @_defining "def" "defp" "defmacro" "defmacrop")) @definition.operator
(call
  target: (identifier) @_defining
  (arguments . (string) @name) @head
  (do_block)
  (#any-of? @_defining "test" "property")) @definition.test
(_ left: (identifier) @name operator: "=" right: (anonymous_function) @body) @definition.lambda
(_ left: (identifier) @name operator: "=" right: (_ operator: "&") @body) @definition.lambda
(unary_operator
  operand: (_ target: (identifier) @_attribute (_ . [
    (_ left: (_ target: (identifier) @name))
    (_ left: (_ left: (_ target: (identifier) @name)))]))
  (#any-of? @_attribute "callback" "macrocallback")) @declaration.function

(call
  target: (identifier) @_defining
  (arguments . (_) @scope.name)
  (do_block)
  (#any-of? @_defining "defmodule" "defprotocol" "describe")) @scope.module
(call
  target: (identifier) @_defining
  (arguments . (_) @scope.name (_ (_ key: (keyword) @_for value: (_) @scope.name))?)
  (do_block)
  (#eq? @_defining "defimpl")) @scope.module

(comment) @comment
(unary_operator operand: (_ target: (identifier) @_attribute) (#eq? @_attribute "doc")) @comment
(unary_operator
  operand: (_ target: (identifier) @_attribute)
  (#any-of? @_attribute "spec" "impl" "deprecated" "since" "dialyzer")) @decorator
