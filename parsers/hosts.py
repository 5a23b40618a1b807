"""The regions of a document that are in a language with functions: scripts of a page, cells of a notebook. Pure.

A source file is one region. A document of another kind is read by the way that its row of the table of languages names.
Positions are never translated twice: a region's text is as long as the run of the source's text that it stands for,
with what is not its language blanked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .sources import source_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .language import Language
    from .sources import Source


@dataclass(frozen=True, slots=True)
class Region:
    """A run of a source's text in one language, from ``start`` on. ``text`` has a blank for each byte left out."""

    start: int
    text: bytes
    language: Language


# By the name that a row of the table of languages gives.
HOSTS: dict[str, Callable[[bytes], Sequence[Region]]] = {}


def regions_of(content: bytes, language: Language) -> tuple[Source, Sequence[Region]]:
    """Return a file's text and its regions in source order."""
    source = source_of(content)
    if not language.host:
        return source, [Region(0, source.text, language)]
    return source, HOSTS[language.host](source.text)
