"""Clauses of one function are one function, those of another are not."""

from __future__ import annotations

import pytest

from funcseek.parsers import extract, language_named
from funcseek.parsers.siblings import arity


def check(source: bytes, language: str, *lines: tuple[int, int]) -> None:
    found = language_named(language)
    assert found is not None
    functions = extract(source, found).functions
    assert [(function.start_line + 1, function.end_line + 1) for function in functions] == list(lines)


def test_comments_may_stand_between_clauses() -> None:
    check(b"f 0 = 1\n-- one\n{- two - -}\n\nf x = 2\n", "haskell", (1, 5))


def test_another_function_may_not_stand_between_clauses() -> None:
    check(b"f 0 = 1\ng x = 1\nf x = 2\n", "haskell", (1, 1), (2, 2), (3, 3))


def test_elixir_functions_of_other_arity_are_others() -> None:
    source = b"defmodule A do\n  def f(a), do: f(a, 1)\n  def f(a, b), do: a + b\n  def f(_, _), do: 1\nend\n"
    check(source, "elixir", (2, 2), (3, 4))


@pytest.mark.parametrize(
    ("signature", "count"),
    [
        ("def f", 0),
        ("def f()", 0),
        ("def f(a)", 1),
        ('def f({a, b}, [c, d | _], %{e: "x,)"}) when g(a, b)', 3),
        ('def f(<<?", rest::binary>>, ?,)', 2),
        ("defp free?(pool, _)", 2),
    ],
)
def test_arguments_are_counted(signature: str, count: int) -> None:
    assert arity(signature) == count
