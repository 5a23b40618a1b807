"""The values of a search: what is asked and what is answered. No logic beyond checking a question."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass, field
from reprlib import repr as shortened
from typing import TYPE_CHECKING

from .confidence import LEAST_CONFIDENCE
from .errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from ..parsers import Function
    from .catalogue import Coverage
    from .likeness import Likeness

DEFAULT_LIMIT = 10
# The candidates that are ranked together; more results than this would have no dense score.
MAX_LIMIT = 100
# Of copies and overloads of a hit so many are told; who wants them all asks for functions like it.
MOST_ALSO = 20
# A pasted file is a mistake; a pasted function is a fair query.
MAX_QUERY_CHARACTERS = 20_000
# Seconds since the epoch that nanoseconds in 64 bits can tell, some 290 years each way.
MOST_SECONDS = 9e9
# Control characters, marks that format, spaces and line ends. What this Python does not know yet, such as the emoji of
# next year, may be seen.
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Query:
    """One question, narrowed by ``languages``, ``paths`` (globs as in .gitignore) and ``kinds``; empty means all.

    ``min_score``: leave out hits whose confidence is known and lower. ``is_explained``: tell the parts of each score.
    ``changed_since``: only files that were changed at this time or later, in seconds since the epoch. ``is_reranked``:
    gather what a reranker needs; see `reranking`, which takes the answer then. ``untranslated`` is what was typed where
    that was not English and ``text`` is: its words are looked for too.
    """

    text: str
    limit: int = DEFAULT_LIMIT
    languages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    min_score: float = 0.0
    is_explained: bool = False
    kinds: tuple[str, ...] = ()
    changed_since: float | None = None
    is_reranked: bool = False
    untranslated: str = ""

    def checked(self, known_languages: frozenset[str]) -> Query:
        """Return the query as it is; raise QueryError for one that cannot be answered."""
        from ..parsers import KINDS

        _check_text(self.text)
        if isinstance(self.limit, bool) or not isinstance(self.limit, int) or not 1 <= self.limit <= MAX_LIMIT:
            raise QueryError(f"The limit is {shortened(self.limit)}; give a whole number from 1 to {MAX_LIMIT}.")
        if not 0.0 <= self.min_score <= 1.0:
            raise QueryError(f"The least score is {self.min_score}; give a number from 0 to 1.")
        check_known("language", self.languages, known_languages)
        check_known("kind", self.kinds, KINDS)
        for glob in self.paths:
            _check_glob(glob)
        if self.changed_since is not None:
            check_moment(self.changed_since)
        return self


def check_known(what: str, names: Collection[str], known: Collection[str]) -> None:
    """Raise QueryError for the first name that is not known, and tell those that are."""
    if unknown := sorted(set(names) - set(known)):
        raise QueryError(f"Unknown {what} {shortened(unknown[0])}; known are {', '.join(sorted(known))}.")


def check_moment(seconds: float) -> None:
    """Raise QueryError for what is no time in seconds since the epoch."""
    if not abs(seconds) <= MOST_SECONDS:  # nor not-a-number
        told = shortened(seconds)
        raise QueryError(f"The time since which files changed is {told}; give seconds since 1970-01-01 UTC.")


def _check_text(text: str) -> None:
    if len(text) > MAX_QUERY_CHARACTERS:
        raise QueryError(f"The query has {len(text)} characters; shorten it to {MAX_QUERY_CHARACTERS}.")
    # Read on, each letter of such a text would be a word of its own.
    if text.strip("\0") and "\0" in text:
        raise QueryError("The query has NUL characters in it, as text in UTF-16 does; give it in UTF-8.")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise QueryError("The query has bytes or halves of characters in it that are no text; give it in UTF-8.")
    if all(unicodedata.category(character) in _UNSEEN for character in text):
        raise QueryError("The query is empty; describe what the function does.")


def _check_glob(glob: str) -> None:
    if not glob.strip():
        raise QueryError("A pattern of paths is empty; give one as in .gitignore, or none to search all paths.")
    try:
        os.fsencode(glob)
    except UnicodeEncodeError as error:
        raise QueryError(f"The pattern {shortened(glob)} has halves of characters in it; give it in UTF-8.") from error


@dataclass(frozen=True, slots=True)
class Hit:
    """One function that answers a query, in a file of ``root``.

    Higher ``score`` is better; scores compare within one answer only. ``is_stale``: the file has changed since it was
    read, so that the function may have moved or gone. ``likeness``, where functions like another one were asked for:
    whether it is a copy. ``confidence``, from 0 to 1: how sure it is what was asked for, whatever the query; None
    where that is not known. ``also`` are copies of the function and others of its name in its file, which the answer
    would only repeat, each with its path. ``parts`` are those that the score is the sum of, where they were asked for.
    ``draft``: the URI of the unsaved document that it is in, ``""`` where it is in a file.
    """

    root: Path
    path: str
    function: Function
    score: float
    is_stale: bool = False
    likeness: Likeness | None = None
    confidence: float | None = None
    parts: Mapping[str, float] | None = None
    also: tuple[tuple[str, Function], ...] = ()
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a query was read, where not as it was typed.

    ``respelled`` are words of it that stand nowhere, each with the word that was searched for in its place; ``english``
    are the English words for a query in another language.
    """

    respelled: Mapping[str, str] = field(default_factory=dict)
    english: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits, best first, and how much of the roots they could come from. ``model`` is None for words only.

    ``generation`` rises with every change of what was searched. ``outdated`` are the files, each with its root, that a
    hit came from and that are not as they were indexed. ``problem`` says why the model, which there is, did not answer.
    ``reranker`` is the model that put the first hits in order, ``unranked`` says why none did though that was asked
    for; ``documents``, one for each of the first hits, are for `reranking` only.
    """

    hits: tuple[Hit, ...]
    coverage: Coverage
    model: str | None
    generation: int = 0
    outdated: frozenset[tuple[Path, str]] = frozenset()
    problem: str | None = None
    reranker: str | None = None
    unranked: str | None = None
    documents: tuple[str, ...] = ()
    reading: Reading = field(default_factory=Reading)

    @property
    def is_confident(self) -> bool:
        """Whether a hit may be what was asked for: the best one's confidence is not known, or high enough."""
        known = [hit.confidence for hit in self.hits if hit.confidence is not None]
        return bool(self.hits) and (len(known) < len(self.hits) or max(known) >= LEAST_CONFIDENCE)
