"""``funcseek index``: has the service index a folder and waits, or does it in this process with ``--headless``."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.errors import IndexFailure, RootError, RootGone
from .client import connect
from .places import places

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

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
        functions, embedded, notices = (_headless if chosen.headless else _through_service)(str(path), show)
    for notice in notices:
        print(f"funcseek: {notice}", file=sys.stderr)
    print(f"{functions} functions, {embedded} of them found by meaning as well as by words.")
    return 0


def _headless(path: str, show: Show) -> Done:
    from .headless import Searcher

    with Searcher(places(), [path]) as searcher:
        searcher.scan(lambda now: show("Reading files", now.files_done, now.files_total))
        searcher.embed(lambda now: show("Embedding functions", now.embedded, now.functions))
        return *searcher.coverage(), searcher.notices


def _through_service(path: str, show: Show) -> Done:
    with connect(places()) as client:
        state = client.open(path)
        while state["phase"] not in ("ready", "paused", "gone", "failed"):
            if state["phase"] == "embedding":
                show("Embedding functions", state["embedded"], state["functions"])
            else:
                show("Reading files", state["files_done"], state["files_total"])
            state = client.wait(path, revision=state["revision"], wait_seconds=WAIT_SECONDS)
        if state["phase"] == "gone":
            raise RootGone(state["problem"] or f"{path} is not there.")
        if state["phase"] == "failed":
            raise IndexFailure(state["problem"] or "Indexing failed; see the log.")
        problem = client.health()["model_problem"]
    notices = [f"Indexed by words only: {problem}"] if problem else []
    if state["phase"] == "paused":
        notices.append("Embedding is paused; `funcseek resume` goes on.")
    return state["functions"], state["embedded"], notices


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
