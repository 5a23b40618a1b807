; A definition is known by its name, as the parts after it may be many: the name counts as the body that the clauses
; and the documentation belong to.
(list_lit
  . value: (sym_lit name: (sym_name) @_definer)
  . value: (sym_lit name: (sym_name) @name) @head @body
  (#any-of? @_definer "defn" "defn-" "defmulti")) @definition.function

(list_lit
  . value: (sym_lit name: (sym_name) @_definer)
  . value: (sym_lit name: (sym_name) @name) @head @body
  (#eq? @_definer "defmacro")) @definition.macro

(list_lit
  . value: (sym_lit name: (sym_name) @_definer)
  . value: (sym_lit name: (sym_name) @name) @head @body
  (#any-of? @_definer "deftest" "defspec")) @definition.test

(list_lit
  . value: (sym_lit name: (sym_name) @_definer)
  . value: (sym_lit name: (sym_name) @name) @body
  . value: (_) @head
  (#eq? @_definer "defmethod")) @definition.method

; The signature goes on to the parameters, or to those of the first clause.
(list_lit
  . value: (sym_lit name: (sym_name) @_definer)
  . value: (sym_lit name: (sym_name) @name) @body
  . value: (str_lit)?
  . value: (map_lit)?
  . value: [(vec_lit) @head (list_lit . value: (vec_lit) @head)]
  (#any-of? @_definer "defn" "defn-" "defmacro")) @definition.function

(list_lit
  . value: (sym_lit name: (sym_name) @_definer)
  . value: (sym_lit) @body
  . value: (str_lit) @doc
  (#any-of? @_definer "defn" "defn-" "defmacro" "defmulti" "def" "defonce"))

(list_lit
  . value: (sym_lit name: (sym_name) @_definer)
  . value: (sym_lit)
  . value: (str_lit) @comment
  (#any-of? @_definer "defn" "defn-" "defmacro" "defmulti" "def" "defonce"))

(list_lit
  . value: (sym_lit name: (sym_name) @_def)
  . value: (sym_lit name: (sym_name) @name) @head @body
  value: [(anon_fn_lit) (list_lit . value: (sym_lit name: (sym_name) @_fn))] .
  (#any-of? @_def "def" "defonce")
  (#eq? @_fn "fn")) @definition.lambda

(list_lit
  . value: (sym_lit name: (sym_name) @_let)
  . value: (vec_lit
    value: (sym_lit name: (sym_name) @name) @definition.lambda
    . value: (list_lit . value: (sym_lit name: (sym_name) @_fn) . value: (_) @head) @body)
  (#any-of? @_let "let" "let*" "loop" "binding" "with-redefs")
  (#eq? @_fn "fn"))

(list_lit
  . value: (sym_lit name: (sym_name) @_let)
  . value: (vec_lit value: (sym_lit name: (sym_name) @name) @head @definition.lambda . value: (anon_fn_lit) @body)
  (#any-of? @_let "let" "let*" "loop" "binding" "with-redefs"))

(list_lit
  . value: (sym_lit name: (sym_name) @_letfn)
  . value: (vec_lit
    value: (list_lit . value: (sym_lit name: (sym_name) @name) @body . value: (_) @head) @definition.function)
  (#eq? @_letfn "letfn"))

(list_lit
  . value: (sym_lit name: (sym_name) @_protocol)
  value: (list_lit . value: (sym_lit name: (sym_name) @name) @body . value: (vec_lit) @head) @declaration.method
  (#any-of? @_protocol "defprotocol" "definterface"))

(list_lit
  . value: (sym_lit name: (sym_name) @_protocol)
  value: (list_lit . value: (sym_lit) @body . value: (vec_lit) value: (str_lit) @doc .)
  (#any-of? @_protocol "defprotocol" "definterface"))

(list_lit
  . value: (sym_lit name: (sym_name) @_type)
  value: (list_lit . value: (sym_lit name: (sym_name) @name) @body . value: (vec_lit) @head) @definition.method
  (#any-of? @_type "defrecord" "deftype" "extend-type" "extend-protocol" "reify" "proxy"))

(list_lit
  . value: (sym_lit name: (sym_name) @_type)
  . value: (sym_lit name: (sym_name) @scope.name)
  (#any-of? @_type "defprotocol" "definterface" "defrecord" "deftype" "extend-type" "extend-protocol")) @scope.class

; As a scope that goes on to the next one it would end at the first type.
(source
  (list_lit
    . value: (sym_lit name: (sym_name) @_ns)
    . value: (sym_lit name: (sym_name) @scope.name))
  (#eq? @_ns "ns")) @scope.namespace

; `(:require [clojure.test :refer (deftest is)])` tests nothing.
(dis_expr) @discarded
(list_lit . value: (sym_lit name: (sym_name) @_ns) (#eq? @_ns "ns")) @discarded

(comment) @comment
