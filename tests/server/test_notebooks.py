"""Places in a notebook's JSON and in its cells are the same places, whatever the JSON looks like."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcseek.parsers import extract, language_named
from funcseek.server.convert import Place
from funcseek.server.notebooks import HOST, Cell, Notebook, cells_in, found_in, notebook_text, with_cell
from funcseek.server.protocol import AlsoJson

# What JSON writes in another way, what it may, what is longer in UTF-16 or UTF-8, and what ends a line for some only.
PIECES = (
    "a",
    "_x1",
    " ",
    "\n",
    "\r\n",
    "\t",
    '"',
    "\\",
    "/",
    "é",
    "漢",
    "\U0001f600",
    "\x07",
    "\x7f",
    "\f",
    "\u2028",
    "\x85",
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
CELLS = st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=5)


def on_disk(cells: list[tuple[str, bool]], **layout: Any) -> bytes:
    """Return a notebook's file as some program writes it."""
    rows = [
        {"cell_type": "code", "outputs": [{"text": ["{\"cells\": ["]}], "source": text.splitlines(keepends=True)}
        if is_code
        else {"cell_type": "markdown", "source": text}
        for text, is_code in cells
    ]  # fmt: skip
    return json.dumps({"metadata": {}, "cells": rows, "nbformat": 4}, **layout).encode()


def check(content: bytes, cells: list[tuple[str, bool]]) -> None:
    """Check that each place of each cell of code is found again from where it lies in the JSON."""
    read = cells_in(content)
    assert len(read) == len(cells)
    for number, (text, is_code) in enumerate(cells):
        if not is_code or not read[number].pieces:
            continue
        assert read[number].text.decode() == text
        for length in range(len(text) + 1):
            offset = len(text[:length].encode())
            at = read[number].on_disk(offset)
            found = found_in(read, Place(b"", at, at, at, at))
            assert found is not None
            assert (found.index, found.place.name_start, found.place.end) == (number, offset, offset)


@given(CELLS)
def test_place_in_the_document_of_a_notebook_is_a_place_in_a_cell(cells: list[tuple[str, bool]]) -> None:
    shown = [(text if is_code else "", is_code) for text, is_code in cells]
    content = notebook_text([Cell("", "python", text, is_code) for text, is_code in shown])
    assert json.loads(content)
    check(content.encode(), shown)


@given(CELLS, st.sampled_from([None, 0, 1]), st.booleans())
def test_place_in_the_file_of_a_notebook_is_a_place_in_a_cell(
    cells: list[tuple[str, bool]], indent: int | None, is_ascii: bool
) -> None:
    check(on_disk(cells, indent=indent, ensure_ascii=is_ascii), cells)


@given(CELLS)
def test_line_of_the_document_is_a_line_of_a_cell(cells: list[tuple[str, bool]]) -> None:
    shown = tuple(Cell("", "python", text if is_code else "", is_code) for text, is_code in cells)
    lines = notebook_text(shown).split("\n")
    starts = Notebook("", shown).starts()
    places = [with_cell(AlsoJson(path="", line=number + 1, signature=""), starts) for number in range(len(lines))]
    wanted = [(index, line + 1) for index, cell in enumerate(shown) for line in range(len(cell.text.split("\n")))]
    assert [(place["cell"], place["line"]) for place in places] == wanted


def test_functions_of_the_document_are_those_of_its_cells() -> None:
    code = '%matplotlib inline\n\tx = "é\\"\U0001f600"; y = 1\ndef größe(a="\t"):\n    return 1'
    cells = [Cell("a", "python", "x = 1"), Cell("b", "markdown", "", is_code=False), Cell("c", "python", code)]
    content = notebook_text([*cells, Cell("d", "shellscript", "größe() { :; }"), Cell("e", "raw", "def f(): pass")])
    language = language_named(HOST)
    assert language is not None
    functions = extract(content.encode(), language).functions
    assert [(one.language, one.name) for one in functions] == [("python", "größe"), ("bash", "größe")]
    for one, wanted in zip(functions, [(2, 'def größe(a="\t"):\n    return 1'), (3, "größe() { :; }")], strict=True):
        found = found_in(cells_in(content.encode()), Place(b"", one.start, one.end, one.name_start, one.name_end))
        assert found is not None
        text = found.text.content[found.place.start : found.place.end].decode()
        name = found.text.content[found.place.name_start : found.place.name_end].decode()
        assert ((found.index, text), name) == (wanted, "größe")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"cells": 3}', "{}".encode("utf-16"), b'{"cells": [{}, 3, []]}']
)
def test_nothing_is_found_in_what_is_no_notebook(content: bytes) -> None:
    assert found_in(cells_in(content), Place(b"", 0, 9, 1, 2)) is None
