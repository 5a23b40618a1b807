"""A source file as the parser needs it: UTF-8 text, where its lines begin, and the way back to the bytes on disk.

UTF-16 with a byte order mark is transcoded, and of a notebook only the code is taken, as it would run; every other
encoding is parsed as it is, because the grammars accept stray bytes in comments and strings. Decides nothing about
syntax.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_START = attrgetter("start")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text, from ``start`` to the next piece: it lies on disk from ``on_disk`` to ``end``.

    It lies there as it is, or as one escape, which may be longer.
    """

    start: int
    on_disk: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """``text`` is UTF-8 (as far as the file is); ``line_ends`` holds the offset after each line end, ascending.

    ``pieces``, ascending, say where a text lies that is no run of the file's bytes; none: where its offsets say.
    """

    text: bytes
    line_ends: Sequence[int]
    is_utf16: bool = False
    pieces: Sequence[Piece] = ()

    @property
    def is_moved(self) -> bool:
        """Whether the text lies elsewhere on disk than its offsets say."""
        return self.is_utf16 or bool(self.pieces)

    def line(self, offset: int) -> int:
        """Return the zero-based line of a byte offset into ``text``."""
        return bisect_right(self.line_ends, offset)


def source_of(content: bytes) -> Source:
    """Return ``content`` ready to be parsed."""
    text = parsed_text(content)
    return Source(text, line_ends_of(text), is_utf16(content))


def is_utf16(content: bytes) -> bool:
    """Return whether a file says that it is UTF-16, so that its text lies elsewhere than its bytes."""
    return content.startswith(_UTF16_MARKS)


def parsed_text(content: bytes) -> bytes:
    """Return the text of a source file as a grammar can read it, in UTF-8 as far as the file is."""
    text = content.decode("utf-16", "replace").encode("utf-8", "replace") if is_utf16(content) else content
    # The grammars' scanners take a NUL for the end of the file.
    text = text.replace(b"\0", b" ")
    if b"\r" in text and b"\n" not in text:
        # The line ends of the old Macintosh; to a grammar a comment would go on to the end of the file.
        text = text.replace(b"\r", b"\n")
    return text


def line_ends_of(text: bytes) -> list[int]:
    """Return the offset after each line feed."""
    # All in C: a loop over the lines would cost a tenth of the parse.
    return list(accumulate(map((1).__add__, map(len, text.split(b"\n")))))


def original_starts(source: Source, offsets: Iterable[int]) -> dict[int, int]:
    """Return, for offsets at which something in a text starts that is moved, where it starts in the bytes on disk."""
    if source.is_utf16:
        return _utf16_offsets(source.text, sorted(set(offsets)))
    return {offset: _start_on_disk(source, offset) for offset in offsets}


def original_ends(source: Source, offsets: Iterable[int]) -> dict[int, int]:
    """Return, for offsets at which something in a text ends that is moved, where it ends in the bytes on disk.

    Which need not be where the next thing starts: between two strings of a notebook lies what belongs to neither.
    """
    if source.is_utf16:
        return _utf16_offsets(source.text, sorted(set(offsets)))
    return {offset: _end_on_disk(source, offset) for offset in offsets}


def _start_on_disk(source: Source, offset: int) -> int:
    piece = source.pieces[max(0, bisect_right(source.pieces, offset, key=_START) - 1)]
    return piece.on_disk + offset - piece.start


def _end_on_disk(source: Source, offset: int) -> int:
    number = max(0, bisect_left(source.pieces, offset, key=_START) - 1)
    piece, behind = source.pieces[number], source.pieces[number + 1 : number + 2]
    is_whole = offset == (behind[0].start if behind else len(source.text))
    return piece.end if is_whole else piece.on_disk + offset - piece.start


def _utf16_offsets(text: bytes, wanted: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    reached, position = 0, len(_UTF16_MARKS[0])
    for offset in wanted:
        position += len(text[reached:offset].decode("utf-8", "replace").encode("utf-16-le"))
        reached = offset
        found[offset] = position
    return found
