"""Functions like a given one, in any language: what is asked about, its vectors, the answer. Changes nothing.

As for a search the number of candidates is fixed, so that the first hits never depend on how many were asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..parsers import LANGUAGES
from .drafts import over
from .errors import IndexDamaged, ModelError, QueryError
from .exact import are_unit
from .hits import DEFAULT_LIMIT, Answer, Query
from .reader import whole_coverage
from .resemblance import best, candidates, resembling
from .search import snapshots
from .staleness import present
from .subject import Pasted, pasted_subject, subject_in
from .vector_cache import as_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from .drafts import Drafts
    from .embedder import Embedder
    from .positions import Position
    from .reader import Reader
    from .search import Source
    from .store import Database
    from .subject import Asked, Subject

    # Roots to look in, each with the part of it to look in (``""`` for all).
    Parts = Sequence[tuple[Reader, str]]

_KNOWN_LANGUAGES = frozenset(language.name for language in LANGUAGES)


@dataclass(frozen=True, slots=True)
class InFile:
    """A position or range in a file of a reader's root; ``path`` is relative to it."""

    reader: Reader
    path: str
    position: Position


@dataclass(frozen=True, slots=True)
class SimilarQuery:
    """What is to be like what, narrowed as a ``Query``; ``same_language``: only in the language asked about."""

    about: InFile | Pasted
    limit: int = DEFAULT_LIMIT
    languages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    same_language: bool = False
    kinds: tuple[str, ...] = ()
    changed_since: float | None = None


@dataclass(frozen=True, slots=True)
class Vectors:
    """A unit row for each that is asked about, and the model they are of; without rows, perhaps the reason."""

    rows: Sequence[NDArray[np.float32]] = ()
    identity: str = ""
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Likened:
    """What was asked about, in a few words, and the functions like it, copies first."""

    title: str
    answer: Answer


def similar(parts: Parts, query: SimilarQuery, drafted: Sequence[Drafts] = ()) -> Likened:
    """Return the functions like what a query is about, in some roots and in drafts in them.

    Raises QueryError, and IndexFailure where one cannot be read.
    """
    try:
        return _similar(parts, query, drafted)
    except IndexDamaged:
        for reader in {*(reader for reader, _ in parts), _asking(parts, query)}:
            reader.tell_damage()
        raise


def _asking(parts: Parts, query: SimilarQuery) -> Reader:
    """Return the reader of the root that what is asked about comes from, the first one for code from elsewhere."""
    if isinstance(query.about, InFile):
        return query.about.reader
    path = Path(query.about.path)
    return next((reader for reader, _ in parts if path.is_relative_to(reader.root)), parts[0][0])


def _similar(parts: Parts, query: SimilarQuery, drafted: Sequence[Drafts]) -> Likened:
    subject = _subject(query.about)
    filters = _filters(query, subject)
    vectors = _vectors(_asking(parts, query), parts, subject)
    generation = sum(reader.generation() for reader, _ in parts) + sum(drafts.edition for drafts in drafted)
    sources = _over([_sources(reader, below, vectors) for reader, below in parts], drafted)
    with snapshots([towards[0] for towards in sources]):
        found = [one for number, towards in enumerate(sources) for one in candidates(number, towards, subject, filters)]
        hits = resembling([towards[0] for towards in sources], best(found), subject)
        catalogues = {towards[0].root: towards[0].catalogue for towards in sources if not towards[0].drafts}
        shown = present(hits, catalogues, limit=filters.limit)
    model = parts[0][0].model if vectors.rows else None
    return Likened(
        subject.title, Answer(shown.hits, whole_coverage(parts), model, generation, shown.outdated, vectors.problem)
    )


def _subject(about: InFile | Pasted) -> Subject:
    if isinstance(about, Pasted):
        return pasted_subject(about)
    catalogue = about.reader.words().catalogue
    with catalogue.snapshot():
        return subject_in(catalogue, about.reader.root, about.path, about.position)


def _filters(query: SimilarQuery, subject: Subject) -> Query:
    languages = query.languages
    if query.same_language:
        if languages:
            raise QueryError("Ask either for the same language or for some by name, not for both.")
        if not subject.language:
            raise QueryError("The language of the code is not known; name it.")
        languages = (subject.language,)
    # Only its filters count: what is asked about need not be a fair query.
    filters = Query("code", query.limit, languages, query.paths, kinds=query.kinds, changed_since=query.changed_since)
    return filters.checked(_KNOWN_LANGUAGES)


def _sources(reader: Reader, below: str, vectors: Vectors) -> list[Source]:
    """Return a root as a source towards each vector, or once by words only: without vectors, or of another model."""
    semantics = reader.semantics
    if semantics is None or semantics.embedder.identity != vectors.identity:
        return [reader.words(below=below)]
    return [reader.near(row, semantics, below=below) for row in vectors.rows]


def _over(sources: Sequence[list[Source]], drafted: Sequence[Drafts]) -> list[list[Source]]:
    """Return the sources, each towards every vector, without what drafts stand for, and with the drafts."""
    if not drafted:
        return list(sources)
    # One layer for each vector; a root that is searched by words only is the same in every one.
    depth = max(len(towards) for towards in sources)
    layers = [over([towards[place % len(towards)] for towards in sources], drafted) for place in range(depth)]
    return [list(towards) for towards in zip(*layers, strict=True)]


def _vectors(asking: Reader, parts: Parts, subject: Subject) -> Vectors:
    """Return the vectors of what is asked about. Stored ones are not computed again.

    What has none is embedded for the root it comes from: its code may not go to another root's endpoint.
    """
    own = asking.semantics
    semantics = own or next((found for reader, _ in parts if (found := reader.semantics)), None)
    if semantics is None:
        return Vectors()
    catalogue, space = asking.words().catalogue, semantics.live.space
    rows = [_stored(catalogue, one.digest, model=space.model, dimension=space.dimension) for one in subject.asked]
    if own is None and any(row is None for row in rows):
        return Vectors()
    try:
        filled = [_embedded(semantics.embedder, one) if row is None else row
                  for one, row in zip(subject.asked, rows, strict=True)]  # fmt: skip
    except ModelError as error:
        return Vectors(problem=str(error))
    return Vectors(filled, semantics.embedder.identity)


def _embedded(embedder: Embedder, asked: Asked) -> NDArray[np.float32]:
    if not asked.digest:
        return embedder.embed_query(asked.passage)
    row: NDArray[np.float32] = embedder.embed_passages([asked.passage])[0]
    return row


def _stored(catalogue: Database, digest: bytes, *, model: int, dimension: int) -> NDArray[np.float32] | None:
    found = catalogue.rows("SELECT value FROM cache.vector WHERE model = ? AND digest = ?", (model, digest))
    if not found or len(found[0][0]) != 2 * dimension:
        return None
    row = as_rows([found[0][0]], dimension)
    return row[0] if are_unit(row).all() else None
