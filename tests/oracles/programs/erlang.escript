#!/usr/bin/env escript
%% Prints path, name, first and last line of each function that Erlang's own scanner sees, and a line for each file.
%% The scanner and not the parser: a form with a macro in it is no form before the preprocessor has run.
-mode(compile).

main(Paths) ->
    ok = io:setopts([{encoding, utf8}]),
    lists:foreach(fun print/1, Paths).

print(Path) ->
    {ok, Bytes} = file:read_file(Path),
    Text = case unicode:characters_to_list(Bytes) of
               List when is_list(List) -> List;
               _ -> binary_to_list(Bytes)
           end,
    case erl_scan:string(Text, 1) of
        {ok, Tokens, _} ->
            io:format("~ts~n", [Path]),
            forms(Path, Tokens);
        _ -> ok
    end.

forms(_, []) -> ok;
forms(Path, Tokens) ->
    {Form, Rest} = lists:splitwith(fun(Token) -> element(1, Token) =/= dot end, Tokens),
    case Rest of
        [{dot, End} | Following] ->
            form(Path, Form, End),
            forms(Path, Following);
        [] -> ok
    end.

form(Path, [{atom, Line, Name}, {'(', _} | _], End) ->
    io:format("~ts\t~ts\t~b\t~b~n", [Path, Name, Line, End]);
form(Path, [{'?', Line}, {Kind, _, Name}, {'(', _} | _], End) when Kind =:= atom; Kind =:= var ->
    io:format("~ts\t?~ts\t~b\t~b~n", [Path, Name, Line, End]);
form(_, _, _) -> ok.
