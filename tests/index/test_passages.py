"""The text a model reads."""

from __future__ import annotations

from funcseek.index.passages import MAX_PASSAGE_CHARACTERS, passage
from funcseek.parsers import Function, extract, language_named


def only_function(source: str) -> Function:
    language = language_named("python")
    assert language is not None
    (function,) = extract(source.encode(), language).functions
    return function


def check(source: str, expected: str) -> None:
    assert passage(only_function(source), source) == expected


def test_passage_leads_with_name_and_documentation_and_says_neither_twice() -> None:
    check(
        'def parseDate(text):\n    """Turn text into a date."""\n\n    return strptime(text)\n',
        "parse Date\nTurn text into a date.\ndef parseDate(text):\nreturn strptime(text)",
    )


def test_passage_without_documentation_is_name_and_code() -> None:
    check("def snake_name():\n    return 1\n", "snake name\ndef snake_name():\nreturn 1")


def test_passage_of_a_long_function_is_cut() -> None:
    source = "def f():\n" + "    call(1)\n" * 10_000
    assert len(passage(only_function(source), source)) == MAX_PASSAGE_CHARACTERS
