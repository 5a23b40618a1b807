"""Events of the file system under one root, handed on as touched paths. The only importer of watchdog.

On Linux each folder that a scan enters is watched on its own, through watchdog's binding of inotify: ignored folders
cost nothing, each failure is an error and not a silence, and a cookie written to a folder of ours travels the same
queue as the root's events. Watchdog's observer would watch ignored folders too, leave out those above the limit without
a word, go on reporting a folder that was moved away, and hold what was moved back for half a second. Elsewhere it is
what there is, and a cookie that came by says only that it lives.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Protocol

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

if sys.platform == "linux":
    from watchdog.observers.inotify_c import (
        CallbackId,
        InotifyConstants,
        InotifyEvent,
        InotifyFD,
        Mask,
        WatchDescriptor,
    )

if TYPE_CHECKING:
    from collections.abc import Callable

    from .touches import Touches

_GIT = ".git"
COOKIE = "cookie-"


class Events(Protocol):
    """A source of events for one root and for the folder of its cookies.

    ``are_in_order``: a cookie that came by proves that every earlier event did.
    """

    are_in_order: bool

    def enter(self, folder: str) -> None:
        """Report on a folder, relative to the root, from now on; raises OSError where that cannot be."""

    @property
    def is_alive(self) -> bool:
        """Whether events can still come."""

    def stop(self) -> None:
        """Report nothing more."""


def events_of(root: str, cookies: str, touches: Touches) -> Events:
    """Begin to report on a root and on the folder of its cookies; raises OSError where that cannot be."""
    if sys.platform == "linux":
        return FolderEvents(root, cookies, touches)
    return TreeEvents(root, cookies, touches)


def _see(touches: Touches, path: str) -> None:
    """Note a cookie that came by, and remove it."""
    number = os.path.basename(path).removeprefix(COOKIE)
    if number.isdecimal() and os.path.exists(path):
        touches.see(int(number))
        with contextlib.suppress(OSError):
            os.unlink(path)


if sys.platform == "linux":
    # Reading is no change: with the rest of the mask our own reads would come back as events.
    _MASK = Mask(
        InotifyConstants.IN_MODIFY
        | InotifyConstants.IN_CLOSE_WRITE
        | InotifyConstants.IN_ATTRIB
        | InotifyConstants.IN_MOVE
        | InotifyConstants.IN_CREATE
        | InotifyConstants.IN_DELETE
        | InotifyConstants.IN_DELETE_SELF
        | InotifyConstants.IN_MOVE_SELF
        | InotifyConstants.IN_ONLYDIR
        | InotifyConstants.IN_DONT_FOLLOW
        | InotifyConstants.IN_EXCL_UNLINK
    )
    # A folder may go before it is entered, and one that cannot be read is not listed either.
    _HARMLESS = (errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP)

    class FolderEvents:
        """One inotify instance: a watch for each folder entered, and one for the cookies."""

        are_in_order = True

        def __init__(self, root: str, cookies: str, touches: Touches) -> None:
            """Watch the cookies; raises OSError where that cannot be."""
            self.root = root
            self.touches = touches
            self._numbers = itertools.count(1)
            self._folders: dict[str, _Folder] = {}
            self._lock = threading.Lock()
            self._is_lost = False
            self._inotify = InotifyFD()
            self._inotify.start()
            self._cookies = _Cookies(self, cookies)
            try:
                self._inotify.add_callback(os.fsencode(cookies), _MASK, self._cookies, CallbackId(0))
            except OSError:
                self.stop()
                raise

        @property
        def is_alive(self) -> bool:
            """Whether the thread that reads events runs and the kernel has dropped none."""
            return self._inotify.is_alive() and not self._is_lost

        def lose(self) -> None:
            """Note that the kernel has dropped events."""
            self._is_lost = True
            self.touches.touch_everything()

        def enter(self, folder: str) -> None:
            """Watch a folder, and beside a repository's own the one that holds its private ignore file."""
            path = f"{self.root}/{folder}" if folder else self.root
            self._watch(path)
            if os.path.basename(folder) == _GIT:
                self._watch(f"{path}/info")

        def _watch(self, path: str) -> None:
            # Held while the watch is made, so that its first event finds it.
            with self._lock:
                if path in self._folders:
                    return
                # A number of its own for each: the same folder may still be watched under the path it was moved from.
                entered = _Folder(self, path, CallbackId(next(self._numbers)))
                try:
                    entered.watch = self._inotify.add_callback(os.fsencode(path), _MASK, entered, entered.number)
                except OSError as error:
                    if error.errno not in _HARMLESS:
                        raise
                else:
                    self._folders[path] = entered

        def leave(self, path: str, *, with_below: bool) -> None:
            """Forget a folder that has gone, and where it may have taken others along, those below it."""
            with self._lock:
                gone = [self._folders.pop(path, None)]
                if with_below:
                    below = [known for known in self._folders if known.startswith(f"{path}/")]
                    gone += [self._folders.pop(known) for known in below]
                watches = [(folder.watch, folder.number) for folder in gone if folder is not None]
            with contextlib.suppress(OSError):  # the kernel has removed them by itself
                self._inotify.remove_callbacks(watches)

        def forget(self, folder: _Folder) -> None:
            """Note that the kernel has removed a folder's watch."""
            with self._lock:
                if self._folders.get(folder.path) is folder:
                    del self._folders[folder.path]

        def stop(self) -> None:
            """Remove every watch."""
            self._inotify.stop()
            self._inotify.join()

    class _Folder:
        """The path under which one folder's events are reported; called in the thread that reads them."""

        def __init__(self, owner: FolderEvents, path: str, number: CallbackId) -> None:
            self.path = path
            self.number = number
            self.watch = WatchDescriptor(-1)
            self._owner = owner

        def on_event(self, event: InotifyEvent) -> None:
            if not event.name:  # the folder itself
                if self.path == self._owner.root and (event.is_move_self or event.is_delete_self):
                    # What comes to stand in its place has no parent here that would tell of it.
                    self._owner.leave(self.path, with_below=True)
                self._owner.touches.touch(f"{self.path}/")
                return
            path = f"{self.path}/{os.fsdecode(event.name)}"
            if event.is_directory and (event.is_moved_from or event.is_delete):
                self._owner.leave(path, with_below=event.is_moved_from)
            self._owner.touches.touch(f"{path}/" if event.is_directory else path)

        def on_watch_deleted(self, wd: int) -> None:  # noqa: ARG002 (named by the protocol)
            self._owner.forget(self)

        def on_queue_overflow(self) -> None:
            """Leave it to the cookies, which are told as well, once."""

    class _Cookies:
        """The folder of the cookies."""

        def __init__(self, owner: FolderEvents, path: str) -> None:
            self._owner = owner
            self._path = path

        def on_event(self, event: InotifyEvent) -> None:
            if event.is_create:
                _see(self._owner.touches, f"{self._path}/{os.fsdecode(event.name)}")

        def on_watch_deleted(self, wd: int) -> None:
            """Leave it to the heartbeat to find out."""

        def on_queue_overflow(self) -> None:
            self._owner.lose()


