"""Keeps watch over one root: starts and renews its events, writes the cookies, says why changes may come untold.

Decides nothing about files; ``worker`` calls it and scans.
"""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.cache_folder import make_private
from ..index.errors import RootGone
from ..index.mounts import silent_file_system
from ..index.presence import identity
from .watcher import COOKIE, events_of

if TYPE_CHECKING:
    from .touches import Touches
    from .watcher import Events

_logger = logging.getLogger(__name__)

# What to do about each error, as the end of a sentence.
_REASONS = {
    errno.ENOSPC: "it has more folders than the system lets a user watch;"
    " raise the limit with `sudo sysctl fs.inotify.max_user_watches=524288`",
    errno.EMFILE: "the system lets a user watch no more folders at once;"
    " raise the limit with `sudo sysctl fs.inotify.max_user_instances=512`, or close other programs",
}


class Watcher:
    """Watches one root on behalf of one worker, which calls everything but ``cookie``."""

    def __init__(self, root: Path, cookies: Path, touches: Touches, *, is_polled: bool = False) -> None:
        """Prepare; nothing is watched yet. ``cookies`` is a folder of ours, on a local disk and outside the root.

        ``is_polled``: never watch anything.
        """
        self._root = os.fspath(root)
        self._cookies = cookies
        self._touches = touches
        self._is_polled = is_polled
        self._events: Events | None = None
        self._watched: str | None = None
        self.problem: str | None = None

    @property
    def is_blind(self) -> bool:
        """Whether changes can come about without an event, so that looking is the only way to find them soon."""
        return self.problem is not None

    @property
    def is_lost(self) -> bool:
        """Whether events should come and may not have, also because another folder stands where the root was."""
        events = self._events
        return events is not None and not (events.is_alive and _identity(self._root) == self._watched)

    def start(self) -> None:
        """Begin anew; a scan must follow, which tells every folder it enters to `enter`."""
        self.stop()
        self.problem = self._silence()
        self._watched = _identity(self._root)
        if self._is_polled:
            self._touches.see_all()
            return
        try:
            make_private(self._cookies)
            for old in self._cookies.iterdir():
                old.unlink()
            self._events = events_of(self._root, os.fspath(self._cookies), self._touches)
        except OSError as error:
            self._give_up(error)
        # One that was under way to the old watches will not come by here.
        self._touches.see_all()

    def _silence(self) -> str | None:
        """Return why events will not tell everything, if that is known beforehand."""
        if self._is_polled:
            return f"{self._root} is looked through now and then and not watched: the service was started with --poll."
        if kind := silent_file_system(Path(self._root)):
            return f"{self._root} is looked through now and then: it is on {kind}, where others change files unseen."
        return None

    def stop(self) -> None:
        """Stop watching; stopping twice is harmless."""
        if self._events is not None:
            self._events.stop()
            self._events = None

    def enter(self, folder: str) -> None:
        """Watch a folder of the root before it is listed; where the limit is reached, watch nothing at all."""
        if self._events is None:
            return
        try:
            self._events.enter(folder)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.stop()
        reason = _REASONS.get(error.errno or 0, str(error))
        self.problem = f"{self._root} is looked through now and then and not watched: {reason}."
        _logger.warning("%s", self.problem)

    def cookie(self) -> int:
        """Write a cookie and return its number; where none can travel, the whole root counts as touched instead."""
        number = self._touches.issue()
        events = self._events
        # Asked before the cookie is written and not after: events that are lost later touch everything by themselves.
        if self.is_blind or events is None or not events.are_in_order or self.is_lost or not self._written(number):
            self._touches.touch_everything()
        return number

    def is_living(self, *, timeout_seconds: float) -> bool:
        """Say whether a cookie comes by in time; one that does not means that events are lost."""
        number = self._touches.issue()
        return (
            self._events is not None
            and self._events.is_alive
            and self._written(number)
            and self._touches.is_seen(number, timeout_seconds=timeout_seconds)
        )

    def _written(self, number: int) -> bool:
        try:
            (self._cookies / f"{COOKIE}{number}").touch(mode=0o600)
        except OSError as error:
            _logger.warning("No cookie can be written to %s: %s", self._cookies, error)
            return False
        return True


def _identity(root: str) -> str | None:
    try:
        return identity(Path(root))
    except RootGone:
        return None
