"""A query answered: candidates by words, by name and by vector, ranked together. Changes nothing.

The number of candidates is fixed, so the first hits never depend on how many were asked for.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from .asked import asked
from .confidence import confidence
from .hits import MAX_LIMIT, MOST_ALSO, Hit
from .lexical import query_words
from .ranking import Candidate, grouped, rank
from .retrieval import (
    by_labels,
    by_name,
    by_rows,
    by_words,
    by_words_measured,
    cosines,
    functions_of,
    labels_among,
    labels_in,
    labels_of,
    names_of_length,
    nearest_exactly,
    scope_of,
)
from .slips import most_slips, near_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from .asked import Asked
    from .hits import Query
    from .ranking import Ranked
    from .retrieval import Named, Scope
    from .store import Database

# Candidates each side proposes; the union is ranked. Not below MAX_LIMIT, or long answers would run dry.
POOL = MAX_LIMIT
# Up to so many labels in scope every vector is compared: some 5 to 10 µs each, about what two searches that ask the
# graph for far more than is wanted cost.
EXACT_LABELS = 1_000
# How many are proposed in vain for each that a filter lets through: asked for in two rounds, then all are compared.
OVERFETCH = (5, 20)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The dense side of one search: the query's unit vector, its model's number, and who proposes labels near it.

    ``embedded`` waits for the vector, which is computed while the words are looked for; it raises ModelError.
    ``nearest`` returns None where it cannot tell for the state the query reads: every vector is compared then.
    ``is_calibrated``: `confidence` knows this model's cosines.
    """

    embedded: Callable[[], NDArray[np.float32]]
    model: int
    nearest: Callable[[NDArray[np.float32], int], list[int] | None]
    is_calibrated: bool = False

    @property
    def vector(self) -> NDArray[np.float32]:
        """The query's unit vector."""
        return self.embedded()


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor has not saved of a document: its URI, as the editor names it, and its text as UTF-8."""

    uri: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Source:
    """One root to search, or the part of it ``below`` a folder or file; by words only where ``meaning`` is None.

    ``hidden`` are files, by their paths, of which another source has a newer text. ``drafts``, by path, are those
    texts, where this is that source; how much a word says is told by the catalogue ``measured_by`` then, because so few
    functions tell nothing of it.
    """

    root: Path
    catalogue: Database
    meaning: Meaning | None
    below: str = ""
    hidden: frozenset[str] = frozenset()
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    measured_by: Database | None = None

    def draft_of(self, path: str) -> str:
        """Return the URI of the draft of a path, ``""`` where there is none."""
        return self.drafts[path].uri if path in self.drafts else ""


class Gathered(NamedTuple):
    """What is ranked together for one query, and the names near the typed one with their slips."""

    asked: Asked
    candidates: list[Candidate]
    slips: dict[str, int]


def find(sources: Sequence[Source], query: Query) -> tuple[Hit, ...]:
    """Return the hits of a checked query over all sources, ranked together, best first; raises ModelError."""
    with snapshots(sources):
        return found_in(sources, query)


def found_in(sources: Sequence[Source], query: Query) -> tuple[Hit, ...]:
    """Return the hits as `find` does. Call within a snapshot of every catalogue."""
    pool = gathered(sources, query)
    groups = grouped(rank(*pool))
    is_calibrated = all(source.meaning is None or source.meaning.is_calibrated for source in sources)
    # One after the other: a hundred candidates need no confidence when ten are wanted.
    known = ((group, confidence(pool.asked, group[0]) if is_calibrated else None) for group in groups)
    kept = (one for one in known if one[1] is None or one[1] >= query.min_score)
    return tuple(_hits(sources, list(islice(kept, query.limit)), is_explained=query.is_explained))


@contextlib.contextmanager
def snapshots(sources: Sequence[Source]) -> Iterator[None]:
    """Read one committed state of every source for as long as the block lasts."""
    with contextlib.ExitStack() as stack:
        # Two parts of a root share the catalogue of its drafts.
        for catalogue in dict.fromkeys(source.catalogue for source in sources):
            stack.enter_context(catalogue.snapshot())
        yield


def gathered(sources: Sequence[Source], query: Query) -> Gathered:
    """Return the candidates of a checked query over all sources. Call within a snapshot of every catalogue."""
    pool = Gathered(asked(query.text), [], {})
    for number, source in enumerate(sources):
        pool.candidates.extend(_candidates(number, source, query, question=pool.asked, slips=pool.slips))
    return pool


def _candidates(
    number: int, source: Source, query: Query, *, question: Asked, slips: dict[str, int]
) -> Iterator[Candidate]:
    """Yield the candidates of one source, and note the names near the typed one in ``slips``."""
    catalogue = source.catalogue
    scope = scope_of(catalogue, query, below=source.below, hidden=source.hidden)
    lexical = lexical_scores(source, query_words(f"{query.text} {query.untranslated}"), scope)
    rows = {*lexical, *_named_rows(catalogue, question, scope, slips=slips)}
    found = by_rows(catalogue, rows)
    dense: dict[int, float] = {}
    if source.meaning is not None:
        found, dense = with_nearest(catalogue, source.meaning, scope, found)
    for one in found:
        scores = dense.get(one.row), lexical.get(one.row, 0.0)
        marks = one.is_declaration, one.is_test, one.is_generated
        yield Candidate(
            number, one.row, one.path, one.name, one.qualified_name, *scores, one.label, one.signature, *marks
        )


def lexical_scores(source: Source, words: tuple[str, ...], scope: Scope) -> dict[int, float]:
    """Return BM25 of the `POOL` functions of a source that match words best."""
    if source.measured_by is None:
        return by_words(source.catalogue, words, scope, count=POOL)
    return by_words_measured(source.catalogue, source.measured_by, words, scope)


def _named_rows(catalogue: Database, question: Asked, scope: Scope, *, slips: dict[str, int]) -> Iterator[int]:
    """Yield functions of the name that was typed, where it is one, or else of names a slip or two away."""
    if not question.identifier:
        return
    exact = by_name(catalogue, question.identifier[-1], scope, count=POOL)
    yield from exact
    most = most_slips(question.squeezed)
    if exact or not most:
        return
    length = len(question.squeezed)
    near = near_names(question.squeezed, names_of_length(catalogue, length - most, length + most, scope))
    for squeezed, (count, names) in near.items():
        slips[squeezed] = count
        for name in names:
            yield from by_name(catalogue, name, scope, count=POOL)


def _hits(
    sources: Sequence[Source], found: Sequence[tuple[Sequence[Ranked], float | None]], *, is_explained: bool
) -> Iterator[Hit]:
    """Yield a hit for each group, with the confidence in its first."""
    rows: dict[int, list[int]] = {}
    for group, _ in found:
        for one in group[: 1 + MOST_ALSO]:
            rows.setdefault(one.candidate.source, []).append(one.candidate.row)
    functions = {number: functions_of(sources[number].catalogue, chosen) for number, chosen in rows.items()}
    for group, sure in found:
        first, *others = (functions[one.candidate.source][one.candidate.row] for one in group[: 1 + MOST_ALSO])
        best = group[0]
        yield Hit(
            sources[best.candidate.source].root,
            *first,
            round(best.score, 4),
            confidence=None if sure is None else round(sure, 3),
            parts={name: round(part, 4) for name, part in best.parts.items()} if is_explained else None,
            also=tuple(others),
            draft=sources[best.candidate.source].draft_of(first[0]),
        )


def with_nearest(
    catalogue: Database, meaning: Meaning, scope: Scope, found: Sequence[Named]
) -> tuple[list[Named], dict[int, float]]:
    """Return some functions and those that are nearest, and by row the cosine of each that has a vector.

    Of a long function the nearest of its windows counts.
    """
    labels = labels_of(catalogue, found)
    scores = dense_scores(catalogue, meaning, scope, known={label for own in labels.values() for label in own})
    near = by_labels(catalogue, _nearest_first(scores, scores)[: 2 * POOL], scope)
    new = [one for one in near if one.row not in labels]
    labels |= labels_of(catalogue, new)
    unknown = {label for one in new for label in labels[one.row]} - scores.keys()
    scores |= cosines(catalogue, meaning.model, unknown, meaning.vector)
    known = {row: [scores[label] for label in own if label in scores] for row, own in labels.items()}
    return [*found, *new], {row: max(of_row) for row, of_row in known.items() if of_row}


def dense_scores(catalogue: Database, meaning: Meaning, scope: Scope, *, known: set[int]) -> dict[int, float]:
    """Return the cosines of the ``known`` labels and of the `POOL` nearest proposed ones.

    A graph beside vectors it lacks yet proposes up to twice as many as one that has them all: the rest is cut by the
    exact cosine, so that both give the same answer.
    """
    near = set(_proposals(catalogue, meaning, scope))
    if scope.hidden:
        near = set(labels_among(catalogue, near, scope))
    scores = cosines(catalogue, meaning.model, known | near, meaning.vector)
    kept = known.union(_nearest_first(near & scores.keys(), scores)[:POOL])
    return {label: score for label, score in scores.items() if label in kept}


def _nearest_first(labels: Iterable[int], scores: Mapping[int, float]) -> list[int]:
    return sorted(labels, key=lambda label: (-scores[label], label))


def _proposals(catalogue: Database, meaning: Meaning, scope: Scope) -> list[int]:
    if scope.is_everything:
        near = meaning.nearest(meaning.vector, POOL + scope.hidden)
        if near is not None:
            return near
    inside = labels_in(catalogue, scope)
    if len(inside) > EXACT_LABELS and not scope.is_everything:
        allowed = set(inside)
        for factor in OVERFETCH:
            near = [label for label in meaning.nearest(meaning.vector, factor * POOL) or () if label in allowed]
            if len(near) >= POOL:
                return near[:POOL]
    return nearest_exactly(catalogue, meaning.model, inside, vector=meaning.vector, count=POOL)
