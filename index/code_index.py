"""One root's index on disk: opens it, keeps it right, and answers. The one class the outside works with.

A ``CodeIndex`` is the only writer of its root and belongs to one thread. Searches come from other threads through
``Reader``, each with a connection of its own; they share only the graph, behind the guard the caller hands in.
"""

from __future__ import annotations

import contextlib
from dataclasses import astuple, dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from ..parsers import LANGUAGES
from . import generations
from .catalogue import (
    Coverage,
    coverage,
    disown_vectors,
    drop_words,
    file_records,
    forget_contents,
    generation,
    keep_setting,
    live_labels,
    newest_label,
    open_catalogue,
    pending_passages,
    setting,
    vectors_of,
    wasted_words,
)
from .embedding_queue import BATCH_PASSAGES, embed_batch
from .entries import recipe
from .errors import IndexBusy, IndexDamaged, StorageFailure
from .extraction_cache import open_extraction_cache
from .files import scan
from .hits import Answer
from .presence import check_present, known_identity, steady
from .search import Meaning, Source
from .staleness import find_present
from .store import remove_database
from .updater import Stores, apply, joined, plan, plan_paths, remove
from .vector_cache import as_rows, model_number, open_vector_cache
from .vectors import Graph
from .workers import Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from .embedder import Embedder
    from .extraction import Job
    from .hits import Query
    from .store import Database
    from .updater import Commit, Plan
    from .walk import Entering

# Marked labels and full-text rows of functions that are gone still cost time in every query; above this share they
# are built anew.
MOST_DEAD = 0.30
# Labels read from the cache and added in one go, so that the guard is free for queries in between.
LABELS_PER_STEP = 256
# No model has this number: with it every passage waits.
NO_MODEL = 0

_KNOWN_LANGUAGES = frozenset(language.name for language in LANGUAGES)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a user's indexes lie: one folder, private to the user, never inside a repository."""

    folder: Path

    @property
    def vector_cache(self) -> Path:
        """The database of vectors that all roots share."""
        return self.folder / "vectors.db"

    @property
    def extraction_cache(self) -> Path:
        """The database of extractions that all roots share."""
        return self.folder / "extractions.db"

    @property
    def key(self) -> Path:
        """The secret that tells our graphs from planted ones."""
        return self.folder / "key"

    def index_of(self, root: Path) -> Path:
        """Return the folder of a root's index."""
        return self.folder / "indexes" / blake2b(bytes(root), digest_size=8).hexdigest()


@dataclass(slots=True)
class Shared:
    """What the writer and the readers of one index share; ``guard`` is held around every use of ``graph``."""

    guard: contextlib.AbstractContextManager[object]
    graph: Graph | None = None
    embedder: Embedder | None = None
    model: int = NO_MODEL
    unsaved: bool = field(default=False)


