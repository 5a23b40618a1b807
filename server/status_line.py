"""What all folders of an editor come to, in one line: made for a status bar, told when it changes. Asks nobody."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from .display import duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .folders import Folder
    from .protocol import RootJson

# Five notifications a second: more is flicker.
TELL_SECONDS = 0.2
# Phases in which nothing is being done.
AT_REST = ("ready", "paused", "gone", "failed", "closed")

Line = dict[str, Any]


class StatusLine:
    """The line of one editor. ``tell`` is called with it when it has changed, at most every `TELL_SECONDS`."""

    def __init__(self, tell: Callable[[Line], None]) -> None:
        """Know of no folder yet."""
        self._tell = tell
        self._states: dict[Folder, RootJson] = {}
        self._problems: dict[Folder, str] = {}
        self._told: Line | None = None
        self._earliest = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def show(self, folder: Folder, state: RootJson, problem: str | None) -> None:
        """Take up the state of a folder; ``problem``: why it is searched by words only though nothing is left to do."""
        self._states[folder] = state
        self._problems.pop(folder, None)
        if problem:
            self._problems[folder] = problem
        self._soon()

    def fail(self, folder: Folder, problem: str) -> None:
        """Take up that nothing is known of a folder any more, and why."""
        self._states.pop(folder, None)
        self._problems[folder] = problem
        self._soon()

    def keep(self, folders: Iterable[Folder]) -> None:
        """Forget every folder but these."""
        wanted = set(folders)
        for known in (self._states, self._problems):
            for folder in known.keys() - wanted:
                del known[folder]
        self._soon()

    def stop(self) -> None:
        """Tell nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._tell = lambda _line: None

    def _soon(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(self._earliest, loop.time()), self._now)

    def _now(self) -> None:
        self._timer = None
        told = line(self._states, self._problems)
        if told != self._told:
            self._told, self._earliest = told, asyncio.get_running_loop().time() + TELL_SECONDS
            self._tell(told)


def line(states: dict[Folder, RootJson], problems: dict[Folder, str]) -> Line:
    """Return the parameters of ``funcseek/statusChanged``."""
    every = list(states.values())
    working = [state for state in every if state["phase"] not in AT_REST]
    etas = [state["eta_seconds"] for state in working if state["eta_seconds"] is not None]
    health, problem = _health(states, problems)
    return {
        "health": health,
        "quiescent": not working,
        "message": problem or (progress(working[0])[0] if working else _at_rest(every)),
        "functions": sum(state["functions"] for state in every),
        "embedded": sum(state["embedded"] for state in every),
        "filesDone": sum(state["files_done"] for state in every),
        "filesTotal": sum(state["files_total"] for state in every),
        "pendingFiles": sum(state["pending_files"] for state in every),
        "etaSeconds": max(etas, default=None),
        "isPaused": any(state["is_paused"] for state in every),
    }


def _health(states: dict[Folder, RootJson], problems: dict[Folder, str]) -> tuple[str, str | None]:
    lost = [problems[folder] for folder in problems if folder not in states]
    broken = [state["problem"] for state in states.values() if state["phase"] == "failed"]
    if lost or broken:
        return "error", next((problem for problem in (*lost, *broken) if problem), None)
    lacking = [state["problem"] or state["model_problem"] or state["watch_problem"] for state in states.values()]
    known = [problem for problem in (*lacking, *problems.values()) if problem]
    return ("warning", known[0]) if known else ("ok", None)


def _at_rest(states: list[RootJson]) -> str:
    if not states:
        return "No folder is open; open one to search it."
    if any(state["phase"] == "paused" for state in states):
        return "Paused: what is left is found by words only."
    return f"Functions: {sum(state['functions'] for state in states)}"


# Of a bar's 100 %, the part for reading files; embedding takes longer by far.
READING_PERCENT = 20


def progress(state: RootJson) -> tuple[str, int]:
    """Return what a folder's work has come to, in words with what is left, and in percent."""
    left = "" if state["eta_seconds"] is None else f", {duration(state['eta_seconds'])} left"
    if state["phase"] == "embedding":
        done, total = state["embedded"], state["functions"]
        share = READING_PERCENT + (100 - READING_PERCENT) * done // max(total, 1)
        return f"Embedding functions: {done}/{total}{left}", share
    done, total = state["files_done"], state["files_total"]
    if not total:
        return "Looking for files", 0
    return f"Reading files: {done}/{total}{left}", READING_PERCENT * done // total
