"""Worker processes that read and extract files, so that a hostile file costs one file and never the caller.

Tree-sitter cannot be interrupted in a query and can take gigabytes for kilobytes of source, so each worker has a memory
limit, and the parent kills one that is silent for too long. Starts processes, never threads; touches no index.
"""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from ..parsers import language_named
from .extraction import Outcome, content_of
from .extraction_cache import key_of, packed_refusal
from .files import Skipped
from .machine import usable_cores
from .serving import Wear, received, serve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from .extraction import Job

# The parser gives itself 2 s a tree; a worker that works for longer than this on one file hangs in a query. Counted in
# time of the processor where the system tells it: on a busy machine a harmless file may take ten times as long.
FILE_DEADLINE_SECONDS = 6.0
# One that says nothing for so long is given up even if it did not work: it is stopped, or waits for a dead disk.
LONGEST_SILENCE_SECONDS = 60.0
# How often a silent worker is looked at.
LOOK_SECONDS = 0.1
# Files and bytes in one message: few round trips, yet so little that a saved file does not wait long behind it.
BATCH_FILES = 16
BATCH_BYTES = 256 << 10
# The most that an unprivileged user may have; outcomes of a batch are about half of it.
PIPE_BYTES = 1 << 20
# A worker is replaced after this many files, or once it has needed this much: the heap does not shrink again.
MOST_FILES = 2_000
MOST_MEMORY_BYTES = 600 << 20


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    orders: Connection
    pipe: Connection
    jobs: deque[Job] = field(default_factory=deque)
    heard: float = 0.0
    served: int = 0
    wear: Wear = field(default_factory=Wear)

    @property
    def is_worn(self) -> bool:
        return self.served >= MOST_FILES or self.wear.held_bytes > MOST_MEMORY_BYTES

    @property
    def is_stuck(self) -> bool:
        silent = time.monotonic() - self.heard
        if silent <= FILE_DEADLINE_SECONDS:
            return False
        worked = _cpu_seconds(self.process.pid) - self.wear.cpu_seconds
        return worked > FILE_DEADLINE_SECONDS or silent > LONGEST_SILENCE_SECONDS


class Pool:
    """Worker processes for one root, started when the first job comes. Belongs to one thread."""

    def __init__(self, root: Path, *, size: int | None = None, cache: Path | None = None) -> None:
        """Prepare a pool of ``size`` workers, one for each core by default, that look into an extraction cache."""
        self._root = root
        self._size = size or usable_cores()
        self._cache = cache
        self._workers: list[_Worker] = []
        self._queue: deque[Job] = deque()

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Yield the outcome of every job, in the order they finish.

        A file that crashes, hangs or starves its worker yields a problem, and the others of its batch run elsewhere.
        """
        self._queue.extend(jobs)
        while self._queue or any(worker.jobs for worker in self._workers):
            self._feed()
            busy = [worker for worker in self._workers if worker.jobs]
            ready = wait([worker.pipe for worker in busy], timeout=_patience(busy))
            for worker in busy:
                if worker.pipe in ready:
                    yield from self._receive(worker)
                elif worker.is_stuck:
                    yield self._replace(worker, "took too long to parse")

    def hurry(self, jobs: Iterable[Job]) -> None:
        """Put jobs before all others of the run that goes on; their outcomes come out of it."""
        self._queue.extendleft(reversed(tuple(jobs)))

    @property
    def has_jobs(self) -> bool:
        """Whether jobs wait: those that were hurried after the last outcome of a run came out."""
        return bool(self._queue)

    def _feed(self) -> None:
        for worker in [worker for worker in self._workers if worker.is_worn and not worker.jobs]:
            self._workers.remove(worker)
            _stop(worker)
        wanted = min(self._size, -(-len(self._queue) // BATCH_FILES))
        while len(self._workers) < wanted:
            self._workers.append(_start(self._root, self._cache))
        for worker in self._workers:
            if self._queue and len(worker.jobs) < BATCH_FILES and not worker.is_worn:
                self._send(worker)

    def _send(self, worker: _Worker) -> None:
        batch = list(self._batch())
        if not worker.jobs:
            worker.heard = time.monotonic()
        worker.jobs.extend(batch)
        worker.served += len(batch)
        with contextlib.suppress(OSError):  # a dead worker shows when its pipe is read
            worker.orders.send(batch)

    def _batch(self) -> Iterator[Job]:
        room = BATCH_BYTES
        for _ in range(max(1, min(BATCH_FILES, len(self._queue) // len(self._workers)))):
            job = self._queue.popleft()
            yield job
            room -= job.file.size
            if room <= 0 or not self._queue:
                return

    def _receive(self, worker: _Worker) -> Iterator[Outcome]:
        try:
            while True:
                outcome, worker.wear = received(worker.pipe.recv_bytes(), worker.jobs[0])
                worker.heard = time.monotonic()
                worker.jobs.popleft()
                yield outcome
                if not worker.jobs or not worker.pipe.poll():
                    return
        except (EOFError, OSError):
            yield self._replace(worker, "crashed the parser or took too much memory")

    def _replace(self, worker: _Worker, problem: str) -> Outcome:
        """Kill a worker whose current file is at fault; give the rest of its batch back."""
        culprit = worker.jobs.popleft()
        self._queue.extendleft(reversed(worker.jobs))
        self._workers.remove(worker)
        _stop(worker)
        return self._refused(culprit, problem)

    def _refused(self, job: Job, problem: str) -> Outcome:
        """Return the outcome of a file that no worker survives. With its digest on record it is not tried again."""
        content = content_of(self._root, job)
        language = language_named(job.file.language)
        if isinstance(content, Skipped) or language is None:
            return Outcome(job, problem=problem)
        fresh = key_of(content.digest, language), packed_refusal(problem)
        return Outcome(job, content.digest, problem=problem, fresh=fresh)

    def drop(self) -> None:
        """Forget every job of a run that was abandoned.

        What was read then is no longer so: in the next run it would count as newer than what that run reads.
        """
        self._queue.clear()
        for worker in [worker for worker in self._workers if worker.jobs]:
            self._workers.remove(worker)
            _stop(worker)

    def shrink(self) -> None:
        """End all workers but one, which stays warm for the next saved file."""
        while len(self._workers) > 1:
            _stop(self._workers.pop())

    def close(self) -> None:
        """End all workers."""
        self._queue.clear()
        while self._workers:
            _stop(self._workers.pop())


def _patience(busy: list[_Worker]) -> float:
    oldest = min(worker.heard for worker in busy)
    return max(LOOK_SECONDS, oldest + FILE_DEADLINE_SECONDS - time.monotonic())


def _cpu_seconds(process: int | None) -> float:
    """Return how long a process has worked so far; where the system does not tell, forever."""
    try:
        # What `clock_getcpuclockid` of the C library returns on Linux; Python has it for threads only.
        return time.clock_gettime((~(process or 0) << 3) | 2)
    except (AttributeError, OSError):
        return math.inf


def _start(root: Path, cache: Path | None) -> _Worker:
    # Spawned, not forked: the caller has threads, and a fork would copy their locks.
    context = multiprocessing.get_context("spawn")
    their_orders, orders = context.Pipe(duplex=False)
    outcomes, their_outcomes = context.Pipe(duplex=False)
    _widen(outcomes)
    arguments = (their_orders, their_outcomes, root, cache)
    process = context.Process(target=serve, args=arguments, name="funcseek-parser", daemon=True)
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
