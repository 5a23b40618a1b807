"""The comments of a function apart from its code, whatever surrounds them."""

from __future__ import annotations

import json

import pytest

from funcseek.parsers import extract, language_named

NOTEBOOK = json.dumps(
    {
        "cells": [{"cell_type": "code", "source": ["def f(x):\n", "    # é: one\n", "    return x\n"], "outputs": []}],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
).encode()


def check(source: bytes, language: str, code: list[str], comments: str, *, at: int = 0) -> None:
    known = language_named(language)
    assert known is not None
    found, said = extract(source, known).code_and_comments(at)
    assert found.split() == code
    assert said == comments


@pytest.mark.parametrize(
    ("source", "language", "code", "comments"),
    [
        ("# above\ndef f(x):\n    # one\n    g()  # two\n    h()\n", "python", ["def", "f(x):", "g()", "h()"],
         "# one\n# two"),
        ("def f(x):\n    return '# none'\n", "python", ["def", "f(x):", "return", "'#", "none'"], ""),
        ("/// Above.\nfn f() { /* é */ g() }\n", "rust", ["fn", "f()", "{", "g()", "}"], "/* é */"),
        ("int f(int a /* in */) {\n  return a; // out\n}\n", "c", ["int", "f(int", "a", ")", "{", "return", "a;", "}"],
         "/* in */\n// out"),
        ("<p>-- no</p><script>\nfunction f() { // yes\n}\n</script>\n", "html", ["function", "f()", "{", "}"],
         "// yes"),
    ],
)  # fmt: skip
def test_comments_in_a_function_stand_apart_from_its_code(
    source: str, language: str, code: list[str], comments: str
) -> None:
    check(source.encode(), language, code, comments)


def test_comments_of_a_notebook_and_of_utf16_are_found_where_the_text_lies() -> None:
    check(NOTEBOOK, "jupyter", ["def", "f(x):", "return", "x"], "# é: one")
    check("def f():\n    # é\n    pass\n".encode("utf-16"), "python", ["def", "f():", "pass"], "# é")


def test_a_comment_belongs_to_every_function_around_it() -> None:
    source = b"def f():\n    def g():\n        # inside\n        pass\n    return g\n"
    check(source, "python", ["def", "f():", "def", "g():", "pass", "return", "g"], "# inside")
    check(source, "python", ["def", "g():", "pass"], "# inside", at=1)
