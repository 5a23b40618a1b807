"""A region: what of a document is in one language. Pure.

Positions are never translated twice: a region's text is as long as the run of the source's text that it stands for,
with what is not its language blanked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .language import Language

_LINE_ENDS = (0x0A, 0x0D)
_BLANKS = bytes(byte if byte in _LINE_ENDS else 0x20 for byte in range(256))


@dataclass(frozen=True, slots=True)
class Region:
    """A run of a source's text in one language, from ``start`` on. ``text`` has a blank for each byte left out."""

    start: int
    text: bytes
    language: Language


def blanked(text: bytes) -> bytes:
    """Return as many blanks, the line ends where they were."""
    return text.translate(_BLANKS)
