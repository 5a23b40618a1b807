"""Names, typos and nonsense as questions."""

from __future__ import annotations

import random

import pytest

from bench.quality.derived import misspelled_questions, name_questions, nonsense_questions, with_typo
from bench.quality.packages import Package
from bench.quality.questions import Question
from funcseek.parsers import Function, extract, language_named

PACKAGE = Package("pool", "npm", "pool", "1.0", "0" * 64, ("python",), (), "fit")
SOURCE = b"""
class Pool:
    def take_connection(self): pass
    def close(self): pass
def give_back(connection): pass
def duplicate(): pass
class Other:
    def Duplicate(self): pass
def test_pool_works(): pass
"""
SENTENCES = ("give a connection back to its pool", "too short a text")


def functions() -> list[tuple[str, Function]]:
    language = language_named("python")
    assert language is not None
    return [("pool.py", one) for one in extract(SOURCE, language).functions]


def test_only_names_that_one_function_has_are_asked_for() -> None:
    asked = {(one.kind, one.query) for one in name_questions(PACKAGE, functions()) if one.kind != "typo"}
    assert asked == {("name", "take_connection"), ("name", "give_back"), ("qualified", "Pool.take_connection")}


def test_same_functions_in_any_order_give_the_same_questions() -> None:
    assert list(name_questions(PACKAGE, functions())) == list(name_questions(PACKAGE, reversed(functions())))


def test_sentence_is_misspelled_in_one_long_word() -> None:
    asked = [Question(str(number), query, "pool", "python", "intent", ()) for number, query in enumerate(SENTENCES)]
    (misspelled,) = misspelled_questions(asked)
    pairs = zip(misspelled.query.split(), SENTENCES[0].split(), strict=True)
    assert [right for typed, right in pairs if typed != right] == ["connection"]
    assert (misspelled.id, misspelled.kind) == ("misspelled:0", "misspelled")


@pytest.mark.parametrize("seed", range(50))
def test_typo_is_one_edit_behind_the_first_letter(seed: int) -> None:
    name = "parseHeader"
    misspelled = with_typo(name, random.Random(seed))
    assert misspelled != name
    assert misspelled[0] == name[0]
    assert abs(len(misspelled) - len(name)) <= 1
    # One edit leaves a common start and a common end that together miss two letters at most.
    start = next((at for at, pair in enumerate(zip(misspelled, name, strict=False)) if pair[0] != pair[1]), len(name))
    assert any(misspelled[start + skip :] == name[start + cut :] for skip in range(3) for cut in range(3))


def test_nonsense_has_no_answers_and_is_always_the_same() -> None:
    asked = nonsense_questions([PACKAGE])
    assert len(asked) >= 200
    assert all(one.answers == () and one.kind == "nonsense" for one in asked)
    assert asked == nonsense_questions([PACKAGE])
    assert len({one.query for one in asked}) == len(asked)