class CodeIndex:
    """The writer of one root's index."""

    def __init__(
        self, root: Path, home: Home, *, guard: contextlib.AbstractContextManager[object] | None = None
    ) -> None:
        """Open or create the index of an absolute, checked root.

        Raises IndexBusy where another process is its writer, StorageFailure where the disk refuses. A damaged index is
        set aside and built anew.
        """
        self.root = root
        self.home = home
        self.folder = home.index_of(root)
        self.shared = Shared(guard or contextlib.nullcontext())
        self._lock = _locked(self.folder, root)
        # Labels above it belong to files that were saved since the last scan.
        self._mark = 0
        # The newest job of each file that was hurried, None for one that was deleted.
        self._urgent: dict[str, Job | None] = {}
        try:
            self._cache = _opened_or_anew(home.vector_cache, lambda: open_vector_cache(home.vector_cache))
            self._extractions = _opened_or_anew(
                home.extraction_cache, lambda: open_extraction_cache(home.extraction_cache)
            )
            self._catalogue = self._opened()
        except BaseException:
            self._lock.release()
            raise
        self._pool = Pool(root, cache=home.extraction_cache)
        if setting(self._catalogue, "recipe") != recipe() or wasted_words(self._catalogue) > MOST_DEAD:
            drop_words(self._catalogue)
            keep_setting(self._catalogue, "recipe", recipe())
        keep_setting(self._catalogue, "root", str(root).encode("utf-8", "replace").decode())

    def _opened(self) -> Database:
        """Open the catalogue; one that was not closed cleanly is checked, and a damaged one is set aside."""
        path = self.folder / "catalogue.db"
        catalogue = _opened_or_anew(path, lambda: open_catalogue(path, self.home.vector_cache))
        if setting(catalogue, "closed") != "cleanly" and not catalogue.is_sound():
            catalogue.close()
            remove_database(path)
            catalogue = open_catalogue(path, self.home.vector_cache)
        keep_setting(catalogue, "closed", "no")
        return catalogue

    def adopt(self, embedder: Embedder) -> None:
        """Use this model from now on: bring its graph up, and queue every passage that has no vector of it."""
        self.shared.model = model_number(self._cache, embedder.identity)
        if disown_vectors(self._catalogue, self.shared.model):
            forget_contents(self._catalogue)
        graph = generations.load(
            self.folder / "graph",
            self._catalogue,
            key=generations.secret_key(self.home.key),
            model=embedder.identity,
            dimension=embedder.dimension,
        )
        with self.shared.guard:
            self.shared.graph = graph or Graph(embedder.dimension)
            self.shared.embedder = embedder
        self._synchronise()

    def _synchronise(self) -> None:
        """Make the graph hold exactly the live labels that have vectors; content decides, not what was saved."""
        graph = self.shared.graph
        assert graph is not None  # noqa: S101 (adopt set it)
        live = live_labels(self._catalogue)
        if len(graph.dead | (graph.labels - live)) > MOST_DEAD * max(1, len(live)):
            graph = Graph(graph.dimension, capacity=len(live))
            with self.shared.guard:
                self.shared.graph = graph
        self._follow(live | graph.labels)

    def _follow(self, touched: Iterable[int]) -> None:
        """Bring the graph's view of these labels in line with the catalogue."""
        graph = self.shared.graph
        if graph is None:
            return
        labels = sorted(touched)
        for start in range(0, len(labels), LABELS_PER_STEP):
            self._follow_step(graph, labels[start : start + LABELS_PER_STEP])

    def _follow_step(self, graph: Graph, labels: list[int]) -> None:
        values = dict(vectors_of(self._catalogue, self.shared.model, labels))
        new = [label for label in values if label not in graph]
        with self.shared.guard:
            graph.add(new, as_rows([values[label] for label in new], graph.dimension))
            marked = [graph.mark(label, alive=label in values) for label in labels]
        self.shared.unsaved = self.shared.unsaved or bool(new) or any(marked)

    def scan(self, *, entering: Entering = lambda _folder: None) -> Iterator[Commit]:
        """Compare the whole root with the catalogue and apply what differs; yields after each transaction.

        ``entering`` is called with each folder before it is listed. Raises RootGone where the root is not there.
        """
        with steady(self.root, self._catalogue):
            work = plan(file_records(self._catalogue), scan(self.root, entering=entering))
        yield from self._apply(work)
        self._mark = newest_label(self._catalogue)
        self._pool.shrink()

    def update(
        self, paths: Iterable[str], folders: Iterable[str] = (), *, entering: Entering = lambda _folder: None
    ) -> Iterator[Commit]:
        """Apply the present state of some files and of all below some folders; yields after each transaction.

        Both are relative to the root. Raises RootGone where the root is not there.
        """
        with steady(self.root, self._catalogue):
            parts = [plan_paths(self._catalogue, self.root, paths)]
            parts += [
                plan(file_records(self._catalogue, folder), scan(self.root, folder, entering=entering))
                for folder in folders
            ]
        yield from self._apply(joined(parts))

    def check_present(self) -> None:
        """Raise RootGone where the root is not there, or an empty folder stands in its place."""
        check_present(self.root, known_identity(self._catalogue))

    def hurry(self, paths: Iterable[str]) -> None:
        """Put some files before all others of the scan or update that goes on, between two of its transactions."""
        with steady(self.root, self._catalogue):
            urgent = plan_paths(self._catalogue, self.root, paths)
        self._urgent.update((job.file.path, job) for job in urgent.jobs)
        self._urgent.update(dict.fromkeys(urgent.removed))
        self._pool.hurry(urgent.jobs)
        if urgent.removed:
            self._follow(remove(self._catalogue, urgent.removed))

    def _apply(self, work: Plan) -> Iterator[Commit]:
        try:
            yield from self._applied(work)
            # The last transaction is announced after the last file was read; what is hurried then has missed that run.
            while self._pool.has_jobs:
                yield from self._applied(joined(()))
        finally:
            self._urgent.clear()

    def _applied(self, work: Plan) -> Iterator[Commit]:
        stores = Stores(self._catalogue, self._extractions)
        outcomes = (outcome for outcome in self._pool.run(work.jobs) if not self._is_overtaken(outcome.job))
        for commit in apply(stores, outcomes, work, model=self.shared.model, before_removal=self.check_present):
            self._follow(commit.labels)
            yield commit

    def _is_overtaken(self, job: Job) -> bool:
        """Say whether the file was saved or deleted while it was read: what was read then must not be stored last."""
        return self._urgent.get(job.file.path, job) is not job

    def embed(self, count: int = BATCH_PASSAGES) -> int:
        """Embed the next waiting passages, those of files saved since the last scan first.

        Returns how many, at most ``count``; 0 when none waits or there is no model.
        """
        if self.shared.embedder is None:
            return 0
        waiting = pending_passages(self._catalogue, count, since=self._mark)
        labels = embed_batch(self._catalogue, self._cache, self.shared.embedder, waiting, model=self.shared.model)
        self._follow(labels)
        return len(labels)

    def save(self) -> None:
        """Publish the graph as a new generation where it changed since the last one; raises StorageFailure."""
        graph, embedder = self.shared.graph, self.shared.embedder
        if graph is None or embedder is None or not self.shared.unsaved:
            return
        key = generations.secret_key(self.home.key)
        with self.shared.guard:
            generations.publish(graph, self.folder / "graph", self._catalogue, key=key, model=embedder.identity)
        self.shared.unsaved = False

    def coverage(self) -> Coverage:
        """Count functions, vectors and files."""
        return coverage(self._catalogue)

    def reader(self) -> Reader:
        """Return a reader for the calling thread."""
        return Reader(self.root, self.home, self.shared)

    def close(self) -> None:
        """Save what can be saved and let go of everything; closing twice is harmless."""
        self._pool.close()
        with contextlib.suppress(StorageFailure):
            self.save()
            keep_setting(self._catalogue, "closed", "cleanly")
        self._catalogue.close()
        self._extractions.close()
        self._cache.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Reader:
    """One root's present state for searches, while its writer goes on. Used by one thread at a time."""

    def __init__(self, root: Path, home: Home, shared: Shared) -> None:
        """Open a connection of its own."""
        self.root = root
        self._catalogue = open_catalogue(home.index_of(root) / "catalogue.db", home.vector_cache)
        self._shared = shared

    def source(self, text: str, *, below: str = "") -> Source:
        """Return this root as a source for a query of that text."""
        embedder, model = self._shared.embedder, self._shared.model
        meaning = Meaning(embedder.embed_query(text), model, self._nearest) if embedder else None
        return Source(self.root, self._catalogue, meaning, below)

    @property
    def model(self) -> str | None:
        """Name of the model that answers, None where search goes by words only."""
        return self._shared.embedder.name if self._shared.embedder else None

    def _nearest(self, vector: NDArray[np.float32], count: int) -> list[int]:
        with self._shared.guard:
            return self._shared.graph.nearest(vector, count) if self._shared.graph else []

    def generation(self) -> int:
        """Return the number of the last change that a search would see now."""
        return generation(self._catalogue)

    def coverage(self) -> Coverage:
        """Count functions, vectors and files in the present state."""
        return coverage(self._catalogue)

    def close(self) -> None:
        """Close the connection."""
        self._catalogue.close()


