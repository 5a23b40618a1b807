"""Runs the parser over files in worker processes, so that a hostile file costs one file and never the caller.

A worker reads a file, hashes it, and returns its entries; the parent only compares and stores. Tree-sitter cannot be
interrupted in a query and can take gigabytes for kilobytes of source, so each worker has a memory limit, and the parent
kills one that is silent for too long. Starts processes, never threads; touches no index.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from ..parsers import extract, language_named
from .entries import entries_of
from .files import FoundFile, Skipped, read
from .machine import usable_cores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from .entries import Entry

# The parser gives itself 2 s a file; a worker that says nothing for longer than this hangs in a query.
FILE_DEADLINE_SECONDS = 6.0
# 9 KB of hostile source can ask for over 3 GB; real files stay below 300 MB.
WORKER_MEMORY_BYTES = 1200 << 20
# Files per message: fewer round trips, yet small enough that both workers finish together.
BATCH_FILES = 16
# The most that an unprivileged user may have; outcomes of a batch are about half of it.
PIPE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read and extract. ``known`` is the digest of the content the catalogue has, ``b""`` for none."""

    file: FoundFile
    known: bytes = b""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: the digest of what was read (``b""`` where nothing could be), and its entries.

    ``entries`` is None where the content is the known one. ``problem`` says why a file holds no or not all functions.
    ``is_gone`` means that there is no such file any more.
    """

    job: Job
    digest: bytes = b""
    entries: tuple[Entry, ...] | None = ()
    problem: str | None = None
    is_gone: bool = False


def process(root: Path, job: Job) -> Outcome:
    """Read and extract one file in this process. Never raises on anything a file may hold."""
    content = read(root, job.file.path)
    if isinstance(content, Skipped):
        return Outcome(job, problem=content.reason, is_gone=content.is_gone)
    if content.digest == job.known:
        return Outcome(job, content.digest, None)
    language = language_named(job.file.language)
    if language is None:
        return Outcome(job, content.digest, problem="no supported language")
    extraction = extract(content.data, language)
    entries = entries_of(extraction, job.file.path)
    return Outcome(job, content.digest, entries, extraction.problem)


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    orders: Connection
    pipe: Connection
    jobs: deque[Job] = field(default_factory=deque)
    heard: float = 0.0


class Pool:
    """Worker processes for one root, started when the first job comes. Belongs to one thread."""

    def __init__(self, root: Path, *, size: int | None = None) -> None:
        """Prepare a pool of ``size`` workers, one for each core by default."""
        self._root = root
        self._size = size or usable_cores()
        self._workers: list[_Worker] = []

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Yield the outcome of every job, in the order they finish.

        A file that crashes, hangs or starves its worker yields a problem, and the others of its batch run elsewhere.
        """
        queue = deque(jobs)
        while queue or any(worker.jobs for worker in self._workers):
            self._feed(queue)
            busy = [worker for worker in self._workers if worker.jobs]
            ready = wait([worker.pipe for worker in busy], timeout=_patience(busy))
            for worker in busy:
                if worker.pipe in ready:
                    yield from self._receive(worker, queue)
                elif time.monotonic() - worker.heard > FILE_DEADLINE_SECONDS:
                    yield self._replace(worker, queue, "took too long to parse")

    def _feed(self, queue: deque[Job]) -> None:
        wanted = min(self._size, -(-len(queue) // BATCH_FILES))
        while len(self._workers) < wanted:
            self._workers.append(_start(self._root))
        for worker in self._workers:
            if queue and len(worker.jobs) < BATCH_FILES:
                share = max(1, min(BATCH_FILES, len(queue) // len(self._workers)))
                batch = [queue.popleft() for _ in range(min(share, len(queue)))]
                if not worker.jobs:
                    worker.heard = time.monotonic()
                worker.jobs.extend(batch)
                with contextlib.suppress(OSError):  # a dead worker shows when its pipe is read
                    worker.orders.send(batch)

    def _receive(self, worker: _Worker, queue: deque[Job]) -> Iterator[Outcome]:
        try:
            outcome = worker.pipe.recv()
        except (EOFError, OSError):
            yield self._replace(worker, queue, "crashed the parser or took too much memory")
            return
        worker.heard = time.monotonic()
        worker.jobs.popleft()
        yield outcome

    def _replace(self, worker: _Worker, queue: deque[Job], problem: str) -> Outcome:
        """Kill a worker whose current file is at fault; give the rest of its batch back."""
        culprit = worker.jobs.popleft()
        queue.extendleft(reversed(worker.jobs))
        self._workers.remove(worker)
        _stop(worker)
        # With its digest on record the file is not tried again until its bytes change.
        content = read(self._root, culprit.file.path)
        return Outcome(culprit, b"" if isinstance(content, Skipped) else content.digest, problem=problem)

    def shrink(self) -> None:
        """End all workers but one, which stays warm for the next saved file."""
        while len(self._workers) > 1:
            _stop(self._workers.pop())

    def close(self) -> None:
        """End all workers."""
        while self._workers:
            _stop(self._workers.pop())


def _patience(busy: list[_Worker]) -> float:
    oldest = min(worker.heard for worker in busy)
    return max(0.0, oldest + FILE_DEADLINE_SECONDS - time.monotonic()) + 0.01


def _start(root: Path) -> _Worker:
    # Spawned, not forked: the caller has threads, and a fork would copy their locks.
    context = multiprocessing.get_context("spawn")
    their_orders, orders = context.Pipe(duplex=False)
    outcomes, their_outcomes = context.Pipe(duplex=False)
    _widen(outcomes)
    arguments = (their_orders, their_outcomes, root)
    process = context.Process(target=_serve, args=arguments, name="funcseek-parser", daemon=True)
    process.start()
    their_orders.close()
    their_outcomes.close()
    return _Worker(process, orders, outcomes)


def _widen(pipe: Connection) -> None:
    """Let a worker go on while the parent stores what came before; Linux only, elsewhere the pipe stays as it is."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def _stop(worker: _Worker) -> None:
    worker.orders.close()
    worker.pipe.close()
    worker.process.kill()
    worker.process.join()
    worker.process.close()


def _serve(orders: Connection, outcomes: Connection, root: Path) -> None:
    """Answer batches until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle; it ends us
    _limit_memory()
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            for job in orders.recv():
                outcomes.send(process(root, job))


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY_BYTES, WORKER_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
