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
let%test "works" = true
let[@inline] quick x = x

module Stats = struct
  let total pool = pool.size

  module Deep = struct
    let dive () = ()
  end
end

class counter = object (self)
  val mutable count = 0
  method increment by = count <- count + by
  method private reset = count <- 0
end

external now : unit -> float = "caml_now"

let () = print_endline (describe 1)
