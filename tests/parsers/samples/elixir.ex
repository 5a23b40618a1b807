# A pool of connections: the sample for Elixir.
defmodule Net.Pool do
  @moduledoc "Holds connections."
  use GenServer

  @timeout 5_000

  @doc """
  Opens a connection.

      iex> Net.Pool.open("localhost")
      %{}
  """

  @spec open(String.t(), integer()) :: {:ok, t()}
  # Not for people.
  def open(host, port \\ 5432)

  def open("", _port), do: :error

  # A clause of the same function.
  def open(host, port) when is_binary(host) do
    attempt = fn n -> n + 1 end
    {:ok, attempt.(port)}
  end

  def open(host, port, [_ | _] = options), do: {host, port, options}

  @doc false
  def hidden, do: 1

  # Says whether one is free.
  defp free?(pool), do: pool.size > 0

  @impl true
  def handle_call(:get, _from, state) do
    {:reply, state, state}
  end

  @impl true
  def handle_call(<<?", _::binary>>, _from, state), do: {:reply, state, state}

  @doc ~S"""
  Runs \n once.
  """
  @doc since: "1.2.0"
  defmacro once(do: block) do
    quote do
      def generated(), do: unquote(block)
      def unquote(name)(x), do: x
    end
  end

  defmacrop secret(x), do: x
  defguard is_free(pool) when pool > 0
  defguardp is_full(pool) when pool == 0
  defdelegate size(pool), to: Map
  def a + b, do: {a, b}
  def a - b when is_integer(a), do: {a, b}
  def -a, do: a
  defmacro left ~> right, do: {left, right}
  defp no_parentheses when @timeout > 1, do: 1
  double = &(&1 * 2)
  twice = &double/1
  if Mix.env() == :test do
    def conditional(), do: double
  end

  defmodule Stats do
    def total(), do: 0
  end

  defimpl String.Chars, for: Net.Pool do
    def to_string(_), do: "pool"
  end

  @callback close(pool :: t()) :: :ok
  @callback reopen(pool) :: pool when pool: t()
  @macrocallback around(block :: term()) :: Macro.t()

  describe "open/2" do
    test "gives one out", %{pool: pool} do
      assert pool
    end
  end

  property "is never empty" do
    assert true
  end

  test "not written yet"
end

defprotocol Closeable do
  @doc "Closes it."
  @spec close(t) :: :ok
  def close(data)
  def close_all(data, options)
end
