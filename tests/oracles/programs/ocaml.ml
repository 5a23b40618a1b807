(* Reads paths from standard input. Prints for each file that parses a form feed and its path, then one function a line:
   name, name line, start line, end line, documentation with line breaks as vertical tabs (- where there is none). *)
open Parsetree

let rec is_function expression =
  match expression.pexp_desc with
  | Pexp_fun _ | Pexp_function _ -> true
  | Pexp_newtype (_, inner) | Pexp_constraint (inner, _) | Pexp_poly (inner, _) -> is_function inner
  | _ -> false

let rec is_arrow core =
  match core.ptyp_desc with
  | Ptyp_arrow _ -> true
  | Ptyp_poly (_, inner) -> is_arrow inner
  | _ -> false

let rec name pattern =
  match pattern.ppat_desc with
  | Ppat_var name -> Some name
  | Ppat_constraint (inner, _) -> name inner
  | _ -> None

let doc attributes =
  let text attribute =
    match attribute.attr_name.txt, attribute.attr_payload with
    | ( "ocaml.doc",
        PStr [ { pstr_desc = Pstr_eval ({ pexp_desc = Pexp_constant (Pconst_string (text, _, _)); _ }, _); _ } ] ) ->
      Some text
    | _ -> None
  in
  match List.filter_map text attributes with
  | [] -> "-"
  | first :: _ -> String.map (fun c -> if c = '\n' then '\011' else c) first

let print (name : string Location.loc) (place : Location.t) doc =
  Printf.printf "%s\t%d\t%d\t%d\t%s\n" name.txt name.loc.loc_start.pos_lnum place.loc_start.pos_lnum
    place.loc_end.pos_lnum doc

let binding _ one =
  match name one.pvb_pat with
  | Some name when is_function one.pvb_expr -> print name one.pvb_loc (doc one.pvb_attributes)
  | _ -> ()

let value _ one =
  if one.pval_prim <> [] || is_arrow one.pval_type then print one.pval_name one.pval_loc (doc one.pval_attributes)

let iterator =
  let open Ast_iterator in
  let with_own own inner self one = own self one; inner self one in
  let class_field self one =
    (match one.pcf_desc with
     | Pcf_method (name, _, _) -> print name one.pcf_loc (doc one.pcf_attributes)
     | _ -> ());
    default_iterator.class_field self one
  in
  let class_type_field self one =
    (match one.pctf_desc with
     | Pctf_method (name, _, _, _) ->
       print { txt = name.txt; loc = name.loc } one.pctf_loc (doc one.pctf_attributes)
     | _ -> ());
    default_iterator.class_type_field self one
  in
  { default_iterator with
    value_binding = with_own binding default_iterator.value_binding;
    value_description = with_own value default_iterator.value_description;
    class_field;
    class_type_field }

let read path =
  let channel = open_in_bin path in
  let lexbuf = Lexing.from_channel channel in
  Location.init lexbuf path;
  Lexer.init ();
  (try
     if Filename.check_suffix path ".mli" then begin
       let tree = Parse.interface lexbuf in
       Printf.printf "\012%s\n" path;
       iterator.signature iterator tree
     end
     else begin
       let tree = Parse.implementation lexbuf in
       Printf.printf "\012%s\n" path;
       iterator.structure iterator tree
     end
   with _ -> ());
  close_in channel

let () = try while true do read (input_line stdin) done with End_of_file -> ()
