"""What was touched under one root, gathered into bursts, and the cookies that came by in between. Thread-safe.

An event only says where to look. Nothing is read or decided where events arrive, so that the kernel's queue is drained
at once.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..index.changes import fold

if TYPE_CHECKING:
    from ..index.changes import Burst

# A burst ends when nothing came for this long: editors write, rename and touch within a few milliseconds.
QUIET_SECONDS = 0.1
# ... but is handed over after this long however busy the tree is.
LONGEST_BURST_SECONDS = 1.0
# Paths kept of one burst; above it the whole root is looked at anyway, and a storm must not fill the memory.
MOST_PATHS = 100_000


@dataclass(frozen=True, slots=True)
class Taken:
    """A burst, and the newest cookie seen before it was taken: once the burst is applied, so is all before that."""

    burst: Burst
    cookie: int


class Touches:
    """What happened since the last look. ``take`` and ``wait`` belong to one consumer; the rest to any thread."""

    def __init__(self, root: str) -> None:
        """Begin with nothing touched below an absolute path."""
        self._root = root
        self._condition = threading.Condition()
        self._touched: set[str] = set()
        self._first = self._last = 0.0
        self._issued = self._seen = self._taken = 0
        self._woken = False

    def touch(self, path: str) -> None:
        """Note that something happened at an absolute path, a folder's with a slash at its end."""
        now = time.monotonic()
        with self._condition:
            if not self._touched:
                self._first = now
                self._condition.notify_all()
            self._last = now
            if len(self._touched) < MOST_PATHS:
                self._touched.add(path)
            else:
                self._touched = {self._root}

    def touch_everything(self) -> None:
        """Note that anything may have happened; every cookie issued so far counts as seen."""
        self.touch(self._root)
        self.see_all()

    def see_all(self) -> None:
        """Note that every cookie issued so far need not be waited for."""
        with self._condition:
            self._seen = self._issued
            self._woken = True
            self._condition.notify_all()

    def issue(self) -> int:
        """Return the next cookie's number."""
        with self._condition:
            self._issued += 1
            return self._issued

    def see(self, cookie: int) -> None:
        """Note that a cookie came by: everything that happened before it was issued has been touched."""
        with self._condition:
            self._seen = max(self._seen, min(cookie, self._issued))
            self._condition.notify_all()

    def is_seen(self, cookie: int, *, timeout_seconds: float) -> bool:
        """Wait for a cookie to come by."""
        with self._condition:
            return self._condition.wait_for(lambda: self._seen >= cookie, timeout_seconds)

    def wake(self) -> None:
        """End a ``wait``."""
        with self._condition:
            self._woken = True
            self._condition.notify_all()

    def take(self, *, settle: bool) -> Taken | None:
        """Return the burst that has ended, None where none has; with ``settle`` wait for one that has begun.

        A cookie ends a burst at once, also an empty one: somebody waits for it.
        """
        with self._condition:
            while self._touched and self._seen == self._taken and (left := self._ripe_at() - time.monotonic()) > 0:
                if not settle:
                    return None
                self._condition.wait(left)
            if not self._touched and self._seen == self._taken:
                return None
            touched, self._touched = self._touched, set()
            self._taken = self._seen
        return Taken(fold(self._root, touched), self._taken)

    def clear(self) -> int:
        """Forget what was touched, because all will be looked at; return the newest cookie that was seen."""
        with self._condition:
            self._touched = set()
            self._taken = self._seen
            return self._taken

    def _ripe_at(self) -> float:
        return min(self._last + QUIET_SECONDS, self._first + LONGEST_BURST_SECONDS)

    def wait(self, *, timeout_seconds: float) -> bool:
        """Sleep until there is something to take or ``wake`` was called; say whether it was before the time ran out."""
        with self._condition:
            self._condition.wait_for(self._is_spoken, timeout_seconds)
            spoken = self._is_spoken()
            self._woken = False
        return spoken

    def _is_spoken(self) -> bool:
        return bool(self._touched) or self._woken or self._seen != self._taken
