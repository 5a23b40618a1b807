"""What a query says about the function it asks for: its words, the name it may be, and what it does not mind. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .lexical import WORD, as_identifier, query_words, spread

# Kept stems of texts: the paths, names and signatures of candidates, of which many come again with the next query.
# Five times as many rank no sooner (400 developers' questions over 15,000 functions, one after the other), a quarter of
# them takes half as long again. New names come with every save, so all of them are full one day: a few megabytes.
KEPT = 4_096
# Taken off a word that keeps three letters, the longest first; enough to tell that two words are of one family.
_ENDINGS = (
    "ations", "ation", "ings", "ing", "ions", "ion", "ers", "er", "ors", "or", "ies", "ied", "es", "ed", "s", "e", "y",
)  # fmt: skip
_LEAST_STEM = 3
_ASKS_FOR_TESTS = re.compile(r"\b(test|tests|testing|spec|mock|fixture)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as ranking sees it.

    ``words`` are the stems of the words that say something. ``identifier`` is the scopes and name where all of it is
    one identifier, else ``()``. ``squeezed`` is the name it may be, as `squeeze` writes it. ``wants_tests``: tests
    yield to nothing.
    """

    words: frozenset[str]
    identifier: tuple[str, ...]
    squeezed: str
    wants_tests: bool


def asked(query: str) -> Asked:
    """Return what a query says."""
    identifier = as_identifier(query)
    words = frozenset(map(stem, query_words(query)))
    name = identifier[-1] if identifier else query
    return Asked(words, identifier, squeeze(name), bool(_ASKS_FOR_TESTS.search(query)))


@lru_cache(KEPT)
def squeeze(name: str) -> str:
    """Return a name without case and without what separates its words: ``parseHeader``, ``parse_header`` are one."""
    return "".join(WORD.findall(name)).casefold()


def words_in(text: str, words: frozenset[str]) -> frozenset[str]:
    """Return which of some stems are stems of words of a text; ``words & stems(text)``, much sooner."""
    words = perhaps_in(text, words)
    return words & stems(text) if words else words


def perhaps_in(text: str, words: frozenset[str]) -> frozenset[str]:
    """Return the stems that may be of words of a text: each is the beginning of a word, so it stands in the text."""
    if not text.isascii():
        return words
    lowered = text.lower()
    return frozenset([word for word in words if word in lowered])


@lru_cache(KEPT)
def stems(text: str) -> frozenset[str]:
    """Return the stems of all words of an identifier, a path or a signature."""
    return frozenset(stem(word.lower()) for word in WORD.findall(spread(text)))


def bare_stem(word: str) -> str:
    """Return a lower-case word without its ending."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word


# The same word comes with every text.
stem = lru_cache(KEPT)(bare_stem)
