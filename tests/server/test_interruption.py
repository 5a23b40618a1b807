"""Stopped in the middle, by Ctrl-C or by SIGKILL: the index opens, goes on, and ends up as if nothing had happened."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from funcseek.server.client import connect
from funcseek.server.places import HOME_VARIABLE, Places, places
from funcseek.server.protocol import SearchRequest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = 600
COMMAND = [sys.executable, "-P", "-m", "funcseek.server"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for number in range(FILES):
        source = "".join(f"def task_{number}_{part}():\n    return {part}\n\n" for part in range(20))
        (tmp_path / f"file{number}.py").write_text(source)
    return tmp_path


@pytest.fixture
def fresh(fresh_home: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv(HOME_VARIABLE, str(fresh_home))
    return places()


@contextlib.contextmanager
def heeding_ctrl_c() -> Iterator[None]:
    """Start children that Ctrl-C ends, also where a shell started these tests in the background: it has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def count_of(tree: Path) -> int:
    done = subprocess.run(
        [*COMMAND, "search", "task_599_19", "--json", "--no-service"], cwd=tree, capture_output=True, check=True
    )
    answer = json.loads(done.stdout)
    assert answer["results"][0]["name"] == "task_599_19"
    return int(answer["coverage"]["functions"])


@pytest.mark.usefixtures("fresh")
def test_ctrl_c_while_indexing_leaves_an_index_that_goes_on(tree: Path) -> None:
    ours, theirs = pty.openpty()  # progress is drawn for a terminal only, and tells that work has begun
    with heeding_ctrl_c():
        process = subprocess.Popen(
            [*COMMAND, "index", "--headless"], cwd=tree, stderr=theirs, stdout=subprocess.DEVNULL
        )
    os.close(theirs)
    shown = b""
    while b"Reading files" not in shown:
        shown += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(OSError):  # how Linux says that the other end is closed
        while os.read(ours, 4096):
            pass
    os.close(ours)
    assert process.wait() == 130
    assert count_of(tree) == FILES * 20


def test_killed_service_loses_nothing_that_the_next_one_does_not_find(fresh: Places, tree: Path) -> None:
    for kills in range(3):
        with connect(fresh) as client:
            state = client.open(str(tree))
            while state["functions"] <= 500 * kills and state["phase"] in ("opening", "scanning"):
                state = client.wait(str(tree), revision=state["revision"], wait_seconds=10)
            os.kill(client.health()["pid"], signal.SIGKILL)
    with connect(fresh) as client:
        answer = client.search(SearchRequest("task_599_19", (str(tree),), wait_seconds=60))
        assert answer["results"][0]["name"] == "task_599_19"
        assert answer["coverage"]["functions"] == FILES * 20
