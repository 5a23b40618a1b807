"""How often a root is looked through without being told to: often while that finds something, seldom while it does not.

Looks at clocks and at nothing else.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

# A scan may cost this share of the time: a tree whose scan takes 2 s is looked through every 100 s at most.
SCAN_SHARE = 0.02
# Where events come, a look only finds what they missed: lost ones, other machines' changes, what is written by mmap.
SHORTEST_SECONDS, LONGEST_SECONDS = 30.0, 300.0
# Where none come, a look is all there is.
SHORTEST_POLL_SECONDS, LONGEST_POLL_SECONDS = 1.0, 30.0
# Wall clock and monotonic clock drift apart by more than this only in a suspend or when the clock is set.
JUMP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Pace:
    """The time between two looks, ``interval`` seconds, from ``shortest`` to ``longest``."""

    shortest: float
    longest: float
    interval: float = 0.0

    def after(self, *, found: bool, cost_seconds: float) -> Pace:
        """Return the pace after a look: the shortest again where it found something, else twice as slow."""
        wanted = self.shortest if found else max(self.shortest, 2.0 * self.interval)
        floor = cost_seconds / SCAN_SHARE
        return Pace(self.shortest, self.longest, max(min(wanted, self.longest), floor))


WATCHED = Pace(SHORTEST_SECONDS, LONGEST_SECONDS)
POLLED = Pace(SHORTEST_POLL_SECONDS, LONGEST_POLL_SECONDS)


@dataclass(slots=True)
class Clocks:
    """Tells when the machine slept or its clock was set."""

    wall: float = field(default_factory=time.time)
    monotonic: float = field(default_factory=time.monotonic)

    def jumped(self) -> bool:
        """Say whether the two clocks went on differently since the last call."""
        return self.jumped_by(time.time(), time.monotonic()) > JUMP_SECONDS

    def jumped_by(self, wall: float, monotonic: float) -> float:
        """Return by how many seconds they did, and take these times as the last."""
        jump = abs((wall - self.wall) - (monotonic - self.monotonic))
        self.wall, self.monotonic = wall, monotonic
        return jump


class Looks:
    """When one root is looked through next."""

    def __init__(self) -> None:
        """Begin with a root that is watched and was just looked through."""
        self._pace = WATCHED
        self._next = time.monotonic() + SHORTEST_SECONDS

    def looked(self, *, found: bool, cost_seconds: float, is_polled: bool) -> None:
        """Note a look that is over: whether it found what no event had told, and what it cost."""
        base = POLLED if is_polled else WATCHED
        last = self._pace if self._pace.longest == base.longest else base
        self._pace = last.after(found=found, cost_seconds=cost_seconds)
        self._next = time.monotonic() + self._pace.interval

    def hasten(self) -> None:
        """Look soon and often again: somebody works here."""
        self._pace = Pace(self._pace.shortest, self._pace.longest)
        self._next = min(self._next, time.monotonic() + self._pace.shortest)

    def seconds_left(self) -> float:
        """Return the time until the next look, 0 where it is due."""
        return max(0.0, self._next - time.monotonic())
