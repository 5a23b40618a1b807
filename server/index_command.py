"""``funcseek index``: has the service index a folder and waits, or does it in this process with ``--headless``."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.errors import IndexFailure, RootError, RootGone, StillReading
from .client import connect
from .display import escaped
from .places import places

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from .client import Client

    Show = Callable[[str, int, int], None]
    Done = tuple[int, int, list[str]]

WAIT_SECONDS = 30.0
# How often a log that nobody watches gets a line.
LINE_SECONDS = 10.0


def run(chosen: argparse.Namespace) -> int:
    """Run the command; returns 0 when every function can be found."""
    path = Path(chosen.path).absolute()
    if path.is_file():
        raise RootError(f"{path} is a file; give the folder that holds it.")
    with _progress(is_shown=not chosen.quiet) as show:
        if chosen.headless:
            functions, embedded, notices = _headless(str(path), show, wait_seconds=chosen.wait)
        else:
            with connect(places()) as client:
                functions, embedded, notices = _followed(client, str(path), show)
    for notice in notices:
        _tell(notice)
    print(f"{functions} functions, {embedded} of them found by meaning as well as by words.")
    return 0


def _tell(sentence: str) -> None:
    print(f"funcseek: {escaped(sentence)}", file=sys.stderr, flush=True)


def _headless(path: str, show: Show, *, wait_seconds: float) -> Done:
    from .headless import Indexer, indexer

    with indexer(places(), path, wait_seconds=wait_seconds, tell=_tell) as opened:
        if isinstance(opened, Indexer):
            opened.scan(lambda now: show("Reading files", now.files_done, now.files_total))
            opened.embed(lambda now: show("Embedding functions", now.embedded, now.functions))
            return *opened.coverage(), opened.notices
        _tell(f"The service has {path} open; it looks at every file and this waits for it.")
        _looked_through(opened, path, show)
        return _followed(opened, path, show)


def _looked_through(client: Client, path: str, show: Show) -> None:
    """Have the service look at every file of a root, and wait until it has."""
    _followed(client, path, show)
    client.rescan(path)
    while True:
        try:
            client.sync(path, wait_seconds=WAIT_SECONDS)
        except StillReading:
            state = client.open(path)
            show("Reading files", state["files_done"], state["files_total"])
        else:
            return


def _followed(client: Client, path: str, show: Show) -> Done:
    """Wait until the service has nothing more to do on a root."""
    is_loading = True
    while True:
        # Asked for before the state: once a model is loaded, the state tells that its vectors are missing.
        is_loading = is_loading and _is_loading(client)
        state = client.open(path)
        if not is_loading and state["phase"] in ("ready", "paused", "gone", "failed"):
            break
        if state["phase"] == "embedding":
            show("Embedding functions", state["embedded"], state["functions"])
        else:
            show("Reading files", state["files_done"], state["files_total"])
        client.wait(path, revision=state["revision"], wait_seconds=WAIT_SECONDS)
    if state["phase"] == "gone":
        raise RootGone(state["problem"] or f"{path} is not there.")
    if state["phase"] == "failed":
        raise IndexFailure(state["problem"] or "Indexing failed; see the log.")
    problem = client.health()["model_problem"]
    notices = [f"Indexed by words only: {problem}"] if problem else []
    if state["model_problem"]:
        notices.append(state["model_problem"])
    if state["phase"] == "paused":
        notices.append("Embedding is paused; `funcseek resume` goes on.")
    return state["functions"], state["embedded"], notices


def _is_loading(client: Client) -> bool:
    """Tell whether the service takes up another model, which its roots hear of a moment later."""
    health = client.health()
    return not health["model"] and not health["model_problem"]


@contextlib.contextmanager
def _progress(*, is_shown: bool) -> Iterator[Show]:
    """Show one bar for each kind of work, with its rate and the time left; lines now and then where no one watches."""
    if not is_shown:
        yield lambda *_: None
    elif sys.stderr.isatty():
        with _bars() as show:
            yield show
    else:
        yield _lines()


def _lines() -> Show:
    last = time.monotonic()

    def show(what: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > LINE_SECONDS:
            last = time.monotonic()
            print(f"funcseek: {what}: {done} of {total}", file=sys.stderr, flush=True)

    return show


@contextlib.contextmanager
def _bars() -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", justify="right"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total, rate="")
            speed = bars.tasks[tasks[what]].speed
            bars.update(tasks[what], completed=done, total=total, rate=f"{speed:.0f}/s" if speed else "")

        yield show
