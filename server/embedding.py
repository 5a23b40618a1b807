"""How a root's passages are embedded: batch by batch, out of the way of whoever saves or asks. Changes no file's rows.

A batch cannot be broken off, so its size is how long a saved file may wait.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from ..index.errors import ModelError
from .throttle import REST_BATCHES, Throttle

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..index.code_index import CodeIndex
    from .throttle import Questions

# While somebody saves or asks a batch is this part of a full one: some 80 ms against 330 ms.
LIVELY_SHARE = 4
LIVELY_SECONDS = 10.0
# The longest that questions in a row hold up a batch.
LET_PASS_SECONDS = 0.5
# The rate is a moving average over about this many batches.
RATE_MEMORY = 8
# After a model could not embed it is left alone for so long.
RETRY_SECONDS = 10.0


class Embedding:
    """The embedding of one root. Used by its worker's thread, but for ``enliven``."""

    def __init__(self, questions: Questions, *, rest: Callable[[float], object]) -> None:
        """Begin at rest; ``rest`` waits for some seconds, or until there is something more urgent."""
        self._questions = questions
        self._rest = rest
        self._throttle = Throttle()
        self._lively_until = 0.0
        self._finished: float | None = None
        self._retry_at: float | None = None
        self.passages_per_second = 0.0
        self.throttled: str | None = None
        self.problem: str | None = None

    def enliven(self) -> None:
        """Keep batches small for a while: somebody saves or asks."""
        self._lively_until = time.monotonic() + LIVELY_SECONDS

    def step(self, index: CodeIndex) -> int:
        """Embed the next batch and return its size, 0 where nothing waits.

        A model that cannot, with ``problem`` saying why, is asked again after `RETRY_SECONDS`. Words go on meanwhile.
        """
        if self._retry_at is not None and time.monotonic() < self._retry_at:
            return 0
        try:
            count = self._step(index)
        except ModelError as error:
            self.stop()
            self.problem, self._retry_at = str(error), time.monotonic() + RETRY_SECONDS
            return 0
        self.retry()
        return count

    def retry(self) -> None:
        """Ask the model at once again, when there is something to ask."""
        self.problem = self._retry_at = None

    def seconds_left(self) -> float:
        """Return how long a model that could not embed is left alone; infinity where it could."""
        return math.inf if self._retry_at is None else max(0.0, self._retry_at - time.monotonic())

    def _step(self, index: CodeIndex) -> int:
        self._questions.let_pass(timeout_seconds=LET_PASS_SECONDS)
        started = time.monotonic()
        share = LIVELY_SHARE if started < self._lively_until else 1
        count = index.embed(share=share)
        took = time.monotonic() - started
        if not count:
            self.stop()
            return 0
        self.throttled = self._throttle.reason()
        if self.throttled:
            self._rest(REST_BATCHES * took)
        self._measure(count, since=self._finished or started)
        return count

    def _measure(self, count: int, *, since: float) -> None:
        """Take the rests and all else that was done in between for part of the time: that is what an ETA needs."""
        self._finished = time.monotonic()
        rate = count / max(self._finished - since, 1e-6)
        before = self.passages_per_second or rate
        self.passages_per_second = before + (rate - before) / RATE_MEMORY

    def stop(self) -> None:
        """Note that nothing is embedded any more, so that the pause is no part of the rate and no retry is due."""
        self.retry()
        self._finished = self.throttled = None
        self.passages_per_second = 0.0
