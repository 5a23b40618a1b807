"""Which functions of a file stand at a position or in a range. Pure: functions and bytes in, functions out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from .errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..parsers import Function


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, from 1, and perhaps a column in it, from 1 and in bytes."""

    line: int
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Bytes:
    """A half-open range of a file's bytes; an empty one is a position."""

    start: int
    end: int


Position: TypeAlias = Line | Bytes


def located(position: Position, content: bytes, *, path: str) -> Bytes:
    """Return a position as bytes of the file's content, past the blanks it stands before; raises QueryError."""
    if isinstance(position, Line):
        start = _line_start(position.line, content, path)
        line_end = _line_end(content, start)
        if position.column is not None:
            start = min(start + position.column - 1, line_end)
        end = start
    else:
        start, end = position.start, position.end
        if not 0 <= start <= end <= len(content):
            raise QueryError(f"{path} has {len(content)} bytes; {start} to {end} is no part of it.")
    if start == end:
        while content[start : start + 1] in (b" ", b"\t"):
            start += 1
        end = start
    return Bytes(start, end)


def _line_start(line: int, content: bytes, path: str) -> int:
    mark = b"\n" if b"\n" in content else b"\r"
    start = 0
    for number in range(1, line):
        found = content.find(mark, start)
        if found < 0 or found + 1 == len(content):
            raise QueryError(f"{path} has {number} lines; there is no line {line}.")
        start = found + 1
    if line < 1:
        raise QueryError(f"Lines count from 1; there is no line {line}.")
    return start


def _line_end(content: bytes, start: int) -> int:
    found = [place for mark in (b"\n", b"\r") if (place := content.find(mark, start)) >= 0]
    return min(found, default=len(content))


def at(functions: Sequence[Function], position: Position, place: Bytes) -> Function | None:
    """Return the innermost function at a position that ``located`` made ``place`` of; None where there is none.

    A line without a column means the function whose name stands in it, if there is one.
    """
    if isinstance(position, Line) and position.column is None:
        named = [one for one in functions if one.name_line == position.line - 1]
        if named:
            return named[0]
    # Right behind the last brace, where a cursor often stands, is still inside.
    around = [one for one in functions if one.start <= place.start <= one.end]
    return min(around, key=lambda one: one.end - one.start, default=None)


def whole_in(functions: Sequence[Function], place: Bytes) -> list[Function]:
    """Return the functions that lie in a range as a whole, without those inside another one of them."""
    found: list[Function] = []
    for one in sorted(functions, key=lambda one: (one.start, -one.end)):
        if place.start <= one.start and one.end <= place.end and not (found and one.end <= found[-1].end):
            found.append(one)
    return found


def nearest(functions: Sequence[Function], content: bytes, place: Bytes) -> Function | None:
    """Return the function with the fewest lines between it and a place."""
    line = content.count(b"\n", 0, place.start)
    return min(functions, key=lambda one: max(one.start_line - line, line - one.end_line), default=None)
