"""What one function is. Plain values: no parsing, no disk, no editor words.

Everything downstream (passages, catalogue, hits) is made of these fields.
Offsets are bytes into the source as it lay on disk; lines and columns for people are derived from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

# What a function can be. "lambda" is a function value bound to a name, "accessor" a getter or setter, "test" a block of
# tests that is no function of its language.
KINDS = ("function", "method", "constructor", "destructor", "operator", "accessor", "lambda", "macro", "test")


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of bytes, ``start <= end``."""

    start: int
    end: int


class Function(NamedTuple):
    """One function found in a source file.

    ``start`` to ``end`` covers everything that belongs to it, decorators and ``export`` included; ``name_start`` to
    ``name_end`` its name (empty, at the start of the function, where it has none).
    ``start_line`` and ``end_line`` are zero-based and inclusive and belong to the whole; ``name_line`` to the name.
    A line ends at a line feed, as tree-sitter and the Language Server Protocol's byte view count it; in a file without
    any, at a carriage return.
    ``qualified_name`` joins the enclosing scopes and the name in the language's own way (``Pool.get``, ``Pool::get``).
    ``signature`` is one line; ``doc`` is the documentation text without comment marks, ``""`` where there is none.
    ``kind`` is one of `KINDS`; ``enclosing`` is the qualified name of the function this one is nested in, or ``""``.
    ``is_declaration``: its body is elsewhere or left to others, as in an interface, a header or a ``.d.ts`` file.
    ``is_test``: its name, a decorator or its class says that it tests others. ``is_generated``: the head of its file
    says that a program wrote it.

    A flat tuple, because hundreds of thousands are made, cross from process to process and go into a table: a frozen
    dataclass takes ten times as long to make and twenty times to send.
    """

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
    enclosing: str = ""
    is_declaration: bool = False
    is_test: bool = False
    is_generated: bool = False

    @property
    def span(self) -> Span:
        """The bytes of all that belongs to it."""
        return Span(self.start, self.end)

    @property
    def name_span(self) -> Span:
        """The bytes of its name."""
        return Span(self.name_start, self.name_end)
