(call
  target: (identifier) @_defining
  (arguments . [
    (identifier) @name @head
    (call target: (identifier) @name) @head
    (binary_operator left: [(call target: (identifier) @name) (identifier) @name] operator: "when") @head
    (binary_operator
      left: (_)
      operator: ["+" "-" "*" "/" "++" "--" "<>" "==" "!=" "<" ">" "|>" "<|>" "~>" "<~" "&&&" "|||"] @name
      right: (_)) @head])
  (#any-of? @_defining "def" "defp" "defdelegate" "defn" "defnp")) @definition.function
(call
  target: (identifier) @_defining
  (arguments . [
    (identifier) @name @head
    (call target: (identifier) @name) @head
    (binary_operator left: [(call target: (identifier) @name) (identifier) @name] operator: "when") @head])
  (#any-of? @_defining "defmacro" "defmacrop" "defguard" "defguardp")) @definition.macro
(call
  target: (identifier) @_defining
  (arguments . (string) @name) @head
  (do_block)
  (#any-of? @_defining "test" "property")) @definition.test
(binary_operator left: (identifier) @name operator: "=" right: (anonymous_function) @body) @definition.lambda

(call
  target: (identifier) @_defining
  (arguments . (_) @scope.name)
  (do_block)
  (#any-of? @_defining "defmodule" "defprotocol" "defimpl")) @scope.module

(comment) @comment
(unary_operator operand: (call target: (identifier) @_attribute) (#eq? @_attribute "doc")) @comment
(unary_operator
  operand: (call target: (identifier) @_attribute)
  (#any-of? @_attribute "spec" "impl" "deprecated" "since" "dialyzer")) @decorator
