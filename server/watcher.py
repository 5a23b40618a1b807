"""Events of the file system under one root, gathered into bursts. The only importer of watchdog.

An event is only a hint: it says where to look, never what is there. Nothing is read or decided in the observer's
thread, so that its queue stays empty.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from ..index.changes import fold

if TYPE_CHECKING:
    from pathlib import Path

    from watchdog.observers.api import BaseObserver

    from ..index.changes import Burst

_logger = logging.getLogger(__name__)

# A burst ends when nothing came for this long: editors write, rename and touch within a few milliseconds.
QUIET_SECONDS = 0.1
# ... but is handed over after this long however busy the tree is.
LONGEST_BURST_SECONDS = 1.0

# Opening and reading are not changes; without this filter our own reads would come back as events.
_CHANGES: list[type[FileSystemEvent]] = [
    FileCreatedEvent, FileModifiedEvent, FileDeletedEvent, FileMovedEvent,
    DirCreatedEvent, DirDeletedEvent, DirMovedEvent,
]  # fmt: skip


class Watcher:
    """Watches one root. ``take`` and ``wait`` belong to one consumer; everything else may be called from any thread."""

    def __init__(self, root: Path) -> None:
        """Prepare; nothing is watched yet."""
        self._root = os.fsdecode(root)
        self._condition = threading.Condition()
        self._touched: set[str] = set()
        self._first = self._last = 0.0
        self._woken = False
        self._observer: BaseObserver | None = None

    def start(self) -> None:
        """Begin to watch; a tree that cannot be watched is only logged, because reconciliation looks at it anyway."""
        observer = Observer()
        try:
            observer.schedule(_Handler(self), self._root, recursive=True, event_filter=_CHANGES)
            observer.start()
        except OSError as error:
            _logger.warning("%s cannot be watched (%s); it is looked through every half minute.", self._root, error)
            return
        self._observer = observer

    def stop(self) -> None:
        """Stop watching; stopping twice is harmless."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None

    def wake(self) -> None:
        """End a ``wait``."""
        with self._condition:
            self._woken = True
            self._condition.notify_all()

    def touch(self, path: str) -> None:
        """Note that something happened at an absolute path."""
        now = time.monotonic()
        with self._condition:
            if not self._touched:
                self._first = now
            self._last = now
            self._touched.add(path)
            self._condition.notify_all()

    def take(self, *, settle: bool) -> Burst | None:
        """Return the burst that has ended, None where none has; with ``settle`` wait for one that has begun."""
        with self._condition:
            while self._touched and (left := self._ripe_at() - time.monotonic()) > 0:
                if not settle:
                    return None
                self._condition.wait(left)
            if not self._touched:
                return None
            touched, self._touched = self._touched, set()
        return fold(self._root, touched)

    def _ripe_at(self) -> float:
        return min(self._last + QUIET_SECONDS, self._first + LONGEST_BURST_SECONDS)

    def wait(self, *, timeout_seconds: float) -> bool:
        """Sleep until something was touched or ``wake`` was called; say whether it was before the time ran out."""
        with self._condition:
            self._condition.wait_for(lambda: self._touched or self._woken, timeout_seconds)
            spoken = bool(self._touched) or self._woken
            self._woken = False
        return spoken


class _Handler(FileSystemEventHandler):
    """Hands paths on; called in the observer's thread."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def on_any_event(self, event: FileSystemEvent) -> None:
        for path in (event.src_path, event.dest_path):
            if path:
                self._watcher.touch(os.fsdecode(path) + (os.sep if event.is_directory else ""))
