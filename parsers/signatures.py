"""The signature of a function on one line: everything before its body but decorators and comments. Pure."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .docs import Trivia
    from .findings import Definition

MAX_SIGNATURE_CHARACTERS = 300
# Read at most this much for it: a parameter list may hold a whole program.
_MAX_BYTES = 4 * MAX_SIGNATURE_CHARACTERS


def signature(text: bytes, trivia: Trivia, definition: Definition) -> str:
    """Return the signature of a definition, its white space collapsed and its body's opening mark left out."""
    pieces = _pieces(text, trivia, definition, definition.head_end)
    return one_line(pieces.decode("utf-8", "replace"))


def one_line(text: str) -> str:
    """Return a signature on one line, without the mark that opens the body."""
    line = " ".join(text.split())
    if "\n" in text:
        line = line.replace("( ", "(").replace(", )", ")").replace(" )", ")")
    return line[:MAX_SIGNATURE_CHARACTERS].rstrip(" :{;=,")


def _pieces(text: bytes, trivia: Trivia, definition: Definition, stop: int) -> bytes:
    """Return what lies between the comments, and between the decorators before the name."""
    kept = b""
    reached = definition.start
    index = bisect_left(trivia.starts, reached)
    while index < len(trivia.starts) and trivia.starts[index] < stop and len(kept) < _MAX_BYTES:
        if trivia.roles[index] == "comment" or trivia.ends[index] <= definition.name_start:
            kept += text[reached : min(trivia.starts[index], reached + _MAX_BYTES)] + b" "
            reached = max(reached, trivia.ends[index])
        index += 1
    return kept + text[reached : min(stop, reached + _MAX_BYTES)]
