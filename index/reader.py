"""One root's present state for searches, while its writer goes on, in this process or in another. Changes nothing.

Every answer is that of one committed state: the snapshot its query began with.
"""

from __future__ import annotations

import contextlib
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from ..parsers import LANGUAGES
from .cache_folder import check_local
from .catalogue import Coverage, coverage, generation, open_catalogue
from .confidence import CALIBRATED_MODEL
from .documents import documents
from .drafts import over
from .errors import IndexDamaged, IndexFailure, ModelError
from .generations import Shelf
from .hits import Answer
from .keys import secret_key
from .live_graph import LiveGraph, Space
from .query_vectors import QueryVectors
from .reading import understood
from .reranking import RERANKED, wide
from .search import Meaning, Source
from .staleness import find_present
from .vector_cache import known_model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from .drafts import Drafts
    from .embedder import Embedder
    from .hits import Query
    from .home import Home

_KNOWN_LANGUAGES = frozenset(language.name for language in LANGUAGES)


@dataclass(frozen=True, slots=True)
class Semantics:
    """What a search by meaning needs: who turns the query into a vector, and the vectors near it."""

    embedder: Embedder
    live: LiveGraph


@dataclass(slots=True)
class Shared:
    """What the writer and the readers of one index share; ``guard`` is held around every use of the live graph.

    ``is_damaged``: a reader met damage, so that the writer must open its index anew.
    """

    guard: contextlib.AbstractContextManager[object]
    semantics: Semantics | None = None
    is_damaged: bool = False


class Reader:
    """Used by one thread at a time, with a connection of its own."""

    def __init__(self, root: Path, home: Home, shared: Shared, *, follows: bool = False) -> None:
        """Open a connection; ``follows``: there is no writer in this process, so this one follows the change log."""
        self.root = root
        self._catalogue = open_catalogue(home.catalogue_of(root), home.vector_cache)
        self._shared = shared
        self._follows = follows
        # Counting takes longer than a query by words; nothing is counted again until a change that searches can see.
        self._counted: tuple[int, Coverage] | None = None

    def source(self, vectors: QueryVectors, *, below: str = "") -> Source:
        """Return this root as a source for a query, whose vector is being computed."""
        semantics = self.semantics
        if semantics is None:
            return self.words(below=below)
        return self._toward(vectors.begun(semantics.embedder), semantics, below=below)

    @property
    def semantics(self) -> Semantics | None:
        """The model that answers now, None where search goes by words only."""
        return self._shared.semantics

    def near(self, vector: NDArray[np.float32], semantics: Semantics, *, below: str = "") -> Source:
        """Return this root as a source for the query that a unit vector of the model stands for."""
        return self._toward(lambda: vector, semantics, below=below)

    def _toward(self, embedded: Callable[[], NDArray[np.float32]], semantics: Semantics, *, below: str) -> Source:
        def nearest(vector: NDArray[np.float32], count: int) -> list[int] | None:
            if self._follows:
                semantics.live.follow(self._catalogue)
            return semantics.live.propose(self._catalogue, vector, count)

        is_calibrated = semantics.embedder.name == CALIBRATED_MODEL
        meaning = Meaning(embedded, semantics.live.space.model, nearest, is_calibrated=is_calibrated)
        return Source(self.root, self._catalogue, meaning, below)

    def words(self, *, below: str = "") -> Source:
        """Return this root as a source that is searched by words only."""
        return Source(self.root, self._catalogue, None, below)

    @property
    def model(self) -> str | None:
        """Name of the model that answers, None where search goes by words only."""
        return self._shared.semantics.embedder.name if self._shared.semantics else None

    def generation(self) -> int:
        """Return the number of the last change that a search would see now."""
        return generation(self._catalogue)

    def coverage(self) -> Coverage:
        """Count functions, vectors and files in the present state."""
        number = generation(self._catalogue)
        if self._counted is None or self._counted[0] != number:
            self._counted = number, coverage(self._catalogue)
        return self._counted[1]

    def adopt(self, home: Home, embedder: Embedder) -> None:
        """Take up a model and the newest saved graph, without a lock and beside any writer."""
        model = known_model(self._catalogue, embedder.identity)
        if model is None:
            return  # nobody ever embedded with it: words only
        space = Space(model, embedder.identity, embedder.dimension)
        live = LiveGraph(space, guard=self._shared.guard)
        with self._catalogue.snapshot():
            live.open(self._catalogue, Shelf(home.graphs_of(self.root), secret_key(home.key)))
        self._shared.semantics = Semantics(embedder, live)

    def tell_damage(self) -> None:
        """Have the writer open its index anew where this reader met damage."""
        self._shared.is_damaged |= self._catalogue.is_damaged

    def close(self) -> None:
        """Close the connection."""
        self._catalogue.close()


def open_reader(root: Path, home: Home, embedder: Embedder | None) -> Reader:
    """Open a root's index beside whoever writes it, for one thread; words only without an embedder.

    Raises IndexFailure where there is no index of the root, or none that this version can read.
    """
    if not home.catalogue_of(root).is_file():
        raise IndexFailure(f"{root} is not indexed yet; run `funcseek index` on it.")
    check_local(home.folder)
    reader = Reader(root, home, Shared(contextlib.nullcontext()), follows=True)
    try:
        if embedder is not None:
            reader.adopt(home, embedder)
    except BaseException:
        reader.close()
        raise
    return reader


def search(readers: Sequence[tuple[Reader, str]], query: Query, drafted: Sequence[Drafts] = ()) -> Answer:
    """Answer a query over some roots, each with the part of it to look in (``""`` for all), and over drafts in them.

    The answer to one that is to be reranked is not cut yet, and holds what `reranking` needs.
    Raises QueryError, and IndexFailure where an index cannot be read.
    """
    try:
        return _answer(readers, query, drafted)
    except IndexDamaged:
        for reader, _ in readers:
            reader.tell_damage()
        raise


def _answer(readers: Sequence[tuple[Reader, str]], query: Query, drafted: Sequence[Drafts]) -> Answer:
    checked = query.checked(_KNOWN_LANGUAGES)
    words = over([reader.words(below=below) for reader, below in readers], drafted)
    asked, reading = understood(checked, dict.fromkeys(source.catalogue for source in words))
    model, problem = readers[0][0].model, None
    number = sum(reader.generation() for reader, _ in readers) + sum(drafts.edition for drafts in drafted)
    vectors = QueryVectors(asked.text, asked.untranslated)
    searched = over([reader.source(vectors, below=below) for reader, below in readers], drafted)
    wanted = wide(asked) if asked.is_reranked else asked
    try:
        found = find_present(searched, wanted)
    except ModelError as error:
        model, problem = None, str(error)
        searched = words
        found = find_present(searched, wanted)
    read = documents(found.hits[:RERANKED], searched) if asked.is_reranked else ()
    coverage = whole_coverage(readers)
    return Answer(found.hits, coverage, model, number, found.outdated, problem, documents=read, reading=reading)


def whole_coverage(readers: Sequence[tuple[Reader, str]]) -> Coverage:
    """Count functions, vectors and files of some roots together."""
    parts = [reader.coverage() for reader, _ in readers]
    return Coverage(*(sum(counts) for counts in zip(*(astuple(part) for part in parts), strict=True)))
