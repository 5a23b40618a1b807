"""One root's index on disk: opens it, keeps it right, and answers. The one class the outside works with.

A ``CodeIndex`` is the only writer of its root and belongs to one thread. Searches come from other threads through
``Reader``, each with a connection of its own; they share only the live graph, behind the guard the caller hands in.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from .cache_folder import claim
from .catalogue import (
    Coverage,
    coverage,
    disown_vectors,
    drop_words,
    is_embedded,
    keep_setting,
    known_files,
    newest_label,
    open_catalogue,
    own_vectors,
    pending_passages,
    setting,
    waiting_labels,
    wasted_words,
)
from .embedder import Thrifty
from .embedding_queue import BATCH_SECONDS, Batches, store_batch
from .entries import recipe
from .errors import IndexBusy, IndexDamaged, IndexFailure, StorageFailure
from .extraction import Job
from .extraction_cache import open_extraction_cache
from .files import scan
from .generations import Shelf
from .home import Home
from .keys import secret_key
from .live_graph import LiveGraph, Space
from .machine import give_memory_back
from .presence import check_present, known_identity, steady
from .reader import Reader, Semantics, Shared, search
from .renewal import Waste, put_anew
from .repair import mend
from .store import remove_database
from .updater import Stores, apply, joined, plan, plan_paths, remove
from .upkeep import MOST_DEAD, Upkeep
from .vector_cache import model_number, open_vector_cache
from .workers import Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from .embedder import Embedder
    from .embedding_queue import Passage
    from .store import Database
    from .updater import Commit, Plan
    from .walk import Entering

__all__ = ["CodeIndex", "Home", "Reader", "search"]

# Of files that were opened so many functions go before all others: two hundred files of an editor's session.
MOST_PREFERRED = 1_000
# No model has this number: with it every passage waits.
NO_MODEL = 0


class CodeIndex:
    """The writer of one root's index."""

    def __init__(
        self,
        root: Path,
        home: Home,
        *,
        guard: contextlib.AbstractContextManager[object] | None = None,
        exact_labels: int | None = None,
    ) -> None:
        """Open or create the index of an absolute, checked root.

        Up to ``exact_labels`` labels are searched without a graph, by default as many as was measured to be faster.
        Raises IndexBusy where another process is its writer, StorageFailure where the disk refuses. A damaged index is
        set aside and built anew.
        """
        self.root = root
        self.home = home
        self.folder = home.index_of(root)
        self.shared = Shared(guard or contextlib.nullcontext())
        # Labels above it belong to files that were saved since the last scan.
        self._mark = 0
        # Labels of the files that somebody has just opened.
        self._preferred: set[int] = set()
        # The newest job of each file that was hurried, None for one that was deleted.
        self._urgent: dict[str, Job | None] = {}
        self._model, self._exact_labels = NO_MODEL, exact_labels
        self._batches: Batches | None = None
        self._upkeep: Upkeep | None = None
        # What is being filled; the model before it serves until every passage has a vector of the new one.
        self._semantics: Semantics | None = None
        self._waste, self._holds_memory = Waste(), False
        self._pool = Pool(root, cache=home.extraction_cache)
        claim(home.folder)
        self._lock = locked(self.folder, root)
        self._databases = contextlib.ExitStack()
        try:
            self._open_or_mend()
        except BaseException:
            self._databases.close()
            self._lock.release()
            raise

    def _open_or_mend(self) -> None:
        try:
            self._open()
        except IndexDamaged:
            self._databases.close()
            mend(self.home, self.root)
            self._open()

    def _open(self) -> None:
        """Open the databases; what was not closed cleanly is checked. Raises IndexDamaged."""
        home, path = self.home, self.home.catalogue_of(self.root)
        self._cache = self._kept(home.vector_cache, lambda: open_vector_cache(home.vector_cache))
        self._extractions = self._kept(home.extraction_cache, lambda: open_extraction_cache(home.extraction_cache))
        self._catalogue = self._kept(path, lambda: open_catalogue(path, home.vector_cache))
        if setting(self._catalogue, "closed") == "no" and not (self._cache.is_sound() and self._catalogue.is_sound()):
            raise IndexDamaged(f"{path} is damaged; it is built anew.")
        keep_setting(self._catalogue, "closed", "no")
        if setting(self._catalogue, "recipe") != recipe() or wasted_words(self._catalogue) > MOST_DEAD:
            drop_words(self._catalogue)
            keep_setting(self._catalogue, "recipe", recipe())
        keep_setting(self._catalogue, "root", str(self.root).encode("utf-8", "replace").decode())

    def _kept(self, path: Path, opened: Callable[[], Database]) -> Database:
        """Open a database until this index is closed; one that does not open, or of an old format, is made anew."""
        try:
            database = opened()
        except IndexDamaged:
            remove_database(path)
            database = opened()
        self._databases.callback(database.close)
        return database

    def _check_stores(self) -> None:
        """Raise IndexFailure where this index must be opened anew before more is written."""
        if self.shared.is_damaged:
            raise IndexDamaged(f"{self._catalogue.path} is damaged; it is built anew.")
        if self._cache.is_replaced:
            raise IndexFailure(f"{self._cache.path} was replaced; the index is opened anew.")

    def adopt(self, embedder: Embedder | None) -> bool:
        """Use this model from now on, or none: bring its graph up, and queue every passage that has no vector of it.

        The model before it answers until none waits any more; vectors of both are never compared.
        Returns whether a scan is due, because texts that wait now are no longer known.
        """
        if embedder is None:
            self._model, self._upkeep, self._batches = NO_MODEL, None, None
            self._semantics = self.shared.semantics = None
            return False
        self._model = model_number(self._cache, embedder.identity)
        self._batches = Batches(embedder, self._waiting)
        keep_setting(self._catalogue, "model", embedder.identity)
        own_vectors(self._catalogue, self._model)
        is_unknown = disown_vectors(self._catalogue, self._model) > 0
        shelf = Shelf(self.home.graphs_of(self.root), secret_key(self.home.key))
        shelf.sweep(self._catalogue)
        live = LiveGraph(Space(self._model, embedder.identity, embedder.dimension), guard=self.shared.guard)
        live.open(self._catalogue, shelf)
        self._upkeep = Upkeep(live, self._catalogue, shelf, exact_labels=self._exact_labels)
        self._semantics = Semantics(embedder, live)
        if self.shared.semantics is None or is_embedded(self._catalogue):
            self.shared.semantics = self._semantics
        return is_unknown

    def _follow(self) -> None:
        """Bring the live graphs up to the last commit: the one that is filled, and the one that still serves."""
        serving, filled = self.shared.semantics, self._semantics
        if filled is not None:
            filled.live.follow(self._catalogue)
        if serving is not None and serving is not filled:
            serving.live.follow(self._catalogue)

    def scan(self, *, entering: Entering = lambda _folder: None) -> Iterator[Commit]:
        """Compare the whole root with the catalogue and apply what differs; yields after each transaction.

        ``entering`` is called with each folder before it is listed. Raises RootGone where the root is not there.
        """
        self._check_stores()
        with steady(self.root, self._catalogue):
            work = plan(known_files(self._catalogue), scan(self.root, entering=entering))
        yield from self._apply(work)
        self._mark = newest_label(self._catalogue)
        self._pool.shrink()

    def update(
        self, paths: Iterable[str], folders: Iterable[str] = (), *, entering: Entering = lambda _folder: None
    ) -> Iterator[Commit]:
        """Apply the present state of some files and of all below some folders; yields after each transaction.

        Both are relative to the root. Raises RootGone where the root is not there.
        """
        self._check_stores()
        with steady(self.root, self._catalogue):
            parts = [plan_paths(self._catalogue, self.root, paths)]
            parts += [
                plan(known_files(self._catalogue, folder), scan(self.root, folder, entering=entering))
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
            remove(self._catalogue, urgent.removed)
            self._follow()

    def _apply(self, work: Plan) -> Iterator[Commit]:
        # Not when the one before ends: where an error ends it, that is only once nobody holds the error any more.
        self._urgent.clear()
        self._pool.drop()
        yield from self._applied(work)
        # The last transaction is announced after the last file was read; what is hurried then has missed that run.
        while self._pool.has_jobs:
            yield from self._applied(joined(()))

    def _applied(self, work: Plan) -> Iterator[Commit]:
        stores = Stores(self._catalogue, self._extractions)
        outcomes = (outcome for outcome in self._pool.run(work.jobs) if not self._is_overtaken(outcome.job))
        for commit in apply(stores, outcomes, work, model=self._model, before_removal=self.check_present):
            self._follow()
            self._waste.changed()
            self._holds_memory = True
            yield commit

    def prefer(self, paths: Iterable[str]) -> None:
        """Embed what waits in some files before all else: somebody looks at them."""
        self._preferred = set(waiting_labels(self._catalogue, paths)[:MOST_PREFERRED])

    def _is_overtaken(self, job: Job) -> bool:
        """Say whether the file was saved or deleted while it was read: what was read then must not be stored last."""
        return self._urgent.get(job.file.path, job) is not job

    def embed(self, count: int | None = None, *, share: int = 1) -> int:
        """Embed the next waiting passages, those of files saved since the last scan first.

        At most ``count``, by default as many as a ``share``-th of a batch that takes its full time. Returns how many; 0
        when none waits or there is no model.
        """
        if self._batches is None:
            return 0
        began = time.monotonic()
        passages, rows = self._batches.next(count, share=share)
        labels = store_batch(self._catalogue, self._cache, passages, rows, model=self._model)
        took = time.monotonic() - began
        self._preferred.difference_update(labels)
        self._follow()
        if labels:
            self._holds_memory = True
            self._tend_for(took)
        elif is_embedded(self._catalogue):
            self.shared.semantics = self._semantics
        return len(labels)

    def _waiting(self, count: int) -> list[Passage]:
        """Return passages without a vector, the most urgent first."""
        return pending_passages(self._catalogue, count, since=self._mark, first=self._preferred)

    def _tend_for(self, seconds: float) -> None:
        """Do a step of the background work; more, up to some seconds, where a fast model leaves the graph behind."""
        began = time.monotonic()
        while self._tend() and self._upkeep and self._upkeep.is_behind:
            is_beside = self._batches is not None and self._batches.is_underway
            if time.monotonic() - began > (BATCH_SECONDS if is_beside else seconds):
                return

    def tend(self) -> bool:
        """Do the next piece of background work on the graph, the full-text rows or the file; say whether there was any.

        Memory goes back once there is none. Raises StorageFailure, and IndexFailure where a reader met damage.
        """
        if self._tend():
            return True
        if self._holds_memory:
            self._holds_memory = False
            self._give_memory_back()
        return False

    def _tend(self) -> bool:
        self._check_stores()
        is_upkept = self._upkeep is not None and self._upkeep.step()
        return is_upkept or self._renew_words() or self._catalogue.shrink()

    def _give_memory_back(self) -> None:
        """Keep nothing that only the work needed which is done now."""
        for database in (self._catalogue, self._cache, self._extractions):
            database.give_memory_back()
        if self._semantics is not None and isinstance(self._semantics.embedder, Thrifty):
            self._semantics.embedder.give_memory_back()
        give_memory_back()

    def _renew_words(self) -> bool:
        """Put the full-text rows anew where most of them are waste; say whether they were."""
        if not self._waste.is_due(self._catalogue):
            return False
        self._pool.drop()
        with steady(self.root, self._catalogue):
            outcomes = self._pool.run([Job(file) for file in scan(self.root)])
            words = {text.words_digest: text.words for outcome in outcomes for text in outcome.texts}
        if put_anew(self._catalogue, words):
            for _ in self.scan():
                pass
        self._pool.shrink()
        give_memory_back()
        return True

    def save(self) -> None:
        """Do all background work on the graph, and publish it where that is due; raises StorageFailure."""
        while self.tend():
            pass

    def coverage(self) -> Coverage:
        """Count functions, vectors and files."""
        return coverage(self._catalogue)

    def reader(self) -> Reader:
        """Return a reader for the calling thread."""
        return Reader(self.root, self.home, self.shared)

    def close(self) -> None:
        """Let go of everything; closing twice is harmless. What the graph lacks it takes from the change log.

        Where damage was met, it is mended for the next opening.
        """
        self._pool.close()
        if not self._lock.is_locked:
            return
        # Where another root's writer has mended the vectors, they may have been all that was wrong.
        is_damaged = not self._cache.is_replaced and (
            self.shared.is_damaged or self._catalogue.is_damaged or self._cache.is_damaged
        )
        try:
            with contextlib.suppress(IndexFailure):
                keep_setting(self._catalogue, "closed", "cleanly")
            self._databases.close()
            if is_damaged:
                mend(self.home, self.root)
            if self._extractions.is_damaged:
                remove_database(self._extractions.path)
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def locked(folder: Path, root: Path) -> FileLock:
    """Return the lock of a root's one writer, taken; raises IndexBusy, StorageFailure."""
    try:
        # Parents that are made along the way would get the mode that the umask leaves.
        for private in (folder.parent, folder):
            private.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(folder / "writer.lock", mode=0o600, thread_local=False)
        lock.acquire(blocking=False)
    except Timeout as error:
        raise IndexBusy(f"Another funcseek is indexing {root}; wait for it or ask the running service.") from error
    except OSError as error:
        raise StorageFailure(f"Cannot use {folder}: {error.strerror}; make the folder writable for you.") from error
    return lock
