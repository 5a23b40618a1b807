"""Follows the indexing of an editor's folders and shows it, by asking the service for the next change of each state.

The open question also keeps the service alive as long as an editor has one of its folders open. A service that has
gone is started again after a moment, because unsaved text must be found by it too.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from ..index.errors import FuncseekError
from .status_line import AT_REST, StatusLine, progress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from .calls import Calls
    from .client import Client
    from .folders import Folder
    from .protocol import RootJson
    from .window import Progress, Window

    # The state of a folder, and why it is searched by words only where there is no more work.
    Seen = tuple[RootJson, str | None]

# Five reports a second: more is flicker.
REPORT_SECONDS = 0.2
# Below the service's longest wait.
WAIT_SECONDS = 50.0
# Files and functions still to be done that are worth a bar; a saved file is done before one could be read.
MANY = 200
# A service that could not be asked is asked again after so long, and then after twice as long each time.
RETRY_SECONDS, MOST_RETRY_SECONDS = 1.0, 60.0


class Followers:
    """One task for each folder, which goes on until the folder is no longer wanted."""

    def __init__(self, calls: Calls, window: Window) -> None:
        """Follow nothing yet."""
        self._calls = calls
        self._window = window
        self._line = StatusLine(window.tell_status)
        self._tasks: dict[Folder, asyncio.Task[None]] = {}

    def follow(self, folders: Iterable[Folder]) -> None:
        """Follow exactly these folders."""
        wanted = set(folders)
        for folder in self._tasks.keys() - wanted:
            self._tasks.pop(folder).cancel()
        self._line.keep(wanted)
        for folder in wanted:
            if folder not in self._tasks or self._tasks[folder].done():
                self._tasks[folder] = asyncio.create_task(self._follow(folder))

    def stop(self) -> None:
        """Follow nothing any more, and say nothing."""
        self._line.stop()
        self.follow(())

    async def _follow(self, folder: Folder) -> None:
        bar = _Bar(folder, self._calls, self._window)
        delay = RETRY_SECONDS
        try:
            while True:
                try:
                    async for seen in _states(folder, self._calls):
                        delay = RETRY_SECONDS
                        self._line.show(folder, *seen)
                        await bar.show(seen[0])
                except FuncseekError as error:
                    self._window.warn(str(error))
                    self._line.fail(folder, str(error))
                    bar.end("Stopped")
                await asyncio.sleep(delay)
                delay = min(2 * delay, MOST_RETRY_SECONDS)
        finally:
            bar.end("Stopped")


async def _states(folder: Folder, calls: Calls) -> AsyncIterator[Seen]:
    """Yield the present state of a folder and then every next one, at most one in `REPORT_SECONDS`."""
    loop = asyncio.get_running_loop()
    seen = await calls.ask(partial(_first, path=folder.path))
    while True:
        yield seen
        earliest = loop.time() + REPORT_SECONDS
        seen = await calls.ask(partial(_next, path=folder.path, revision=seen[0]["revision"]))
        await asyncio.sleep(earliest - loop.time())


def _first(client: Client, *, path: str) -> Seen:
    return _judged(client, client.open(path))


def _next(client: Client, *, path: str, revision: int) -> Seen:
    return _judged(client, client.wait(path, revision=revision, wait_seconds=WAIT_SECONDS))


def _judged(client: Client, state: RootJson) -> Seen:
    is_done = state["phase"] in AT_REST and state["embedded"] == state["functions"]
    return state, None if is_done or state["phase"] not in AT_REST else client.health()["model_problem"]


class _Bar:
    """The progress of one folder: shown for its first reading, and later where there is much to do."""

    def __init__(self, folder: Folder, calls: Calls, window: Window) -> None:
        self._folder = folder
        self._calls = calls
        self._window = window
        self._title = f"Indexing {folder.path.rstrip('/').rpartition('/')[2] or folder.path}"
        self._is_first = True
        self._is_unwanted = False
        self._progress: Progress | None = None

    async def show(self, state: RootJson) -> None:
        if state["phase"] in AT_REST or state["is_paused"]:
            if state["problem"]:
                self._window.warn(state["problem"])
            self.end(state["problem"] or f"Functions: {state['functions']}")
            self._is_first = self._is_unwanted = False
            return
        if self._progress is None and not self._is_unwanted and (self._is_first or _left(state) > MANY):
            self._progress = await self._window.begin_progress(self._title, cancelled=self._pause)
        if self._progress is not None:
            self._progress.report(*progress(state))

    async def _pause(self) -> None:
        """Do what whoever cancels wants: have the machine left alone. Search by words goes on."""
        self._is_unwanted = True
        self.end("Paused")
        await self._calls.ask(lambda client: client.pause(self._folder.path, is_paused=True))
        self._window.tell(
            f"{self._folder.path} is paused, in every window; run the command funcseek.resume to go on with it."
        )

    def end(self, message: str) -> None:
        if self._progress is not None:
            self._progress.end(message)
            self._progress = None


def _left(state: RootJson) -> int:
    return state["files_total"] - state["files_done"] + state["functions"] - state["embedded"]
