"""Documentation: which comments belong to a function, and their words without the marks."""

from __future__ import annotations

import pytest

from funcseek.parsers import extract, language_named


def check(language: str, source: str, doc: str) -> None:
    found = language_named(language)
    assert found is not None
    assert [function.doc for function in extract(source.encode(), found).functions] == [doc]


@pytest.mark.parametrize(
    ("above", "doc"),
    [
        ("/** One.\n * Two.\n */\n", "One.\nTwo."),
        ("/**\n * - a\n *   - b\n *\n * c\n */\n", "- a\n  - b\n\nc"),
        ("/*\n   One.\n     Two.\n*/\n", "One.\n  Two."),
        ("// One.\n// Two.\n", "One.\nTwo."),
        ("//\n// One.\n//\n", "One."),
        ("/// One.\n", "One."),
        ("//! One.\n", "One."),
        ("// ------\n// One.\n// ======\n", "One."),
        ("// eslint-disable-next-line\n", ""),
        ("/** One. */\n// @ts-ignore\n", "One."),
        ("// Apart.\n\n", ""),
        ("// Apart.\n\n// One.\n", "One."),
        ("let x = 1; // trailing\n", ""),
        ("/* One. */ ", "One."),
        ("/***** One. *****/\n", "One."),
        ("/**/\n", ""),
        ("// `code` and --option\n", "`code` and --option"),
        ("// Apart.\n/** One. */\n/** Two. */\n// How.\n", "Two."),
        ("/**\n *One.\nf(\n * );\n * ...\n */\n", "One.\nf(\n);\n..."),
    ],
)
def test_comment_above_is_documentation_where_it_is_attached(above: str, doc: str) -> None:
    check("javascript", f"{above}function f() {{}}\n", doc)


@pytest.mark.parametrize(
    ("literal", "doc"),
    [
        ('"""One."""', "One."),
        ("'''One.\n\n        Two.\n    '''", "One.\n\nTwo."),
        ('r"One \\d"', "One \\d"),
        ('b"bytes"', ""),
        ('f"{x}"', ""),
        ('""', ""),
        ('x = "no"', ""),
    ],
)
def test_first_string_of_a_python_function_documents_it(literal: str, doc: str) -> None:
    check("python", f"def f():\n    {literal}\n", doc)


def test_docstring_counts_more_than_a_comment() -> None:
    check("python", '# Comment.\ndef f():\n    "Docstring."\n', "Docstring.")


def test_comment_documents_a_function_without_docstring() -> None:
    check("python", "# Comment.\n@decorated\ndef f(): pass\n", "Comment.")


@pytest.mark.parametrize(
    ("language", "source", "doc"),
    [
        ("rust", "/// One.\n#[inline]\n// Two.\nfn f() {}\n", "One."),
        ("go", "package p\n// F is one.\n//go:noinline\nfunc F() {}\n", "F is one."),
        ("go", "package p\n//export F\n// export F is one.\nfunc F() {}\n", "export F is one."),
        ("c_sharp", 'class C {\n/// <summary>One <see cref="C"/>.</summary>\nvoid f() {}\n}\n', "One C."),
        ("lua", "--[[ One.\n  Two. ]]\nfunction f() end\n", "One.\nTwo."),
        ("ruby", "# One.\nprivate def f; end\n", "One."),
        ("julia", '"""\nOne.\n"""\nfunction f() end\n', "One."),
        ("elixir", 'defmodule M do\n@doc "One."\n@spec f() :: 1\ndef f, do: 1\nend\n', "One."),
        ("perl", "=head1 One\n\nTwo.\n\n=cut\n\nsub f { }\n", "One\n\nTwo."),
        ("ocaml", "(** One. *)\nlet f x = x\n", "One."),
        ("haskell", "-- | One.\nf :: Int -> Int\nf x = x\n", "One."),
        ("sql", "-- One.\nCREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql;\n", "One."),
    ],
)
def test_documentation_loses_the_marks_of_its_language(language: str, source: str, doc: str) -> None:
    check(language, source, doc)


@pytest.mark.parametrize(
    ("language", "source", "end_lines"),
    [
        ("python", "def f():\n    return 1\n    # tail\n\n# Two.\ndef g(): return 2\n    # tail\n", [1, 5]),
        ("scala", "object A:\n  def f =\n    1\n\n  // Two.\n  def g =\n    2\n// tail\n// tail\n", [2, 6]),
        ("javascript", "function f() {\n  // inside\n} // tail\n// Two.\nconst g = () => 1 // tail\n", [2, 4]),
    ],
)
def test_comment_below_the_last_line_of_code_is_outside(language: str, source: str, end_lines: list[int]) -> None:
    found = language_named(language)
    assert found is not None
    assert [function.end_line for function in extract(source.encode(), found).functions] == end_lines