# Opening and reading are not changes here either.
_CHANGES: list[type[FileSystemEvent]] = [
    FileCreatedEvent, FileModifiedEvent, FileDeletedEvent, FileMovedEvent,
    DirCreatedEvent, DirDeletedEvent, DirMovedEvent,
]  # fmt: skip
# Where watchdog says that events were lost, and nowhere else.
_WATCHDOG_LOGGERS = ("watchdog", "fsevents")


class TreeEvents(logging.Handler):
    """Watchdog's observer of the whole root, and of the cookies. What it logs as a warning counts as lost events."""

    are_in_order = False

    def __init__(self, root: str, cookies: str, touches: Touches) -> None:
        """Watch both; raises OSError where that cannot be."""
        super().__init__(logging.WARNING)
        self._touches = touches
        self._is_lost = False
        self._observer = Observer()
        self._observer.schedule(_Handler(touches.touch), root, recursive=True, event_filter=_CHANGES)
        self._observer.schedule(_Handler(lambda path: _see(touches, path)), cookies, event_filter=[FileCreatedEvent])
        self._observer.start()
        for name in _WATCHDOG_LOGGERS:
            logging.getLogger(name).addHandler(self)

    @property
    def is_alive(self) -> bool:
        """Whether all of watchdog's threads run and it has not warned."""
        threads = (self._observer, *self._observer.emitters)
        return not self._is_lost and all(thread.is_alive() for thread in threads)

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 (named by the base)
        """Take a warning of watchdog's for lost events."""
        self._is_lost = True
        self._touches.touch_everything()

    def enter(self, folder: str) -> None:
        """Do nothing: the whole tree is watched already."""

    def stop(self) -> None:
        """Stop watchdog's threads."""
        for name in _WATCHDOG_LOGGERS:
            logging.getLogger(name).removeHandler(self)
        self._observer.stop()
        self._observer.join()


class _Handler(FileSystemEventHandler):
    """Hands paths on; called in the observer's thread."""

    def __init__(self, hand_on: Callable[[str], None]) -> None:
        self._hand_on = hand_on

    def on_any_event(self, event: FileSystemEvent) -> None:
        for path in (event.src_path, event.dest_path):
            if path:
                self._hand_on(os.fsdecode(path) + (os.sep if event.is_directory else ""))
