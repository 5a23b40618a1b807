(* A pool of connections: the sample for OCaml. *)
open Printf

type pool = { size : int; free : int }

let limit = 10

(** Opens a connection.

    Tries again. *)
let open_connection ?(port = 5432) ~host () : pool option =
  let attempt n = n + 1 in
  let twice = fun n -> n * 2 in
  ignore (attempt (twice port));
  None

(* Even and odd. *)
let rec is_even n = n = 0 || is_odd (n - 1)
and is_odd n = n <> 0 && is_even (n - 1)

let describe = function
  | 0 -> "none"
  | _ -> "some"

let ( +++ ) a b = { a with size = a.size + b.size }
let ( let* ) x f = Option.bind x f
let%test "works" = true
let[@inline] quick x = x
let typed : int -> int = fun n -> n
let wrapped = (fun n -> n)
let (constrained : int -> int) = function n -> n
let polymorphic : type a. a list -> int = fun items -> List.length items
let with_type (type a) (x : a) = x
let%lwt fetched host = Lwt.return host
let annotated x : int = x [@@inline]

let below x = x
(** Documented below. *)

(* No documentation. *)
(** Documented above. *)
let above x = x
(** Not documented by this. *)

let applied = List.map succ
let (pair, _) = ((fun x -> x), 1)
let _ = fun x -> x

module Stats = struct
  let total pool = pool.size

  module Deep = struct
    let dive () = ()
  end
end

module Make (Item : Map.OrderedType) = struct
  let compare_items = fun a b -> Item.compare a b
end

module type CLOSEABLE = sig
  (** Closes it. *)
  val close : pool -> unit

  val size : int
end

module rec First : sig val go : unit -> unit end = struct
  let go () = Second.go ()
end

and Second : sig val go : unit -> unit end = struct
  let go () = ()
end

class counter start = object (self)
  val mutable count = start
  method increment by = count <- count + by
  method private reset = count <- 0
  method! describe : string = "counter"
  initializer self#reset
end

class virtual shape = object
  method virtual area : float
end

let logger = object
  method log text = print_endline text
end

external now : unit -> float = "caml_now"

let () =
  let helper x = describe x in
  print_endline (helper 1)
