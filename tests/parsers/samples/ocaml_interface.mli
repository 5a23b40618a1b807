(* A pool of connections: the sample for OCaml's interfaces. *)

type pool

val limit : int

(** Opens a connection. *)
val open_connection : ?port:int -> host:string -> unit -> pool option

val close : pool -> unit
(** Closes it.

    Once. *)

val ( +++ ) : pool -> pool -> pool
val length : 'a. 'a list -> int
val size : pool -> int [@@deprecated "use length"]
external now : unit -> float = "caml_now"

module Stats : sig
  val total : pool -> int (** All of them. *)
end

module type S = sig
  val free : pool -> bool
end

class counter : int -> object
  method increment : int -> unit
end
