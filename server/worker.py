"""The one thread that changes a root's index: scans it, follows its watcher, embeds in between. Answers no query.

Saved files come before everything else; then passages without a vector, a small batch at a time; then, with nothing
left to do, the graph is saved and the thread sleeps until the watcher speaks or it is time to look for itself.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from ..index.changes import MAX_FOLDERS
from ..index.code_index import CodeIndex
from ..index.errors import FuncseekError, IndexDamaged, IndexFailure, RootGone
from ..index.machine import exhaustion
from .embedding import Embedding
from .pace import Clocks, Looks
from .state import State, shortcomings
from .touches import Touches
from .watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ..index.changes import Burst
    from ..index.code_index import Home, Reader
    from ..index.updater import Commit
    from .model import Model
    from .pauses import Pauses
    from .throttle import Questions
    from .touches import Taken

_logger = logging.getLogger(__name__)

# After a failure of the disk the worker waits this long before it tries again.
RETRY_SECONDS = 10.0
# How often a root that is gone is looked for.
RETURN_SECONDS = 1.0
# After this long without an event a cookie shows whether they still come, and after this long it does not come either.
HEARTBEAT_SECONDS, HEARTBEAT_PATIENCE_SECONDS = 30.0, 5.0
# How often a worker that has nothing else to do sees whether its model is loaded.
MODEL_LOOK_SECONDS = 0.25
# A question after this long without one has the root looked at: the machine may have slept, the editor been elsewhere.
FOCUS_SECONDS = 60.0


class Worker:
    """One root being indexed in a thread of its own."""

    def __init__(
        self,
        root: Path,
        home: Home,
        model: Model,
        *,
        changed: Callable[[], None],
        questions: Questions,
        pauses: Pauses,
        is_polled: bool = False,
    ) -> None:
        """Prepare; ``changed`` is called from the worker's thread whenever ``state`` has a new value.

        ``is_polled``: look through the root and watch nothing.
        """
        self.root = root
        self.state = State()
        self._home = home
        self._model = model
        self._changed = changed
        self._pauses = pauses
        self._touches = Touches(str(root))
        self._watcher = Watcher(root, home.index_of(root) / "cookies", self._touches, is_polled=is_polled)
        self._embedding = Embedding(questions, rest=self._rest_for)
        self._looks = Looks()
        self._clocks = Clocks()
        self._opened = threading.Event()
        self._stopping = threading.Event()
        self._rescan = self._rewatch = self._model_changed = False
        # Folders touched while something else was applied.
        self._later: set[str] = set()
        self._cookie = 0
        # Which of the model's states this worker has taken up.
        self._taken = -1
        self._told: str | None = None
        self._asked = time.monotonic()
        self._index: CodeIndex | None = None
        self._idle: list[Reader] = []
        self._thread = threading.Thread(target=self._run, name=f"index {root.name}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._model.begin()
        self._thread.start()

    def stop(self, *, timeout_seconds: float) -> None:
        """Ask the thread to end, and wait for it."""
        self._stopping.set()
        self._touches.wake()
        self._thread.join(timeout_seconds)

    @contextlib.contextmanager
    def reader(self) -> Iterator[Reader]:
        """Lend a reader, waiting until the index is open; raises IndexFailure with the reason where it cannot be."""
        self._opened.wait()
        index = self._index
        if index is None:
            raise IndexFailure(self.state.problem or f"The index of {self.root} is being closed; try again.")
        self._heed()
        try:
            reader = self._idle.pop()
        except IndexError:
            reader = index.reader()
        try:
            yield reader
        except IndexDamaged:
            self._touches.wake()
            raise
        finally:
            if self._index is index:
                self._idle.append(reader)
            else:
                reader.close()

    def _heed(self) -> None:
        """Note a question: what is asked about is worked on."""
        now = time.monotonic()
        self._embedding.enliven()
        if now - self._asked > FOCUS_SECONDS:
            self._looks.hasten()
            self.look()
        self._asked = now

    def focus(self, path: str) -> None:
        """Read and embed a file of this root, relative to it, before all that waits: somebody has opened it."""
        self._embedding.enliven()
        self._touches.touch(str(self.root / path))

    def is_gone(self) -> bool:
        """Say whether the root is not there now."""
        return self.state.phase == "gone" or not self.root.is_dir()

    def notices(self) -> list[str]:
        """Return what whoever asks about this root should know; why it is not watched is told once."""
        state = self.state
        told = []
        if state.model_problem:
            told.append(state.model_problem)
        if state.watch_problem and state.watch_problem != self._told:
            self._told = state.watch_problem
            told.append(state.watch_problem)
        return told + shortcomings(state, self.root)

    def look(self) -> None:
        """Look at every file again soon."""
        self._rescan = True
        self._touches.wake()

    def rescan(self) -> None:
        """Look at every file again soon, and try to watch a root anew that could not be watched."""
        self._rewatch = True
        self.look()

    def hurry(self, path: str) -> None:
        """Look at one file, relative to the root, before all others."""
        self._touches.touch(f"{self.root}/{path}")

    def cookie(self) -> int:
        """Return a number: once ``state.synced`` has reached it, everything saved before this call is applied."""
        return self._touches.issue() if self._stopping.is_set() else self._watcher.cookie()

    def reload_model(self) -> None:
        """Take up a model that was installed or changed."""
        self._model_changed = True
        self._touches.wake()

    def reconsider(self) -> None:
        """See whether the root was paused or resumed."""
        self._touches.wake()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._open_and_follow()
            except FuncseekError as error:
                self._fail(str(error))
            except Exception as error:
                _logger.exception("Indexing %s failed", self.root)
                told = exhaustion(error) if isinstance(error, OSError) else None
                self._fail(told or "Indexing failed on an error of funcseek's own; see the log and report it.")
        self._opened.set()
        self._tell(phase="closed")

    def _fail(self, problem: str) -> None:
        _logger.error("%s: %s", self.root, problem)
        self._opened.set()
        self._tell(phase="failed", problem=problem, eta_seconds=None)
        self._stopping.wait(RETRY_SECONDS)

    def _open_and_follow(self) -> None:
        try:
            with CodeIndex(self.root, self._home, guard=threading.Lock()) as index:
                self._index = index
                self._opened.set()
                self._taken = -1
                self._rescan = self._rewatch = True
                self._count(index)
                while not self._stopping.is_set():
                    try:
                        self._step(index)
                    except RootGone as error:
                        self._await_root(index, error)
        finally:
            self._index = None
            self._opened.clear()
            while self._idle:
                self._idle.pop().close()
            self._watcher.stop()

    def _take_model(self, index: CodeIndex) -> None:
        self._model_changed = False
        if self.state.is_searchable:
            self._tell(phase="embedding")
        if index.adopt(self._model.get_for(self.root)):
            self._rescan = True
        self._taken = self._model.revision
        self._embedding.retry()

    @property
    def _is_model_new(self) -> bool:
        """Whether a model is to be taken up."""
        return self._model_changed or self._model.is_due or self._model.revision != self._taken

    def _step(self, index: CodeIndex) -> None:
        """Do the most urgent piece of work, or wait for some."""
        # One that is still being loaded holds up no first reading, and an index that has vectors for a moment only.
        if self._is_model_new and self._model.settles(is_awaited=self.state.is_searchable or self.state.embedded > 0):
            self._take_model(index)
        elif self._rescan or self._clocks.jumped():
            self._scan(index)
        elif not self._looks.seconds_left():
            self._scan(index, is_told=False)
        elif self._later:
            self._follow_folders(index)
        elif taken := self._touches.take(settle=False):
            self._follow(index, taken)
        elif not self._embed(index) and not index.tend():
            self._rest(index)
        self._acknowledge()

    def _scan(self, index: CodeIndex, *, is_told: bool = True) -> None:
        # A watcher that lost events is renewed first: what changes from here on is seen by it or by the scan.
        if self._rewatch or self._watcher.is_lost:
            self._watcher.start()
        self._rescan = self._rewatch = False
        self._later.clear()
        self._cookie = max(self._cookie, self._touches.clear())
        if not self.state.is_searchable:
            self._tell(phase="scanning", problem=None)
        started = time.thread_time()
        found = self._commit(index, index.scan(entering=self._watcher.enter))
        cost = time.thread_time() - started
        # Before the root counts as searchable: the first whole answer goes by meaning too, or says why not.
        if self._is_model_new and self._model.settles():
            self._take_model(index)
        is_blind = self._watcher.is_blind
        self._looks.looked(found=bool(found) and (is_blind or not is_told), cost_seconds=cost, is_polled=is_blind)
        self._count(index, phase=self._phase(), watch_problem=self._watcher.problem)

    def _phase(self) -> str:
        return self.state.phase if self.state.phase in ("ready", "paused") else "embedding"

    def _follow_folders(self, index: CodeIndex) -> None:
        folders, self._later = self._later, set()
        self._commit(index, index.update((), folders, entering=self._watcher.enter))
        self._count(index)

    def _follow(self, index: CodeIndex, taken: Taken) -> None:
        self._note(taken)
        if taken.burst.is_everything:
            self._scan(index)
        elif taken.burst:
            self._tell(pending_files=len(taken.burst.paths))
            updates = index.update(taken.burst.paths, taken.burst.folders, entering=self._watcher.enter)
            if self._commit(index, updates):
                self._embedding.enliven()
                self._looks.hasten()
            index.prefer(taken.burst.paths)
            self._count(index)

    def _note(self, taken: Taken) -> None:
        self._cookie = max(self._cookie, taken.cookie)

    def _commit(self, index: CodeIndex, commits: Iterator[Commit]) -> int:
        """Drain the commits and return how many files they changed; files saved meanwhile jump the queue."""
        changed = 0
        started = time.monotonic()
        for commit in commits:
            if self._stopping.is_set():
                break
            changed += commit.changed_files
            waiting = commit.total_files - commit.done_files
            eta = waiting * (time.monotonic() - started) / max(1, commit.done_files)
            self._count(
                index,
                files_done=commit.done_files,
                files_total=commit.total_files,
                pending_files=waiting,
                eta_seconds=round(eta, 1),
            )
            if taken := self._touches.take(settle=False):
                self._note(taken)
                self._hurry(index, taken.burst)
        self._tell(pending_files=0, eta_seconds=None)
        return changed

    def _hurry(self, index: CodeIndex, burst: Burst) -> None:
        """Let files saved meanwhile go first: they are what somebody looks at now. Folders wait for their turn."""
        self._later.update(burst.folders)
        if burst.is_everything or len(self._later) > MAX_FOLDERS:
            self._rescan = True
        index.hurry(burst.paths)

    def _embed(self, index: CodeIndex) -> bool:
        if self._pauses.is_paused(self.root):
            self._embedding.stop()
            return False
        count = self._embedding.step(index)
        self._tell(model_problem=self._embedding.problem or self._model.withheld(self.root))
        if not count:
            return False
        now, rate = index.coverage(), self._embedding.passages_per_second
        # At once: an answer to how long it takes belongs to how much is left.
        self._tell(
            phase="embedding", files=now.files, functions=now.functions, embedded=now.embedded, is_paused=False,
            passages_per_second=rate, eta_seconds=round(now.waiting / rate, 1),
            throttled=self._embedding.throttled,
        )  # fmt: skip
        return True

    def _rest(self, index: CodeIndex) -> None:
        """Sleep until something happens, or until it is time to see whether something did."""
        is_paused, is_model_new = self._pauses.is_paused(self.root), self._is_model_new
        waits = is_paused and self.state.embedded < self.state.functions
        self._tell(
            phase="paused" if waits else "embedding" if is_model_new else "ready",
            is_paused=is_paused,
            passages_per_second=0.0,
            eta_seconds=None,
            throttled=None,
        )
        self._acknowledge()
        beat = MODEL_LOOK_SECONDS if is_model_new else HEARTBEAT_SECONDS
        if self._touches.wait(timeout_seconds=min(beat, self._looks.seconds_left(), self._embedding.seconds_left())):
            if taken := self._touches.take(settle=True):
                self._follow(index, taken)
        elif not is_model_new and (self._watcher.is_lost or not self._beats()):
            _logger.warning(
                "%s: no event came for a cookie, or another folder took its place; it is watched anew.", self.root
            )
            self._rescan = self._rewatch = True

    def _beats(self) -> bool:
        return self._watcher.is_blind or self._watcher.is_living(timeout_seconds=HEARTBEAT_PATIENCE_SECONDS)

    def _rest_for(self, seconds: float) -> None:
        self._touches.wait(timeout_seconds=seconds)

    def _await_root(self, index: CodeIndex, gone: RootGone) -> None:
        """Keep the index as it is until its folder is back."""
        _logger.warning("%s", gone)
        self._watcher.stop()
        self._tell(phase="gone", problem=str(gone), pending_files=0, eta_seconds=None, passages_per_second=0.0)
        while not self._stopping.wait(RETURN_SECONDS):
            with contextlib.suppress(RootGone):
                index.check_present()
                break
        self._rescan = self._rewatch = True
        self._tell(phase="scanning", problem=None)

    def _acknowledge(self) -> None:
        """Tell that everything that was taken is applied, and with it all that came before the last cookie."""
        if not (self._rescan or self._later or self._stopping.is_set()) and self.state.synced != self._cookie:
            self.state = replace(self.state, synced=self._cookie)
            self._changed()

    def _count(self, index: CodeIndex, **changes: object) -> None:
        now = index.coverage()
        self._tell(files=now.files, functions=now.functions, embedded=now.embedded, **changes)

    def _tell(self, **changes: object) -> None:
        told = replace(self.state, **changes)  # type: ignore[arg-type]
        if told != self.state:
            self.state = replace(told, revision=self.state.revision + 1)
            self._changed()
