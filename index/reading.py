"""How a query is read before anything is looked for: in English, without misspelled words. Changes nothing on disk."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .hits import Reading
from .misspellings import respelled
from .translation import translated

if TYPE_CHECKING:
    from collections.abc import Collection

    from .hits import Query
    from .store import Database


def understood(query: Query, catalogues: Collection[Database]) -> tuple[Query, Reading]:
    """Return a query as it is searched for in some catalogues, and what was made of it."""
    # Words of another language are no misspelled English.
    if english := translated(query.text, catalogues):
        return replace(query, text=english, untranslated=query.text), Reading(english=english)
    text, meant = respelled(query.text, catalogues)
    return replace(query, text=text), Reading(meant)
