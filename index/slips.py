"""Names that a typed one may be meant for: one or two slips of the keyboard away. Pure; the only importer of rapidfuzz.

A slip is a letter left out, added, changed, or swapped with its neighbour (optimal string alignment), which is four in
five misspellings of people who type (Damerau 1964).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from .asked import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable

# Shorter names have too many neighbours to mean one of them.
LEAST_NAME = 4
# Two slips need a name in which they leave most of it.
LEAST_NAME_OF_TWO = 8
MOST_NAMES = 20


def most_slips(squeezed: str) -> int:
    """Return how many slips a name of this length, as `asked.squeeze` writes it, may have."""
    return 0 if len(squeezed) < LEAST_NAME else 1 if len(squeezed) < LEAST_NAME_OF_TWO else 2


def near_names(squeezed: str, names: Iterable[str]) -> dict[str, tuple[int, list[str]]]:
    """Return those of some names that are near one, by how they are squeezed: the slips, and the names as written."""
    written: dict[str, list[str]] = {}
    for name in names:
        written.setdefault(squeeze(name), []).append(name)
    found = extract(squeezed, list(written), scorer=OSA.distance, score_cutoff=most_slips(squeezed), limit=MOST_NAMES)
    return {name: (int(slips), written[name]) for name, slips, _ in found if slips}


def near_words(word: str, words: Iterable[str]) -> dict[str, int]:
    """Return those of some words that one may be meant for, each with the slips between them."""
    found = extract(word, list(words), scorer=OSA.distance, score_cutoff=most_slips(word), limit=MOST_NAMES)
    return {one: int(slips) for one, slips, _ in found}
