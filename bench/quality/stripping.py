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
    first = left = extract(content, language)
    stripped = content
    for _round in range(MAX_ROUNDS):
        spoken = documentation(stripped, language) if any(one.doc for one in left.functions) else ()
        if not spoken:
            break
        statement, ends = _STATEMENT.get(language.name, b""), {one.end for one in left.functions}
        stripped = _blanked(stripped, spoken, statement=statement, ends=ends)
        left = extract(stripped, language)
    if [_identity(one) for one in left.functions] != [_identity(one) for one in first.functions]:
        return None
    texts = tuple(left.text(index) for index in range(len(left.functions)))
    return Stripped(stripped, first.functions, tuple(not one.doc for one in left.functions), texts)


def _blanked(content: bytes, spans: Iterable[Span], *, statement: bytes, ends: Container[int]) -> bytes:
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
