"""A source file without the documentation of its functions, every other byte in its place. Pure.

So that a question made of a function's documentation cannot be answered by finding that documentation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from funcseek.parsers import Function, documentation, extract

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from funcseek.parsers import Language, Span

_NOT_LINE_BREAKS = re.compile(rb"[^\r\n]")
# What stood above a comment that is gone may be right above the function now.
MAX_ROUNDS = 6
# A block of nothing but a docstring is no block without it.
_STATEMENT = {"python": b"pass"}


class Stripped(NamedTuple):
    """``content`` is as long as the file was. ``functions`` are its functions as they were, with their documentation.

    ``bare`` says for each whether its documentation is gone; ``texts`` are what is left of them.
    """

    content: bytes
    functions: tuple[Function, ...]
    bare: tuple[bool, ...]
    texts: tuple[str, ...]


def strip(content: bytes, language: Language) -> Stripped | None:
    """Return a file without the documentation of its functions; None where it would not hold the same functions."""
    before = extract(content, language).functions
    found, stripped = before, content
    for _round in range(MAX_ROUNDS):
        if not any(one.doc for one in found):
            break
        spoken = documentation(stripped, language)
        if not spoken:
            break
        stripped = _blanked(stripped, spoken, _STATEMENT.get(language.name, b""), {one.end for one in found})
        found = extract(stripped, language).functions
    if [_identity(one) for one in found] != [_identity(one) for one in before]:
        return None
    left = extract(stripped, language)
    texts = tuple(left.text(index) for index in range(len(found)))
    return Stripped(stripped, before, tuple(not one.doc for one in found), texts)


def _blanked(content: bytes, spans: Iterable[Span], statement: bytes, ends: Container[int]) -> bytes:
    """Return the content with blanks for the spans, and the statement at the start of those that end a function."""
    blanked = bytearray(content)
    for span in spans:
        blank = _NOT_LINE_BREAKS.sub(b" ", content[span.start : span.end])
        if span.end in ends and len(statement) <= len(blank):
            blank = statement + blank[len(statement) :]
        blanked[span.start : span.end] = blank
    return bytes(blanked)


def _identity(one: Function) -> tuple[str, str, int]:
    return one.kind, one.qualified_name, one.name_start
