"""The one thread that changes a root's index: scans it, follows its watcher, embeds in between. Answers no query.

Saved files come before everything else; then passages without a vector, a small batch at a time; then, with nothing
left to do, the graph is saved and the thread sleeps until the watcher speaks or it is time to look for itself.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..index.code_index import CodeIndex
from ..index.errors import FuncseekError, IndexFailure
from .watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ..index.changes import Burst
    from ..index.code_index import Home, Reader
    from ..index.updater import Commit
    from .model import Model

_logger = logging.getLogger(__name__)

# An event can be lost (queue overflow, watch limit, network disks); a look at all 50,000 files costs 0.2 s.
RECONCILE_SECONDS = 30.0
# After a failure of the disk the worker waits this long before it tries again.
RETRY_SECONDS = 10.0
# The rate is a moving average over about this many batches.
RATE_MEMORY = 8


@dataclass(frozen=True, slots=True)
class State:
    """What a worker is doing. ``revision`` rises with every change of anything else."""

    phase: str = "opening"
    revision: int = 0
    files: int = 0
    files_done: int = 0
    files_total: int = 0
    functions: int = 0
    embedded: int = 0
    pending_files: int = 0
    passages_per_second: float = 0.0
    problem: str | None = None

    @property
    def is_searchable(self) -> bool:
        """Whether every file has been looked at once, so that an answer by words is complete."""
        return self.phase in ("embedding", "ready")

    @property
    def is_busy(self) -> bool:
        """Whether there is work that must not be cut off by leaving."""
        return self.phase in ("opening", "scanning", "embedding")


class Worker:
    """One root being indexed in a thread of its own."""

    def __init__(self, root: Path, home: Home, model: Model, *, changed: Callable[[], None]) -> None:
        """Prepare; ``changed`` is called from the worker's thread whenever ``state`` has a new value."""
        self.root = root
        self.state = State()
        self._home = home
        self._model = model
        self._changed = changed
        self._watcher = Watcher(root)
        self._opened = threading.Event()
        self._stopping = threading.Event()
        self._rescan = False
        self._model_changed = False
        self._index: CodeIndex | None = None
        self._idle: list[Reader] = []
        self._thread = threading.Thread(target=self._run, name=f"index {root.name}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, *, timeout_seconds: float) -> None:
        """Ask the thread to end, and wait for it."""
        self._stopping.set()
        self._watcher.wake()
        self._thread.join(timeout_seconds)

    @contextlib.contextmanager
    def reader(self) -> Iterator[Reader]:
        """Lend a reader, waiting until the index is open; raises IndexFailure with the reason where it cannot be."""
        self._opened.wait()
        index = self._index
        if index is None:
            raise IndexFailure(self.state.problem or f"The index of {self.root} is being closed; try again.")
        try:
            reader = self._idle.pop()
        except IndexError:
            reader = index.reader()
        try:
            yield reader
        finally:
            if self._index is index:
                self._idle.append(reader)
            else:
                reader.close()

    def rescan(self) -> None:
        """Look at every file again soon."""
        self._rescan = True
        self._watcher.wake()

    def reload_model(self) -> None:
        """Take up a model that was installed or changed."""
        self._model_changed = True
        self._watcher.wake()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._open_and_follow()
            except FuncseekError as error:
                self._fail(str(error))
            except Exception:
                _logger.exception("Indexing %s failed", self.root)
                self._fail("Indexing failed on an error of funcseek's own; see the log and report it.")
        self._opened.set()
        self._tell(phase="closed")

    def _fail(self, problem: str) -> None:
        _logger.error("%s: %s", self.root, problem)
        self._opened.set()
        self._tell(phase="failed", problem=problem)
        self._stopping.wait(RETRY_SECONDS)

    def _open_and_follow(self) -> None:
        # The watcher is armed before the scan: what changes meanwhile is seen by one of the two.
        self._watcher.start()
        try:
            with CodeIndex(self.root, self._home, guard=threading.Lock()) as index:
                self._index = index
                self._opened.set()
                self._take_model(index)
                self._scan(index)
                while not self._stopping.is_set():
                    self._step(index)
        finally:
            self._index = None
            self._opened.clear()
            while self._idle:
                self._idle.pop().close()
            self._watcher.stop()

    def _take_model(self, index: CodeIndex) -> None:
        self._model_changed = False
        if embedder := self._model.get():
            index.adopt(embedder)

    def _step(self, index: CodeIndex) -> None:
        """Do the most urgent piece of work, or wait for some."""
        if self._model_changed:
            self._take_model(index)
            self._scan(index)
        elif self._rescan:
            self._scan(index)
        elif burst := self._watcher.take(settle=False):
            self._follow(index, burst)
        elif not self._embed(index) and not index.tend():
            self._tell(phase="ready", passages_per_second=0.0)
            if not self._watcher.wait(timeout_seconds=RECONCILE_SECONDS):
                self._rescan = True
            elif burst := self._watcher.take(settle=True):
                self._follow(index, burst)

    def _scan(self, index: CodeIndex) -> None:
        self._rescan = False
        if self.state.phase != "ready":
            self._tell(phase="scanning", problem=None)
        self._commit(index, index.scan())
        self._count(index, phase="embedding" if self.state.phase != "ready" else "ready")

    def _follow(self, index: CodeIndex, burst: Burst) -> None:
        if burst.is_everything or burst.folders:
            self._scan(index)
            return
        self._tell(pending_files=len(burst.paths))
        self._commit(index, index.update(burst.paths))
        self._count(index)

    def _commit(self, index: CodeIndex, commits: Iterator[Commit]) -> None:
        for commit in commits:
            if self._stopping.is_set():
                return
            waiting = commit.total_files - commit.done_files
            self._count(index, files_done=commit.done_files, files_total=commit.total_files, pending_files=waiting)
            if burst := self._watcher.take(settle=False):
                self._hurry(index, burst)
        self._tell(pending_files=0)

    def _hurry(self, index: CodeIndex, burst: Burst) -> None:
        """Let files saved meanwhile jump the queue: they are what somebody looks at now."""
        if burst.is_everything or burst.folders:
            self._rescan = True
        else:
            index.hurry(burst.paths)

    def _embed(self, index: CodeIndex) -> bool:
        started = time.monotonic()
        count = index.embed()
        if not count:
            return False
        rate = count / max(time.monotonic() - started, 1e-6)
        before = self.state.passages_per_second or rate
        self._count(index, phase="embedding", passages_per_second=before + (rate - before) / RATE_MEMORY)
        return True

    def _count(self, index: CodeIndex, **changes: object) -> None:
        now = index.coverage()
        self._tell(files=now.files, functions=now.functions, embedded=now.embedded, **changes)

    def _tell(self, **changes: object) -> None:
        told = replace(self.state, **changes)  # type: ignore[arg-type]
        if told != self.state:
            self.state = replace(told, revision=self.state.revision + 1)
            self._changed()
