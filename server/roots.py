"""Every root the service has opened, and searches across them. Thread-safe; knows nothing of HTTP."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from reprlib import repr as shortened
from typing import TYPE_CHECKING

from ..index.code_index import search
from ..index.errors import QueryError, RootError
from ..index.files import check_root, enclosing_root
from ..index.ignore import excluding_rule
from ..index.similar import similar
from ..index.subject import current
from .bodies import similar_query
from .drafts import DraftStore
from .pauses import Pauses
from .protocol import DraftJson
from .throttle import Questions
from .worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..index.code_index import Home
    from ..index.drafts import Drafts
    from ..index.hits import Answer, Query
    from ..index.similar import Likened
    from .model import Model
    from .protocol import DeskRequest, DraftRequest, SimilarRequest

# How long leaving waits for a worker to finish its transaction.
STOP_SECONDS = 5.0


class Roots:
    """The opened roots, each with its worker."""

    def __init__(self, home: Home, model: Model, *, changed: Callable[[], None], is_polled: bool = False) -> None:
        """Prepare with no root; ``changed`` is called from workers' threads when any state changes.

        ``is_polled``: look through every root and watch none.
        """
        self._home = home
        self._model = model
        self._changed = changed
        self._is_polled = is_polled
        self._questions = Questions()
        self._pauses = Pauses(home)
        self.drafts = DraftStore(home, model, is_paused=self._pauses.is_paused)
        self._workers: dict[Path, Worker] = {}
        self._lock = threading.Lock()
        self._closing = threading.Lock()

    def open(self, path: str) -> tuple[Worker, str]:
        """Open the root that holds a folder or file; return its worker and the path below it (``""`` for all of it).

        Raises RootError for a path that cannot be searched.
        """
        root, below = self._locate(path)
        with self._lock:
            worker = self._workers.get(root)
        return worker or self._opened(root), below

    def _opened(self, root: Path) -> Worker:
        # Not while one is closed: until its worker has ended that one holds the index, and no other may write it.
        with self._closing, self._lock:
            worker = self._workers.get(root)
            if worker is None:
                worker = self._workers[root] = self._worker(root)
                worker.start()
            return worker

    def _worker(self, root: Path) -> Worker:
        return Worker(
            root,
            self._home,
            self._model,
            changed=self._changed,
            questions=self._questions,
            pauses=self._pauses,
            is_polled=self._is_polled,
        )

    def open_all(self, paths: Sequence[str]) -> list[tuple[Worker, str]]:
        """Open the root of each path, as ``open`` does."""
        return [self.open(path) for path in paths]

    def _locate(self, path: str) -> tuple[Path, str]:
        """Like ``locate``, but a folder below an opened root that searches it belongs to that root.

        So does any path below an opened root that is gone: its index answers until it is back.
        """
        try:
            root, below = locate(path)
        except RootError:
            for worker in self.workers():
                if Path(path).is_relative_to(worker.root) and worker.is_gone():
                    return worker.root, _below(worker.root, Path(path))
            raise
        for opened in (worker.root for worker in self.workers() if worker.root in root.parents):
            inside = root.relative_to(opened).as_posix()
            if not os.path.lexists(root / ".git") and not excluding_rule(opened, inside, is_folder=True):
                return opened, f"{inside}/{below}".rstrip("/")
        return root, below

    def workers(self) -> list[Worker]:
        """Return the worker of every opened root."""
        with self._lock:
            return list(self._workers.values())

    def search(self, parts: list[tuple[Worker, str]], query: Query, desk: DeskRequest | None = None) -> Answer:
        """Answer a query over parts of some roots; files that turn out to have changed are looked at next.

        Unsaved documents of the editor at ``desk`` count in place of their files.
        """
        with self._questions.asked(), contextlib.ExitStack() as lent:
            readers = [(lent.enter_context(worker.reader()), below) for worker, below in parts]
            answer = search(readers, query, lent.enter_context(self._lent(parts, desk)))
        self._hurry(parts, answer)
        return answer

    def home_of(self, path: str, opening: Sequence[str]) -> tuple[Worker, str]:
        """Return the worker of the opened root that a file lies in, and the path below it; raises QueryError.

        The roots of the paths in ``opening`` are opened first.
        """
        self.open_all(opening)
        given = Path(path)
        if not given.is_absolute():
            raise QueryError(f"{path!r} is not an absolute path; give the whole path of the file.")
        place = given.resolve()
        holders = [worker for worker in self.workers() if place.is_relative_to(worker.root)]
        if not holders:
            raise QueryError(f"{path} lies in none of the searched folders; name its folder too, or give its code.")
        worker = max(holders, key=lambda worker: len(worker.root.parts))
        return worker, _below(worker.root, place)

    def is_current(self, worker: Worker, path: str) -> bool:
        """Say whether a file of a root is what was read last."""
        with worker.reader() as reader, contextlib.suppress(QueryError):
            return current(reader.words().catalogue, worker.root, path) is not None
        return False

    def similar(
        self, parts: list[tuple[Worker, str]], request: SimilarRequest, home: tuple[Worker, str] | None
    ) -> Likened:
        """Answer a request for functions like others over parts of some roots; ``home`` is the place that it names."""
        with self._questions.asked(), contextlib.ExitStack() as lent:
            readers = [(lent.enter_context(worker.reader()), below) for worker, below in parts]
            place = None if home is None else (lent.enter_context(home[0].reader()), home[1])
            drafted = lent.enter_context(self._lent(parts, request.desk))
            found = similar(readers, similar_query(request, place), drafted)
        self._hurry(parts, found.answer)
        return found

    def _lent(
        self, parts: list[tuple[Worker, str]], desk: DeskRequest | None
    ) -> contextlib.AbstractContextManager[list[Drafts]]:
        return self.drafts.lent(desk, [worker.root for worker, _ in parts])

    def draft(self, request: DraftRequest) -> DraftJson:
        """Take up what an editor has not saved of a document, or that it has closed it; raises RootError."""
        root = self.open(request.folder)[0].root if request.path else None
        is_kept = self.drafts.keep(request, root)
        return DraftJson(is_kept=is_kept, drafts=self.drafts.count(request.session))

    def _hurry(self, parts: list[tuple[Worker, str]], answer: Answer) -> None:
        workers = {worker.root: worker for worker, _ in parts}
        for root, path in answer.outdated:
            workers[root].hurry(path)

    def pause(self, root: Path | None, *, is_paused: bool) -> None:
        """Have no passage embedded in one root, or with None in any, or go on with it; raises StorageFailure."""
        self._pauses.set(root, is_paused=is_paused)
        for worker in self.workers():
            worker.reconsider()

    def are_busy(self) -> bool:
        """Say whether there is work that must not be cut off."""
        return any(worker.state.is_busy for worker in self.workers())

    def close(self, root: Path) -> None:
        """Stop indexing one root; one that is not open is no error."""
        with self._closing:
            with self._lock:
                worker = self._workers.pop(root, None)
            if worker is not None:
                worker.stop(timeout_seconds=STOP_SECONDS)

    def close_all(self) -> None:
        """Stop every worker."""
        self.drafts.close()
        for worker in self.workers():
            self.close(worker.root)


def locate(path: str) -> tuple[Path, str]:
    """Return the root that holds a folder or file, and the path below it; raises RootError."""
    given = Path(path)
    if not given.is_absolute():
        raise RootError(f"{path!r} is not an absolute path; give the whole path of a folder.")
    try:
        folder = given.parent if given.is_file() else given
        root = enclosing_root(check_root(folder))
        return root, _below(root, given.resolve())
    except (OSError, ValueError) as error:  # a path that no file system takes
        raise RootError(f"{shortened(path)} cannot be reached ({error}); give the path of a folder.") from error


def _below(root: Path, path: Path) -> str:
    below = os.path.relpath(path, root)
    return "" if below == "." else below.replace(os.sep, "/")
