"""What many callers want embedded, taken together: a bounded queue and the one thread that empties it. No HTTP here.

A caller's items keep their order. A long request gives way after each batch, so that a short one is not held up by it.
"""

from __future__ import annotations

import contextlib
import logging
import math
import threading
import time
from collections import deque
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence, Sized

    from numpy.typing import NDArray

_logger = logging.getLogger(__name__)

Item = TypeVar("Item", bound="Sized")

# How long who comes waits for a batch that has just begun. MiniLM on two cores embeds some 25 functions in this time.
BATCH_SECONDS = 0.25
# Until it is known how fast the model is, and for one that is slow: a few texts of usual length.
LEAST_BATCH_SIZE = 1024
# The rate is a moving average over about this many batches.
RATE_MEMORY = 4
# Those who are sent away ask again within this time, whatever else waits.
MAX_RETRY_SECONDS = 60


class QueueFull(Exception):
    """Too much waits already; ``retry_after_seconds`` is about when it will have been done."""

    def __init__(self, retry_after_seconds: int) -> None:
        """Say when to ask again."""
        super().__init__(f"the queue is full; ask again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class Closed(Exception):
    """The queue takes nothing any more."""


@dataclass(slots=True, eq=False)
class _Job(Generic[Item]):
    """One caller's items: the first ``begun`` of them are in batches, ``rows`` are what those gave so far."""

    items: Sequence[Item]
    done: Future[NDArray[np.float32]]
    begun: int = 0
    rows: list[NDArray[np.float32]] = field(default_factory=list)


_Part = tuple[_Job[Item], int, int]


class Batcher(Generic[Item]):
    """Embeds in one thread of its own; ``submit`` and ``close`` may be called from any."""

    def __init__(
        self,
        embed: Callable[[list[Item]], NDArray[np.float32]],
        *,
        name: str,
        max_waiting: int,
        batch_seconds: float = BATCH_SECONDS,
    ) -> None:
        """Start the thread; ``embed`` returns one row for each item, whose ``len`` is the measure of its work."""
        self._embed = embed
        self._max_waiting = max_waiting
        self._batch_seconds = batch_seconds
        self._changed = threading.Condition()
        self._jobs: deque[_Job[Item]] = deque()
        self._waiting = 0
        self._rate = LEAST_BATCH_SIZE / BATCH_SECONDS
        self._is_closed = False
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def submit(self, items: Sequence[Item]) -> Future[NDArray[np.float32]]:
        """Return a future with one row for each item, in order; once cancelled, what is not in a batch yet is dropped.

        Raises QueueFull where more than ``max_waiting`` items would wait. What comes to an empty queue is taken anyhow.
        """
        job = _Job(items, Future())
        with self._changed:
            if self._is_closed:
                raise Closed
            if self._waiting and self._waiting + len(items) > self._max_waiting:
                raise QueueFull(self._seconds_to_wait())
            self._jobs.append(job)
            self._waiting += len(items)
            self._changed.notify()
        job.done.add_done_callback(lambda _: self._forget(job))
        return job.done

    def close(self) -> None:
        """Take nothing any more and cancel what waits; a batch that has begun is not waited for."""
        with self._changed:
            self._is_closed = True
            left = list(self._jobs)
            self._changed.notify()
        for job in left:
            job.done.cancel()

    def _seconds_to_wait(self) -> int:
        size = sum(len(item) for job in self._jobs for item in job.items[job.begun :])
        return min(max(1, math.ceil(size / self._rate)), MAX_RETRY_SECONDS)

    def _forget(self, job: _Job[Item]) -> None:
        with self._changed:
            # Asked before, not caught after: the error would spell out all vectors of the job, which takes 3 ms.
            if job in self._jobs:
                self._jobs.remove(job)
                self._waiting -= len(job.items) - job.begun

    def _work(self) -> None:
        while parts := self._next():
            began = time.monotonic()
            self._run(parts)
            self._measure(parts, time.monotonic() - began)

    def _next(self) -> list[_Part[Item]]:
        """Wait for the next batch; an empty one is the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._is_closed)
            return [] if self._is_closed else self._taken(max(self._rate * self._batch_seconds, LEAST_BATCH_SIZE))

    def _taken(self, room: float) -> list[_Part[Item]]:
        """Take what fits, in the order it came; a job too large for a batch goes on behind those that wait."""
        parts: list[_Part[Item]] = []
        while self._jobs and room > 0:
            job = self._jobs.popleft()
            begin = job.begun
            while job.begun < len(job.items) and room > 0:
                room -= len(job.items[job.begun])
                job.begun += 1
            self._waiting -= job.begun - begin
            if job.begun < len(job.items):
                (self._jobs.appendleft if parts else self._jobs.append)(job)
            parts.append((job, begin, job.begun))
        return parts

    def _run(self, parts: list[_Part[Item]]) -> None:
        items = [item for job, begin, end in parts for item in job.items[begin:end]]
        try:
            rows = self._embed(items)
        except Exception as error:
            if len(parts) > 1:
                # One of them may be to blame, and the others are not to suffer from it.
                for part in parts:
                    self._run([part])
                return
            _logger.warning("A request could not be embedded", exc_info=error)
            with contextlib.suppress(InvalidStateError):
                parts[0][0].done.set_exception(error)
            return
        start = 0
        for job, begin, end in parts:
            _give(job, rows[start : start + end - begin])
            start += end - begin

    def _measure(self, parts: list[_Part[Item]], seconds: float) -> None:
        size = sum(len(item) for job, begin, end in parts for item in job.items[begin:end])
        rate = size / max(seconds, 1e-6)
        with self._changed:
            self._rate += (rate - self._rate) / RATE_MEMORY


def _give(job: _Job[Item], rows: NDArray[np.float32]) -> None:
    job.rows.append(rows)
    if sum(map(len, job.rows)) == len(job.items):
        # Its caller may have left in this moment.
        with contextlib.suppress(InvalidStateError):
            job.done.set_result(np.concatenate(job.rows))
