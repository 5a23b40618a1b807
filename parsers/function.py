"""What one function is. Plain values: no parsing, no disk, no editor words.

Everything downstream (passages, catalogue, hits) is made of these fields.
Offsets are bytes into the source as it lay on disk; lines and columns for people are derived from them.
"""

from __future__ import annotations

from dataclasses import dataclass

# What a function can be. "lambda" is a function value bound to a name, "accessor" a getter or setter, "declaration" a
# function whose body is elsewhere or left to others: in an interface, a trait, an abstract class or a ``.d.ts`` file.
KINDS = ("function", "method", "constructor", "accessor", "lambda", "macro", "declaration", "test")


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of bytes, ``start <= end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Function:
    """One function found in a source file.

    ``span`` covers everything that belongs to it, decorators and ``export`` included; ``name_span`` covers its name
    (empty, at the start of the function, where it has none).
    ``start_line`` and ``end_line`` are zero-based and inclusive and belong to ``span``; ``name_line`` to ``name_span``.
    A line ends at a line feed only, as tree-sitter and the Language Server Protocol's byte view count it.
    ``qualified_name`` joins the enclosing scopes and the name in the language's own way (``Pool.get``, ``Pool::get``).
    ``signature`` is one line; ``doc`` is the documentation text without comment marks, ``""`` where there is none.
    ``kind`` is one of `KINDS`.
    """

    language: str
    kind: str
    name: str
    qualified_name: str
    signature: str
    doc: str
    span: Span
    name_span: Span
    start_line: int
    end_line: int
    name_line: int
