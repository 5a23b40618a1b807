"""What is stored about one function: the function itself, what a model reads of it, and the words it is found by. Pure.

Made in the worker processes, next to the parser, because splitting words costs as much as parsing.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from ..parsers import Extraction, Function, Span, fingerprint
from .lexical import spread, spread_and_whole
from .passages import PASSAGE_VERSION, passage

# 128 bits: two different passages of one index collide with a probability below 1e-26 at a million passages.
DIGEST_BYTES = 16

# Longer functions are searched by the words of their first 20,000 characters; they are tables and generated code.
MAX_BODY_CHARACTERS = 20_000

# Raising this number makes every file be read again. 1: six columns of words, see Words.
WORDS_VERSION = 1


class Words(NamedTuple):
    """The text of each full-text column, in the order of the table."""

    name: str
    qualified_name: str
    path: str
    signature: str
    doc: str
    body: str


class FunctionRow(NamedTuple):
    """A function as flat as the catalogue's table, in the order of its columns."""

    language: str
    kind: str
    name: str
    qualified_name: str
    signature: str
    doc: str
    start: int
    end: int
    name_start: int
    name_end: int
    start_line: int
    end_line: int
    name_line: int
    enclosing: str
    is_declaration: bool
    is_test: bool
    is_generated: bool


class Entry(NamedTuple):
    """One function as the catalogue stores it. ``digest`` identifies ``passage``.

    Tuples, because they cross from the workers five times faster than dataclasses.
    """

    row: FunctionRow
    passage: str
    digest: bytes
    words: Words


def entries_of(extraction: Extraction, path: str) -> tuple[Entry, ...]:
    """Return the entries of a file's functions, in their order."""
    path_words = spread(path.encode("utf-8", "replace").decode())
    return tuple(
        _entry(function, path_words, extraction.text(index)) for index, function in enumerate(extraction.functions)
    )


def _entry(function: Function, path_words: str, source: str) -> Entry:
    text = passage(function, source)
    words = Words(
        name=spread_and_whole(function.name),
        qualified_name=spread(function.qualified_name),
        path=path_words,
        signature=spread(function.signature),
        doc=spread(function.doc),
        body=spread(source[:MAX_BODY_CHARACTERS]),
    )
    return Entry(row_of(function), text, blake2b(text.encode(), digest_size=DIGEST_BYTES).digest(), words)


def row_of(function: Function) -> FunctionRow:
    """Flatten a function."""
    return FunctionRow(
        language=function.language,
        kind=function.kind,
        name=function.name,
        qualified_name=function.qualified_name,
        signature=function.signature,
        doc=function.doc,
        start=function.span.start,
        end=function.span.end,
        name_start=function.name_span.start,
        name_end=function.name_span.end,
        start_line=function.start_line,
        end_line=function.end_line,
        name_line=function.name_line,
        enclosing=function.enclosing,
        is_declaration=function.is_declaration,
        is_test=function.is_test,
        is_generated=function.is_generated,
    )


def function_of(row: FunctionRow) -> Function:
    """Make the function of a row again."""
    return Function(
        language=row.language,
        kind=row.kind,
        name=row.name,
        qualified_name=row.qualified_name,
        signature=row.signature,
        doc=row.doc,
        span=Span(row.start, row.end),
        name_span=Span(row.name_start, row.name_end),
        start_line=row.start_line,
        end_line=row.end_line,
        name_line=row.name_line,
        enclosing=row.enclosing,
        is_declaration=bool(row.is_declaration),
        is_test=bool(row.is_test),
        is_generated=bool(row.is_generated),
    )


def recipe() -> str:
    """Return what decides the entries of a given file: a change of it makes every file be read again."""
    return f"{fingerprint()}/passages {PASSAGE_VERSION}/words {WORDS_VERSION}"
