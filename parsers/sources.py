"""A source file as the parser needs it: UTF-8 text, where its lines begin, and the way back to the bytes on disk.

Only UTF-16 with a byte order mark is transcoded; every other encoding is parsed as it is, because the grammars accept
stray bytes in comments and strings. Decides nothing about syntax.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .function import Span

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Source:
    """``text`` is UTF-8 (as far as the file is); ``line_ends`` holds the offset after each line feed, ascending."""

    text: bytes
    line_ends: list[int]
    transcoded: bool

    def line(self, offset: int) -> int:
        """Return the zero-based line of a byte offset into ``text``."""
        return bisect_right(self.line_ends, offset)


def source_of(content: bytes) -> Source:
    """Return ``content`` ready to be parsed."""
    transcoded = content.startswith(_UTF16_MARKS)
    text = content.decode("utf-16", "replace").encode("utf-8", "replace") if transcoded else content
    # The grammars' scanners take a NUL for the end of the file.
    text = text.replace(b"\0", b" ")
    # All in C: a loop over the lines would cost a tenth of the parse.
    lengths = map((1).__add__, map(len, text.split(b"\n")))
    return Source(text, list(accumulate(lengths)), transcoded)


def original_offsets(source: Source, offsets: Iterable[int]) -> dict[int, int]:
    """Return, for offsets into the text, the offsets of the same places in the bytes on disk."""
    wanted = sorted(set(offsets))
    if not source.transcoded:
        return dict(zip(wanted, wanted, strict=True))
    found: dict[int, int] = {}
    reached, position = 0, len(_UTF16_MARKS[0])
    for offset in wanted:
        position += len(source.text[reached:offset].decode("utf-8", "replace").encode("utf-16-le"))
        reached = offset
        found[offset] = position
    return found


def text_of(content: bytes, span: Span | None = None) -> str:
    """Return the text of a span of a file's bytes, of all of it by default, in whichever encoding it is."""
    data = content if span is None else content[span.start : span.end]
    if not content.startswith(_UTF16_MARKS):
        return data.decode("utf-8", "replace")
    return data.decode("utf-16-le" if content.startswith(_UTF16_MARKS[0]) else "utf-16-be", "replace")
