"""How sure an answer is."""

from __future__ import annotations

import pytest

from funcseek.index.asked import asked
from funcseek.index.confidence import LEAST_CONFIDENCE, confidence
from funcseek.index.ranking import Candidate, rank


def check(query: str, one: Candidate, *, sure: bool) -> None:
    found = confidence(asked(query), rank(asked(query), [one])[0])
    assert found is not None
    assert 0.0 <= found <= 1.0
    assert (found >= LEAST_CONFIDENCE) is sure


def function(name: str, dense: float | None) -> Candidate:
    return Candidate(0, 1, "net/pool.py", name, f"Pool.{name}", dense, 1.0)


@pytest.mark.parametrize("query", ["retry a failed connection", "connection retries of the pool"])
def test_near_meaning_and_shared_words_are_a_good_match(query: str) -> None:
    check(query, function("retry_connection", 0.6), sure=True)


def test_distant_meaning_without_a_shared_word_is_none() -> None:
    check("fold egg whites into molten chocolate", function("retry_connection", 0.1), sure=False)


def test_typed_name_is_sure_whatever_its_vector() -> None:
    check("retry_connection", function("retry_connection", None), sure=True)
    check("retry connection", function("retry_connection", -0.2), sure=True)


def test_nothing_is_said_of_a_function_without_a_vector() -> None:
    assert confidence(asked("retry"), rank(asked("retry"), [function("other", None)])[0]) is None
