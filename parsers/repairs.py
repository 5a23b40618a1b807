"""Source that a grammar cannot read, changed so that it can, every byte in its place. Pure.

The result is only parsed; names, signatures and lines come from the source as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .branches import without_torn_branches
from .macros import without_macros

if TYPE_CHECKING:
    from collections.abc import Callable

# `class Pool` with its `internal constructor(…)` in the next line: the Kotlin grammar then loses the whole class.
_CLASS_HEADER = re.compile(
    rb"\bclass[ \t]+\w+(?:<[^<>\n]*>)?[ \t]*\r?\n"
    rb"[ \t]*(?:(?:@[\w.]+(?:\([^()\n]*\))?|internal|private|protected|public|actual|expect)\s+)*constructor\b"
)
_NO_LINE_BREAKS = bytes.maketrans(b"\r\n", b"  ")


def _readable(text: bytes) -> bytes:
    return without_macros(without_torn_branches(text))


def with_class_headers_in_one_line(text: bytes) -> bytes:
    """Return Kotlin source with each class's primary constructor in the line of its name."""
    return _CLASS_HEADER.sub(lambda match: match[0].translate(_NO_LINE_BREAKS), text)


# By the name that a row of the table of languages gives.
REPAIRS: dict[str, Callable[[bytes], bytes]] = {
    "macros": _readable,
    "class headers": with_class_headers_in_one_line,
}
