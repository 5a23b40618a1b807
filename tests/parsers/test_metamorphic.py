"""A change to a sample whose effect is known gives that effect and no other, whatever the sample holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funcseek.parsers import extract
from tests.extractions import SOURCES, check_extraction, of_sample, shape, with_comment

if TYPE_CHECKING:
    from pathlib import Path

    from funcseek.parsers import Function

# One file of these does not follow another: its first lines may stand nowhere else, or hold for all that comes after.
HEADED = {
    "go": "package and imports come first",
    "java": "package and imports come first",
    "kotlin": "package and imports come first",
    "scala": "a package clause encloses what follows",
    "c_sharp": "a namespace of the file encloses what follows",
    "php": "what follows needs no second opening tag",
    "clojure": "a namespace holds for all that follows",
    "haskell": "module and imports come first",
    "perl": "a package goes on to the end of the file",
    "dart": "imports come first, and the grammar takes later ones for a function's type",
}
# What opens and closes a scope around a whole file, in the languages that allow a file's content in one.
WRAPPINGS = {
    "python": ("class Outer:", ""),
    "typescript": ("namespace Outer {", "}"),
    "tsx": ("namespace Outer {", "}"),
    "rust": ("mod Outer {", "}"),
    "java": ("class Outer {", "}"),
    "cpp": ("namespace Outer {", "}"),
    "ruby": ("module Outer", "end"),
    "swift": ("enum Outer {", "}"),
    "scala": ("object Outer {", "}"),
    "elixir": ("defmodule Outer do", "end"),
    "ocaml": ("module Outer = struct", "end"),
    "julia": ("module Outer", "end"),
    "zig": ("const Outer = struct {", "};"),
}
# The grammars that give up a list or a block that is not closed, with the functions that stand in it.
UNCLOSED = {
    "clojure": "a let or letfn",
    "r": "the list of a class's methods",
    "ruby": "a hash",
}
# A body left empty swallows what follows where indentation makes blocks.
INDENTED = {"scala"}
CONTINUED = [sample for sample in SOURCES if of_sample(sample).name not in HEADED]
# Macros stand in no scope.
WRAPPED = [sample for sample in SOURCES if of_sample(sample).name in WRAPPINGS and sample.name != "macros.swift"]
PAIRS = [(one, two) for one in CONTINUED for two in CONTINUED if of_sample(one) == of_sample(two)]


def found_in(content: bytes, sample: Path) -> tuple[Function, ...]:
    extraction = extract(content, of_sample(sample))
    assert extraction.problem is None
    check_extraction(content, extraction)
    return extraction.functions


def lines_of(content: bytes, function: Function) -> tuple[int, int] | None:
    """Return the start and end of a function's lines, None where others have a part in them."""
    start = content.rfind(b"\n", 0, function.span.start) + 1
    end = content.find(b"\n", function.span.end) + 1 or len(content)
    is_alone = not content[start : function.span.start].strip() and not content[function.span.end : end].strip(b" ;,\n")
    return (start, end) if is_alone else None


def is_all_of_a_block(content: bytes, start: int, end: int) -> bool:
    """Tell whether the lines around some lines are indented less than they."""
    before = content[:start].rstrip().rpartition(b"\n")[2]
    after = content[end:].lstrip(b"\n").partition(b"\n")[0]
    own = indentation(content[start:end])
    return indentation(before) < own and indentation(after) < own


def indentation(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" "))


@pytest.mark.parametrize("sample", SOURCES, ids=lambda sample: sample.name)
@pytest.mark.parametrize("count", [1, 20])
def test_comments_put_before_shift_every_line(sample: Path, count: int) -> None:
    content, language = sample.read_bytes(), of_sample(sample)
    changed = content
    for number in range(count):
        changed = with_comment(changed, language, b"%d" % number)
    assert shape(extract(changed, language)) == shape(extract(content, language), moved=2 * count)


@pytest.mark.parametrize("sample", SOURCES, ids=lambda sample: sample.name)
def test_blank_lines_put_before_shift_every_line(sample: Path) -> None:
    content, language = sample.read_bytes(), of_sample(sample)
    first = content.index(b"\n") + 1 if content.startswith(b"#!") else 0
    changed = content[:first] + b"\n" * 7 + content[first:]
    assert shape(extract(changed, language)) == shape(extract(content, language), moved=7)


@pytest.mark.parametrize("sample", SOURCES, ids=lambda sample: sample.name)
def test_file_without_a_last_line_feed_gives_the_same(sample: Path) -> None:
    content, language = sample.read_bytes(), of_sample(sample)
    extraction = extract(content.rstrip(), language)
    assert shape(extraction) == shape(extract(content, language))
    check_extraction(content.rstrip(), extraction)


@pytest.mark.parametrize(("one", "two"), PAIRS, ids=lambda sample: sample.name)
def test_two_files_in_one_give_the_functions_of_both(one: Path, two: Path) -> None:
    first, second, language = one.read_bytes() + b"\n\n", two.read_bytes(), of_sample(one)
    below = shape(extract(second, language), moved=first.count(b"\n"))
    assert shape(extract(first + second, language)) == shape(extract(first, language)) + below


@pytest.mark.parametrize("sample", WRAPPED, ids=lambda sample: sample.name)
def test_scope_around_a_file_becomes_part_of_every_name(sample: Path) -> None:
    language = of_sample(sample)
    opening, closing = WRAPPINGS[language.name]
    lines = sample.read_bytes().split(b"\n")
    inside = [b"    " + line for line in lines] if language.name == "python" else lines
    wrapped = b"\n".join([opening.encode(), *inside, closing.encode(), b""])
    joints = (language.separator, language.member_separator, language.static_separator)
    # Macros stand at the top of a file only, or know no scope.
    inner = [one.qualified_name for one in found_in(sample.read_bytes(), sample) if one.kind != "macro"]
    outer = [one.qualified_name for one in found_in(wrapped, sample) if one.kind != "macro"]
    assert len(outer) == len(inner)
    for before, after in zip(inner, outer, strict=True):
        assert after in {f"Outer{joint}{before}" for joint in joints if joint}


@pytest.mark.parametrize("sample", SOURCES, ids=lambda sample: sample.name)
def test_function_cut_out_takes_no_other_with_it(sample: Path) -> None:
    content = sample.read_bytes()
    functions = found_in(content, sample)
    for function in functions:
        if (lines := lines_of(content, function)) is None:
            continue
        start, end = lines
        if of_sample(sample).name in INDENTED and is_all_of_a_block(content, start, end):
            continue
        others = {one.qualified_name for one in functions if not start <= one.span.start < end}
        left = {one.qualified_name for one in found_in(content[:start] + content[end:], sample)}
        assert others - left == set(), function.qualified_name
        # The overloads of what was cut out stand for themselves now.
        assert left - others <= {function.qualified_name}, function.qualified_name


@pytest.mark.parametrize("sample", SOURCES, ids=lambda sample: sample.name)
def test_file_that_ends_after_a_function_keeps_the_earlier_ones(sample: Path, request: pytest.FixtureRequest) -> None:
    if reason := UNCLOSED.get(of_sample(sample).name):
        request.applymarker(pytest.mark.xfail(reason=f"the grammar gives up {reason} that is not closed"))
    content = sample.read_bytes()
    functions = found_in(content, sample)
    for function in functions:
        # A declaration is told from other text by the brackets around it, and those are cut off.
        earlier = {one.name_span for one in functions if one.span.end <= function.span.start and not one.is_declaration}
        left = {one.name_span for one in found_in(content[: function.span.end], sample)}
        assert earlier <= left, function.qualified_name
