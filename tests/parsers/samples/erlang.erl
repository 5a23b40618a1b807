%% A pool.
-module(pool).
-export([get/2, loop/1, loop/2]).
-include("pool.hrl").
-define(LIMIT, 10).
-define(IS_SMALL(N), (N < ?LIMIT)).

-record(state, {items = [] :: list()}).

%% Start it.
-callback init(Args :: term()) -> {ok, State :: term()}.

%% @doc Get an item.
%% Waits until there is one.
-spec get(pid(), timeout()) ->
    {ok, term()} | {error, timeout}.
get(Pool, 0) ->
    get(Pool, infinity);
% Any other time.
get(Pool, Timeout) when is_integer(Timeout), Timeout > 0 ->
    Pool ! {get, self()},
    receive
        {item, Item} -> {ok, Item}
    after Timeout ->
        {error, timeout}
    end;

get(_, infinity) -> {error, timeout}.

-doc "Go on for ever.".
-doc #{since => "1.0"}.
loop(State) ->
    Next = fun(#state{items = []}) -> stop;
              (Other) -> Other
           end,
    Walk = fun Inner(N) when ?IS_SMALL(N) -> Inner(N + 1); Inner(N) -> N end,
    lists:map(fun(X) -> X end, [Next(State), Walk(0)]).
loop(State, 0) -> State;
loop(State, N) -> loop(loop(State), N - 1).

-doc """
In a longer text.
""".
'quoted name'() -> ok.

?LIMIT() -> ok.

-ifdef(TEST).
get_test() ->
    {ok, 1} = get(self(), 1).
many_test_() -> [fun get_test/0].
-endif.
