"""Follows the indexing of an editor's folders and shows it, by asking the service for the next change of each state.

The open question also keeps the service alive as long as an editor has one of its folders open.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from ..index.errors import FuncseekError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .calls import Calls
    from .client import Client
    from .folders import Folder
    from .protocol import RootJson
    from .window import Progress, Window

# Five reports a second: more is flicker.
REPORT_SECONDS = 0.2
# Below the service's longest wait.
WAIT_SECONDS = 50.0
# Of a bar's 100 %, the part for reading files; embedding takes longer by far.
READING_PERCENT = 20
# Files and functions still to be done that are worth a bar; a saved file is done before one could be read.
MANY = 200


class Followers:
    """One task for each folder. One that ended because the service had gone begins again at the next ``follow``."""

    def __init__(self, calls: Calls, window: Window) -> None:
        """Follow nothing yet."""
        self._calls = calls
        self._window = window
        self._tasks: dict[Folder, asyncio.Task[None]] = {}

    def follow(self, folders: Iterable[Folder]) -> None:
        """Follow exactly these folders."""
        wanted = set(folders)
        for folder in self._tasks.keys() - wanted:
            self._tasks.pop(folder).cancel()
        for folder in wanted:
            if folder not in self._tasks or self._tasks[folder].done():
                self._tasks[folder] = asyncio.create_task(_follow(folder, self._calls, self._window))


async def _follow(folder: Folder, calls: Calls, window: Window) -> None:
    bar = _Bar(folder, window)
    loop = asyncio.get_running_loop()
    try:
        state = await calls.ask(lambda client: client.open(folder.path))
        while True:
            await bar.show(state)
            earliest = loop.time() + REPORT_SECONDS
            state = await calls.ask(partial(_next, path=folder.path, revision=state["revision"]))
            await asyncio.sleep(earliest - loop.time())
    except FuncseekError as error:
        window.warn(str(error))
    finally:
        bar.end("Stopped")


def _next(client: Client, *, path: str, revision: int) -> RootJson:
    return client.wait(path, revision=revision, wait_seconds=WAIT_SECONDS)


class _Bar:
    """The progress of one folder: shown for its first reading, and later where there is much to do."""

    def __init__(self, folder: Folder, window: Window) -> None:
        self._window = window
        self._title = f"Indexing {folder.path.rstrip('/').rpartition('/')[2] or folder.path}"
        self._is_first = True
        self._progress: Progress | None = None

    async def show(self, state: RootJson) -> None:
        if state["phase"] in ("ready", "paused", "gone", "failed"):
            if state["problem"]:
                self._window.warn(state["problem"])
            self.end(state["problem"] or f"Functions: {state['functions']}")
            self._is_first = False
            return
        if self._progress is None and (self._is_first or _left(state) > MANY):
            self._progress = await self._window.begin_progress(self._title)
        if self._progress is not None:
            self._progress.report(*_report(state))

    def end(self, message: str) -> None:
        if self._progress is not None:
            self._progress.end(message)
            self._progress = None


def _left(state: RootJson) -> int:
    return state["files_total"] - state["files_done"] + state["functions"] - state["embedded"]


def _report(state: RootJson) -> tuple[str, int]:
    if state["phase"] == "embedding":
        done, total = state["embedded"], state["functions"]
        share = READING_PERCENT + (100 - READING_PERCENT) * done // max(total, 1)
        return f"Embedding functions: {done}/{total}", share
    done, total = state["files_done"], state["files_total"]
    if not total:
        return "Looking for files", 0
    return f"Reading files: {done}/{total}", READING_PERCENT * done // total
