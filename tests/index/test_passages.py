"""The text a model reads."""

from __future__ import annotations

from funcseek.index.passages import MAX_PASSAGE_CHARACTERS, MAX_WINDOWS, WINDOW_CHARACTERS, passage, windows
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


def test_windows_go_on_where_the_passage_ends_to_the_end_of_the_function_each_under_its_name() -> None:
    lines = [f"call_{number}(1)" for number in range(100)]
    source = 'def longOne():\n    "Call a lot."\n' + "".join(f"    {line}\n" for line in lines)
    function = only_function(source)
    code = "\n".join(["def longOne():", *lines])
    read = WINDOW_CHARACTERS - len("long One in calls") - len("Call a lot.")
    found = windows(function, source, "calls.py")
    assert {window.partition("\n")[0] for window in found} == {"long One in calls"}
    assert "".join(window.partition("\n")[2] for window in found) == code[read:]
    assert code[:read] in passage(function, source, "calls.py")


def test_short_function_has_no_window_and_an_endless_one_only_so_many() -> None:
    short = "def f():\n" + "    call(1)\n" * 10
    assert windows(only_function(short), short) == ()
    endless = "def f():\n" + "    call(1)\n" * 1_000 + "    the_end()\n"
    found = windows(only_function(endless), endless)
    assert len(found) == MAX_WINDOWS
    assert "the_end" in found[-1]
