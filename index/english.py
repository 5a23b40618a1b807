"""English words, to tell one that is misspelled from one that a repository does not happen to hold. Pure.

``english.txt`` holds the words of five letters and more in the vocabulary of all-MiniLM-L6-v2 (Apache-2.0): those that
it met most in Wikipedia and books.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from .asked import bare_stem


def is_english(word: str) -> bool:
    """Say whether a word in lower case is an English one, in any of its usual forms."""
    return bare_stem(word) in _stems()


@cache
def english_words() -> tuple[str, ...]:
    """Return all the words, in lower case and in the order of the alphabet."""
    # Read when a word is held nowhere, which is rare: two megabytes that most services never need.
    return tuple(files(__package__).joinpath("english.txt").read_text("ascii").split())


@cache
def _stems() -> frozenset[str]:
    return frozenset(map(bare_stem, english_words()))
