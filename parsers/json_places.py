"""Where things stand in JSON text: members, items, and the bytes that a string stands for with their places. Pure.

Reads as far as the text goes and stops where it is no JSON; never raises, recurses into nothing, and looks at a byte
only once for each level that a caller descends.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE = re.compile(rb"[ \t\r\n]*+")
_STRING = re.compile(rb'"([^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+)"')
_SCALAR = re.compile(rb"[^\s,:{}\[\]\"]++")
# Up to the next bracket, over whole strings and what is nested one deep: outputs hold millions of those.
_BRACKETLESS = rb'(?:[^"{}\[\]]++|"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+")'
_FLAT = re.compile(rb"(?:%b|[\[{]%b*+[\]}])*+" % (_BRACKETLESS, _BRACKETLESS))
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|(.))")
# What is nested deeper was made to be.
_MAX_DEPTH = 500
_SIMPLE = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f"}


def value_at(text: bytes, at: int) -> int:
    """Return where the next value or mark starts."""
    space = _SPACE.match(text, at)
    return space.end() if space else at


def members(text: bytes, at: int) -> Iterator[tuple[bytes, int]]:
    """Yield each key of the object at an offset, as it is written, and where its value starts."""
    at = value_at(text, at + 1) if text.startswith(b"{", at) else len(text)
    while key := _STRING.match(text, at):
        colon = value_at(text, key.end())
        if not text.startswith(b":", colon):
            return
        value = value_at(text, colon + 1)
        yield key[1], value
        at = _next(text, value)


def items(text: bytes, at: int) -> Iterator[int]:
    """Yield where each item of the array at an offset starts."""
    at = value_at(text, at + 1) if text.startswith(b"[", at) else len(text)
    while at < len(text) and not text.startswith(b"]", at):
        yield at
        at = _next(text, at)


def string_at(text: bytes, at: int) -> tuple[int, bytes] | None:
    """Return where the inside of the string at an offset starts, and the inside as it is written."""
    found = _STRING.match(text, at)
    return (found.start(1), found[1]) if found else None


def spoken(start: int, written: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield the runs of bytes that the inside of a string stands for, each after where it is written, from and to."""
    reached = 0
    for escape in _ESCAPE.finditer(written):
        if reached < escape.start():
            yield start + reached, start + escape.start(), written[reached : escape.start()]
        yield start + escape.start(), start + escape.end(), _meant(escape)
        reached = escape.end()
    if reached < len(written):
        yield start + reached, start + len(written), written[reached:]


def _meant(escape: re.Match[bytes]) -> bytes:
    high, low, simple = escape.groups()
    if high is None:
        return _SIMPLE.get(simple, simple)
    if low is None:
        return chr(int(high, 16)).encode("utf-8", "replace")
    pair = bytes.fromhex((high + low).decode())
    return pair.decode("utf-16-be", "replace").encode()


def _next(text: bytes, value: int) -> int:
    """Return where the value after the comma behind a value starts, the end of the text where none does."""
    comma = value_at(text, _end(text, value))
    return value_at(text, comma + 1) if text.startswith(b",", comma) else len(text)


def _end(text: bytes, at: int) -> int:
    """Return where the value at an offset ends, the end of the text where it does not."""
    if not text.startswith((b"{", b"["), at):
        found = _STRING.match(text, at) or _SCALAR.match(text, at)
        return found.end() if found else len(text)
    depth = 0
    while at < len(text):
        depth += 1 if text[at] in b"{[" else -1
        at += 1
        if not 0 < depth < _MAX_DEPTH:
            return at if not depth else len(text)
        flat = _FLAT.match(text, at)
        at = flat.end() if flat else len(text)
        if text.startswith(b'"', at):
            break
    return len(text)
