"""Words of a query that stand nowhere, and the words they are meant for: "exponental" is asked for as "exponential".

Only words that no index holds and that are no English, so that nothing that can be found is respelled. Changes nothing
on disk.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from .english import english_words, is_english
from .lexical import MAX_QUERY_WORDS, STOP_WORDS
from .retrieval import matches
from .slips import near_words
from .vocabulary import holds, holds_beginning, stem_of, stems_from

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from .store import Database

# Shorter words have too many neighbours to be meant for one of them.
LEAST_LETTERS = 5
# Words of prose: no part of an identifier, a path or a number.
_PLAIN = re.compile(rf"(?<![\w.:/\\#$@-])[A-Za-z][a-z]{{{LEAST_LETTERS - 1},}}(?![\w:/\\#(]|\.\w)")


def respelled(text: str, catalogues: Collection[Database]) -> tuple[str, dict[str, str]]:
    """Return a query with its misspelled words as they are meant, and those words: as typed, and as meant."""
    typed = list(dict.fromkeys(_PLAIN.findall(text)))
    # A pasted document or code says what it says, and looking for so many words would take seconds.
    meant = dict(_respellings(typed, catalogues)) if len(typed) <= MAX_QUERY_WORDS else {}
    return _PLAIN.sub(lambda word: meant.get(word[0], word[0]), text) if meant else text, meant


def _respellings(words: Iterable[str], catalogues: Collection[Database]) -> Iterator[tuple[str, str]]:
    for typed in words:
        word = typed.lower()
        if not _is_word(word, catalogues) and (meant := _meant(word, catalogues)):
            yield typed, meant


def _is_word(word: str, catalogues: Collection[Database]) -> bool:
    """Say whether a word is one, or begins one that is held: who searches while typing is not at its end."""
    # In the order of what most words are, and of what it takes to know it.
    return (
        word in STOP_WORDS
        or any(holds(one, word) for one in catalogues)
        or is_english(word)
        or any(holds_beginning(one, word) for one in catalogues)
    )


def _meant(word: str, catalogues: Collection[Database]) -> str | None:
    """Return the nearest word that is held: an English one, unless one of the code is nearer."""
    near = _near_english(word, catalogues)
    if near is None or near[0] > 1:
        near = min(filter(None, (near, _near_stem(word, catalogues))), default=None, key=lambda one: one[0])
    return None if near is None else near[1]


def _near_english(word: str, catalogues: Collection[Database]) -> tuple[int, str] | None:
    near = near_words(word, (one for one in english_words() if one[0] == word[0]))
    counts = {one: sum(matches(catalogue, one) for catalogue in catalogues) for one in near}
    return min(
        ((slips, one) for one, slips in near.items() if counts[one]),
        default=None,
        key=lambda one: (one[0], -counts[one[1]]),
    )


def _near_stem(word: str, catalogues: Collection[Database]) -> tuple[int, str] | None:
    counts: Counter[str] = Counter()
    stem = word
    for catalogue in catalogues:
        stem = stem_of(catalogue, word)
        counts.update(stems_from(catalogue, word[0]))
    near = near_words(stem, counts)
    # The ending that stemming took away makes a word of what is meant again.
    ending = word[len(stem) :] if word.startswith(stem) else ""
    return min(((slips, one + ending) for one, slips in near.items()), default=None, key=lambda one: one[0])
