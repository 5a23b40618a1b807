"""The values of a search: what is asked and what is answered. No logic beyond checking a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .confidence import LEAST_CONFIDENCE
from .errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Query:
    """One question, narrowed by ``languages`` and ``paths`` (globs as in .gitignore); empty means all.

    ``min_score``: leave out hits whose confidence is known and lower. ``is_explained``: tell the parts of each score.
    """

    text: str
    limit: int = DEFAULT_LIMIT
    languages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    min_score: float = 0.0
    is_explained: bool = False

    def checked(self, known_languages: frozenset[str]) -> Query:
        """Return the query as it is; raise QueryError for one that cannot be answered."""
        if not self.text.strip():
            raise QueryError("The query is empty; describe what the function does.")
        if len(self.text) > MAX_QUERY_CHARACTERS:
            raise QueryError(f"The query has {len(self.text)} characters; shorten it to {MAX_QUERY_CHARACTERS}.")
        if not 1 <= self.limit <= MAX_LIMIT:
            raise QueryError(f"The limit is {self.limit}; give a number from 1 to {MAX_LIMIT}.")
        if not 0.0 <= self.min_score <= 1.0:
            raise QueryError(f"The least score is {self.min_score}; give a number from 0 to 1.")
        if unknown := sorted(set(self.languages) - known_languages):
            raise QueryError(f"Unknown language {unknown[0]!r}; known are {', '.join(sorted(known_languages))}.")
        return self


@dataclass(frozen=True, slots=True)
class Hit:
    """One function that answers a query, in a file of ``root``.

    Higher ``score`` is better; scores compare within one answer only. ``is_stale``: the file has changed since it was
    read, so that the function may have moved or gone. ``likeness``, where functions like another one were asked for:
    whether it is a copy. ``confidence``, from 0 to 1: how likely it is what was asked for, whatever the query; None
    where that is not known. ``also`` are copies of the function and others of its name in its file, which the answer
    would only repeat, each with its path. ``parts`` are those that the score is the sum of, where they were asked for.
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


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits, best first, and how much of the roots they could come from. ``model`` is None for words only.

    ``generation`` rises with every change of what was searched. ``outdated`` are the files, each with its root, that a
    hit came from and that are not as they were indexed. ``problem`` says why the model, which there is, did not answer.
    """

    hits: tuple[Hit, ...]
    coverage: Coverage
    model: str | None
    generation: int = 0
    outdated: frozenset[tuple[Path, str]] = frozenset()
    problem: str | None = None

    @property
    def is_confident(self) -> bool:
        """Whether a hit may be what was asked for: the best one's confidence is not known, or high enough."""
        known = [hit.confidence for hit in self.hits if hit.confidence is not None]
        return bool(self.hits) and (len(known) < len(self.hits) or max(known) >= LEAST_CONFIDENCE)
