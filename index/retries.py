"""Asking again where waiting may help, for a bounded time. Knows nothing of what is asked."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from .errors import ModelAway

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")

# Longer waits would outlast the time for all attempts; a server that wants one says so.
LONGEST_WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one who asks goes on asking: no attempt begins after ``total_seconds``, none lasts ``answer_seconds``.

    ``pause`` waits; tests hand in one that does not.
    """

    attempts: int
    total_seconds: float
    answer_seconds: float
    first_wait_seconds: float = 0.25
    pause: Callable[[float], None] = time.sleep


def patiently(ask: Callable[[], Answer], patience: Patience) -> Answer:
    """Return the answer of ``ask``, tried again after ModelAway; the last one is raised."""
    latest = time.monotonic() + patience.total_seconds
    attempt = 1
    while True:
        try:
            return ask()
        except ModelAway as away:
            wait = _wait_seconds(attempt, patience, asked=away.retry_after_seconds)
            if attempt >= patience.attempts or time.monotonic() + wait > latest:
                raise
        patience.pause(wait)
        attempt += 1


def _wait_seconds(attempt: int, patience: Patience, *, asked: float | None) -> float:
    """Return a wait of random length, so that requests which failed together do not come again together."""
    longest = min(patience.first_wait_seconds * 2**attempt, LONGEST_WAIT_SECONDS)
    chance = random.random()  # noqa: S311 (no secret)
    return chance * longest if asked is None else asked + chance * patience.first_wait_seconds
