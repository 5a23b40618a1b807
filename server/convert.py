r"""Byte offsets to an editor's positions: the one place where they are made. Reads no file and asks nobody.

A line ends at ``\n``, ``\r\n`` or ``\r`` and nowhere else, as the Language Server Protocol says; bytes that are no
UTF-8 count as the replacement characters an editor shows for them.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .protocol import LocatedJson

Position = dict[str, int]
Range = dict[str, Position]

_LINE_END = re.compile(rb"\r\n|\n|\r")
_UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

_UNITS: dict[str, Callable[[str], int]] = {
    "utf-8": lambda text: len(text.encode()),
    "utf-16": lambda text: len(text.encode("utf-16-le")) // 2,
    "utf-32": len,
}


@dataclass(frozen=True, slots=True)
class Text:
    """A file's bytes as UTF-8, with the offset where each line starts.

    ``utf16`` is the codec of a file on disk that was transcoded, and ``original`` its bytes.
    """

    content: bytes
    starts: list[int]
    original: bytes = b""
    utf16: str = ""


def utf8(text: str) -> bytes:
    """Return an editor's text as bytes: halves of characters that came in two edits are one character again.

    A half without its other half becomes a replacement character, which is as long to those who count in UTF-16.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def text_of(content: bytes) -> Text:
    """Return the bytes of a file, or of a document's text, ready to be asked for positions."""
    utf16 = _UTF16_MARKS.get(content[:2], "")
    original = content if utf16 else b""
    if utf16:
        content = content[2:].decode(utf16, "replace").encode()
    # An editor does not count the byte order mark: its first column comes after it.
    first = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    starts = [first, *(match.end() for match in _LINE_END.finditer(content))]
    return Text(content, starts, original, utf16)


def position(text: Text, offset: int, encoding: str) -> Position:
    """Return the position of an offset into ``text.content``; one outside of it is moved to its nearest end."""
    offset = min(max(offset, text.starts[0]), len(text.content))
    line = bisect_right(text.starts, offset) - 1
    # Between a line's last character and the next line there is nothing to point at.
    before = text.content[text.starts[line] : offset].rstrip(b"\r\n")
    return {"line": line, "character": _UNITS[encoding](before.decode("utf-8", "replace"))}


def offset(text: Text, place: Position, encoding: str) -> int:
    """Return the offset into ``text.content`` of a position; one past the end of its line or of the text is that end.

    One within a character is the character's start. A byte that is no UTF-8 counts as one character.
    """
    line, wanted = place["line"], place["character"]
    if line >= len(text.starts):
        return len(text.content)
    end = text.starts[line + 1] if line + 1 < len(text.starts) else len(text.content)
    reached, counted = text.starts[line], 0
    for character in text.content[reached:end].rstrip(b"\r\n").decode("utf-8", "surrogateescape"):
        raw = character.encode("utf-8", "surrogateescape")
        counted += _UNITS[encoding](raw.decode("utf-8", "replace"))
        if counted > wanted:
            break
        reached += len(raw)
    return reached


def disk_offset(text: Text, offset: int) -> int:
    """Return the offset into the bytes on disk of one into ``text.content``."""
    if not text.utf16:
        return offset
    return len(text.original[:2]) + len(text.content[:offset].decode("utf-8", "replace").encode(text.utf16))


def ranges(result: LocatedJson, disk: Text | None, buffer: Text | None, *, encoding: str) -> tuple[Range, Range]:
    """Return a function's whole range and its name's, in the editor's buffer where that still holds it, else on disk.

    Where neither holds it any more the offsets are clamped; where there is no file, they are the lines of the index.
    """
    place = _indexed(result, disk)
    if buffer is not None and (shift := _shift(place, buffer, disk)) is not None:
        return place_ranges(_moved(place, shift), buffer, encoding)
    if disk is not None:
        return place_ranges(place_now(result, disk), disk, encoding)
    first, last = ({"line": line - 1, "character": 0} for line in (result["line"], result["end_line"]))
    return {"start": first, "end": last}, {"start": first, "end": first}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a function is, in offsets into a text as UTF-8."""

    name: bytes
    start: int
    end: int
    name_start: int
    name_end: int


def place_now(result: LocatedJson, text: Text) -> Place:
    """Return where a function is in its file or draft, which may have changed since; where it was if it has gone."""
    place = _indexed(result, text)
    return _moved(place, _shift(place, text, text) or 0)


def place_ranges(place: Place, text: Text, encoding: str) -> tuple[Range, Range]:
    """Return a function's whole range and its name's; what is outside of the text is moved to its nearest end."""
    start, end, name_start, name_end = (
        position(text, offset, encoding) for offset in (place.start, place.end, place.name_start, place.name_end)
    )
    return {"start": start, "end": end}, {"start": name_start, "end": name_end}


def _moved(place: Place, shift: int) -> Place:
    return Place(place.name, place.start + shift, place.end + shift, place.name_start + shift, place.name_end + shift)


def _indexed(result: LocatedJson, disk: Text | None) -> Place:
    def utf8(offset: int) -> int:
        if disk is None or not disk.utf16:
            return offset
        return len(disk.original[2:offset].decode(disk.utf16, "replace").encode())

    return Place(
        result["name"].encode("utf-8", "replace"),
        utf8(result["start_byte"]),
        utf8(result["end_byte"]),
        utf8(result["name_start_byte"]),
        utf8(result["name_end_byte"]),
    )


def _shift(place: Place, text: Text, disk: Text | None) -> int | None:
    """Return how far a function has moved since it was indexed, in bytes; None where it is not to be found.

    It is looked for by the line that holds its name on disk, then by its name alone.
    """
    if len(place.name) != place.name_end - place.name_start:
        # The source writes the name in another way, or there is none: it can be neither checked nor looked for.
        return 0 if text is disk else None
    if _is_in(text, place):
        return 0
    if disk is not None and text is not disk and _is_in(disk, place):
        line_start = disk.starts[bisect_right(disk.starts, place.name_start) - 1]
        line = disk.content[line_start : place.name_end]
        if (shift := _nearest(text.content, line, line_start)) is not None:
            return shift
    return _nearest(text.content, place.name, place.name_start)


def _is_in(text: Text, place: Place) -> bool:
    return text.content[place.name_start : place.name_end] == place.name


def _nearest(content: bytes, wanted: bytes, offset: int) -> int | None:
    if not wanted:
        return None
    pattern = re.compile(rb"(?<![0-9A-Za-z_])" + re.escape(wanted) + rb"(?![0-9A-Za-z_])")
    return min((match.start() - offset for match in pattern.finditer(content)), key=abs, default=None)
