"""Words of programmers in other languages than English, and what code calls these things. Reads its files once.

``glossaries/de.txt`` and its likes hold an entry a line: a word in its base form, a tab, and the English words; what
has no English words stands between others and says nothing, such as "und".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import snowballstemmer

from .lexical import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

# Languages that write words apart, by the names of their files, and of their stemmers.
SPACED = {"de": "german", "es": "spanish"}
UNSPACED = ("ja", "zh")
# In these a word may be made of others.
COMPOUNDING = ("de",)
# A part of a compound has so many letters, and what may join it to the next.
LEAST_PART = 4
_JOINTS = ("es", "en", "s", "n")
# What has more letters is no word; its stem is not kept.
MOST_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words of one language, with the English ones.

    ``kin`` are the words of each stem, the shortest first; there are none where words are not written apart. ``silent``
    are words, and stems of words, that say nothing. ``longest`` is the number of characters of the longest word.
    """

    name: str
    words: Mapping[str, str]
    kin: Mapping[str, tuple[str, ...]]
    silent: Collection[str]
    longest: int


@cache
def entries(name: str) -> Mapping[str, str]:
    """Return the glossary ``de``, ``es``, ``ja`` or ``zh`` as it is written."""
    lines = files(__package__).joinpath("glossaries", f"{name}.txt").read_text("utf-8").splitlines()
    return {word: english for word, _, english in (line.partition("\t") for line in lines)}


@cache
def glossary(name: str) -> Glossary:
    """Return the glossary ``de``, ``es``, ``ja`` or ``zh``. The first call stems all words: a tenth of a second."""
    written = entries(name)
    words = {word: _telling(english) for word, english in written.items() if english}
    kin: dict[str, tuple[str, ...]] = {}
    for word in sorted(words, key=len) if name in SPACED else ():
        kin[_stem(name, word)] = (*kin.get(_stem(name, word), ()), word)
    silent = written.keys() - words.keys()
    return Glossary(name, words, kin, silent.union(_stem(name, word) for word in silent), max(map(len, written)))


def _telling(english: str) -> str:
    """Return the words that say something about code, all of them where none does."""
    return " ".join(word for word in english.split() if word not in STOP_WORDS) or english


def is_silent(book: Glossary, word: str) -> bool:
    """Say whether a word in lower case says nothing, as "und"."""
    is_word = len(word) <= MOST_LETTERS and word not in book.words
    return is_word and (word in book.silent or _stem(book.name, word) in book.silent)


def english_of(book: Glossary, word: str) -> str:
    """Return the English words for a word in lower case of a language that writes words apart, "" where none are."""
    if len(word) > MOST_LETTERS:
        return ""
    return _own(book, word) or (" ".join(_parts(book, word)) if book.name in COMPOUNDING else "")


def _own(book: Glossary, word: str) -> str:
    """Return the English words for a word in any of its forms: as that word of its stem that it has most in common."""
    kin = book.kin.get(_stem(book.name, word), ())
    nearest = word if word in book.words else max(kin, key=lambda one: _shared(one, word), default="")
    return book.words.get(nearest, "")


def _shared(word: str, other: str) -> int:
    """Return how many letters at their beginning two words share."""
    return next((place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), len(word))


def _parts(book: Glossary, word: str) -> tuple[str, ...]:
    """Return the English words for the parts of a compound, the longest first part first; none unless all are known."""
    for place in range(len(word) - LEAST_PART, LEAST_PART - 1, -1):
        first = _joined(book, word[:place])
        rest = english_of(book, word[place:]) if first else ""
        if rest:
            return first, rest
    return ()


def _joined(book: Glossary, part: str) -> str:
    """Return the English words for what begins a compound, with or without what joins it to the rest."""
    bare = (part.removesuffix(joint) for joint in _JOINTS if part.endswith(joint))
    return next(filter(None, (_own(book, one) for one in (part, *bare) if len(one) >= LEAST_PART)), "")


def in_run(book: Glossary, run: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a run of characters that is written without spaces, with the English ones ("" for none).

    At every place the longest word that is known counts; characters of no known word are passed over.
    """
    place = 0
    while place < len(run):
        ends = range(min(len(run), place + book.longest), place, -1)
        known = (run[place:end] for end in ends if run[place:end] in book.words or run[place:end] in book.silent)
        word = next(known, "")
        if word:
            yield word, book.words.get(word, "")
        place += len(word) or 1


@lru_cache(maxsize=8_192)
def _stem(name: str, word: str) -> str:
    # A stemmer holds the word that it works on, so that no two threads may share one.
    return str(snowballstemmer.stemmer(SPACED[name]).stemWord(word)) if name in SPACED else word
