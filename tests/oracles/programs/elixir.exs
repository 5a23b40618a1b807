# Reads paths from standard input. Prints for each file that parses a form feed and its path, then one function a line:
# name, name line, start line, end line (- where it is not told), documentation in Base64 (- where there is none).
defmodule Functions do
  @defining [:def, :defp, :defmacro, :defmacrop, :defguard, :defguardp, :defdelegate]
  @leading [:spec, :impl, :deprecated, :since, :dialyzer]

  def print(path) do
    options = [columns: true, token_metadata: true, unescape: false]

    with {:ok, source} <- File.read(path), {:ok, tree} <- Code.string_to_quoted(source, options) do
      IO.puts("\f#{path}")
      tree |> blocks() |> Enum.each(&print_block/1)
    end
  end

  # The statements of every block, in which the clauses of one function stand together.
  defp blocks(tree) do
    {_, found} =
      Macro.prewalk(tree, [], fn
        {:__block__, _, statements} = node, found -> {node, [statements | found]}
        {key, {:__block__, _, _}} = node, found when key in [:do, :else] -> {node, found}
        {key, body} = node, found when key in [:do, :else] -> {node, [[body] | found]}
        {:->, _, [_, {:__block__, _, _}]} = node, found -> {node, found}
        {:->, _, [_, body]} = node, found -> {node, [[body] | found]}
        node, found -> {node, found}
      end)

    found
  end

  defp print_block(statements) do
    Enum.reduce(statements, {[], nil, nil}, fn statement, {leading, last, doc} ->
      case statement do
        {:@, meta, [{:doc, _, [text]}]} -> {[{:doc, meta[:line]} | leading], last, text(text, doc)}
        {:@, meta, [{name, _, [_]}]} when name in @leading -> {[{name, meta[:line]} | leading], last, doc}
        {kind, meta, [head | rest]} when kind in @defining -> {[], defined(head, meta, rest, last, leading, doc), nil}
        _ -> {[], put(last), nil}
      end
    end)
    |> elem(1)
    |> put()
  end

  defp text(text, _doc) when is_binary(text), do: text
  defp text({:sigil_S, _, [{:<<>>, _, [text]}, _]}, _doc), do: text
  defp text(_text, doc), do: doc

  defp defined(head, meta, rest, last, leading, doc) do
    case name(head) do
      nil ->
        put(last)
        nil

      {name, arity, line} ->
        ending = ending(meta, rest)

        if last && last.name == name && last.arity == arity && last.gap?.(leading) do
          %{last | ending: ending}
        else
          put(last)
          start = leading |> Enum.reverse() |> Enum.drop_while(&(elem(&1, 0) == :doc)) |> List.first()
          start = if start, do: elem(start, 1), else: meta[:line]
          gap? = fn leading -> not Enum.any?(leading, &(elem(&1, 0) == :doc)) end
          %{name: name, arity: arity, line: line, start: start, ending: ending, doc: doc, gap?: gap?}
        end
    end
  end

  defp ending(meta, rest), do: if(meta[:end] && rest != [], do: meta[:end][:line])

  defp name({:when, _, [head | _]}), do: name(head)
  defp name({:unquote, _, _}), do: nil
  defp name({name, meta, arguments}) when is_atom(name) and is_list(arguments), do: {name, length(arguments), meta[:line]}
  defp name({name, meta, nil}) when is_atom(name), do: {name, 0, meta[:line]}
  defp name(_), do: nil

  defp put(nil), do: nil

  defp put(one) do
    doc = if one.doc, do: Base.encode64(one.doc), else: "-"
    IO.puts("#{one.name}\t#{one.line}\t#{one.start}\t#{one.ending || "-"}\t#{doc}")
    nil
  end
end

:io.setopts(:standard_io, encoding: :unicode)
:stdio |> IO.read(:all) |> String.split("\n", trim: true) |> Enum.each(&Functions.print/1)