def search(readers: Sequence[tuple[Reader, str]], query: Query) -> Answer:
    """Answer a query over some roots, each with the part of it to look in (``""`` for all); raises QueryError."""
    asked = query.checked(_KNOWN_LANGUAGES)
    sources = [reader.source(asked.text, below=below) for reader, below in readers]
    number = sum(reader.generation() for reader, _ in readers)
    found = find_present(sources, asked)
    parts = [reader.coverage() for reader, _ in readers]
    whole = Coverage(*(sum(counts) for counts in zip(*(astuple(part) for part in parts), strict=True)))
    return Answer(found.hits, whole, readers[0][0].model, number, found.outdated)


def _opened_or_anew(path: Path, opened: Callable[[], Database]) -> Database:
    """Open a database; one whose bytes are damaged, or of an old format, holds nothing that cannot be made again."""
    try:
        return opened()
    except IndexDamaged:
        remove_database(path)
        return opened()


def _locked(folder: Path, root: Path) -> FileLock:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(folder / "writer.lock", mode=0o600, thread_local=False)
        lock.acquire(blocking=False)
    except Timeout as error:
        raise IndexBusy(f"Another funcseek is indexing {root}; wait for it or ask the running service.") from error
    except OSError as error:
        raise StorageFailure(f"Cannot use {folder}: {error.strerror}; make the folder writable for you.") from error
    return lock
