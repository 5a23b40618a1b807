# A pool of connections: the sample for Elixir.
defmodule Net.Pool do
  @moduledoc "Holds connections."
  use GenServer

  @timeout 5_000

  @doc """
  Opens a connection.

      iex> Net.Pool.open("localhost")
  """
  @spec open(String.t(), integer()) :: {:ok, t()}
  def open(host, port \\ 5432)

  def open("", _port), do: :error

  def open(host, port) when is_binary(host) do
    attempt = fn n -> n + 1 end
    {:ok, attempt.(port)}
  end

  @doc false
  def hidden, do: 1

  # Says whether one is free.
  defp free?(pool), do: pool.size > 0

  @impl true
  def handle_call(:get, _from, state) do
    {:reply, state, state}
  end

  @doc ~S"""
  Runs \n once.
  """
  defmacro once(do: block) do
    quote do: unquote(block)
  end

  defguard is_free(pool) when pool > 0
  defdelegate size(pool), to: Map
  def a + b, do: {a, b}

  defmodule Stats do
    def total(), do: 0
  end

  defimpl String.Chars, for: Net.Pool do
    def to_string(_), do: "pool"
  end

  test "gives one out" do
    assert true
  end
end
