"""The state of the folders as an editor is told it: when it changes, not too often, and how it pauses and goes on."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.server.client import running
from funcseek.server.folders import Folder
from funcseek.server.places import Places
from funcseek.server.protocol import file_uri
from funcseek.server.status_line import TELL_SECONDS, StatusLine
from tests.doubles import lay_out
from tests.server.clients import VS_CODE
from tests.server.editor import Editor, editing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from funcseek.server.protocol import RootJson

TREE = "--- net.py\ndef fetch_with_retries(url): return url\n"
TOLD = VS_CODE | {"experimental": {"funcseek": {"statusChanged": True}}}
CHANGED = "funcseek/statusChanged"
FOLDER = Folder("file:///a", "/a", "/a")


def state(**changes: Any) -> RootJson:
    found: RootJson = {
        "root": "/a", "phase": "ready", "revision": 0, "files": 1, "files_done": 1, "files_total": 1, "functions": 3,
        "embedded": 3, "pending_files": 0, "passages_per_second": 0.0, "eta_seconds": None, "synced": 0,
        "is_paused": False, "throttled": None, "watch_problem": None, "model_problem": None, "problem": None,
    }  # fmt: skip
    return found | changes  # type: ignore[return-value]


def told(act: Callable[[StatusLine], None], *, times: int) -> list[tuple[float, dict[str, Any]]]:
    """Return what a status line tells after an act, and when, until it has told so much."""

    async def run() -> list[tuple[float, dict[str, Any]]]:
        found: list[tuple[float, dict[str, Any]]] = []
        is_enough = asyncio.Event()

        def tell(line: dict[str, Any]) -> None:
            found.append((asyncio.get_running_loop().time(), line))
            if len(found) == times:
                is_enough.set()

        status = StatusLine(tell)
        act(status)
        async with asyncio.timeout(60):
            await is_enough.wait()
        return found

    return asyncio.run(run())


def check_line(health: str, message: str, lacking: str | None = None, **changes: Any) -> dict[str, Any]:
    """Check the line for one folder in a state, and return it."""
    ((_, line),) = told(lambda status: status.show(FOLDER, state(**changes), lacking), times=1)
    assert (line["health"], line["message"]) == (health, message)
    return line


def test_line_says_what_is_going_on() -> None:
    assert check_line("ok", "Functions: 3")["quiescent"]
    busy = check_line(
        "ok",
        "Embedding functions: 1/3, 2 s left",
        phase="embedding",
        embedded=1,
        eta_seconds=2.2,
        passages_per_second=1.0,
    )
    assert (busy["quiescent"], busy["etaSeconds"], busy["embedded"]) == (False, 2.2, 1)
    check_line("ok", "Reading files: 1/9", phase="scanning", files_total=9)
    check_line("ok", "Looking for files", phase="opening", files_total=0)
    assert check_line("ok", "Paused: what is left is found by words only.", phase="paused", is_paused=True)["isPaused"]


def test_line_says_what_is_lacking() -> None:
    check_line("error", "It broke.", phase="failed", problem="It broke.")
    check_line("warning", "It went.", phase="gone", problem="It went.")
    check_line("warning", "No model.", "No model.", embedded=0)
    check_line("warning", "Not watched.", watch_problem="Not watched.")
    ((_, line),) = told(lambda status: status.fail(FOLDER, "No service."), times=1)
    assert (line["health"], line["message"], line["functions"]) == ("error", "No service.", 0)


def test_line_sums_up_all_folders() -> None:
    other = Folder("file:///b", "/b", "/b")

    def act(status: StatusLine) -> None:
        status.show(FOLDER, state(), None)
        status.show(other, state(phase="scanning", functions=4), None)

    ((_, line),) = told(act, times=1)
    assert (line["functions"], line["filesTotal"], line["quiescent"]) == (7, 2, False)


def test_line_is_told_five_times_a_second_at_most_and_the_last_one_always() -> None:
    def act(status: StatusLine) -> None:
        loop = asyncio.get_running_loop()
        for number in range(40):
            loop.call_later(number / 100, status.show, FOLDER, state(functions=number), None)
        loop.call_later(1.0, status.show, FOLDER, state(functions=99), None)

    found = told(act, times=3)
    times = [moment for moment, _ in found]
    assert all(after - before >= TELL_SECONDS * 0.99 for before, after in itertools.pairwise(times))
    assert found[-1][1]["functions"] in (39, 99)


def test_client_that_shows_the_state_is_told_it_until_it_rests(home: Path, tmp_path: Path) -> None:
    with editing(home, lay_out(tmp_path, TREE), capabilities=TOLD) as editor:
        line = editor.wait_for(CHANGED, lambda line: line["quiescent"] and line["functions"] == 1)
        assert line["health"] == "warning"
        assert "funcseek model install" in line["message"]
        assert editor.quit() == 0


@pytest.mark.parametrize("experimental", [None, {}, {"funcseek": None}, {"funcseek": {"statusChanged": "yes"}}])
def test_other_clients_are_not_told(home: Path, tmp_path: Path, experimental: Any) -> None:
    with editing(home, lay_out(tmp_path, TREE), capabilities=VS_CODE | {"experimental": experimental}) as editor:
        editor.progress()
        assert editor.quit() == 0
        assert CHANGED not in [message["method"] for message in editor.notifications]


def test_client_is_told_when_the_service_dies_and_when_it_is_back(fresh_home: Path, tmp_path: Path) -> None:
    with editing(fresh_home, lay_out(tmp_path, TREE), capabilities=TOLD) as editor:
        editor.wait_for(CHANGED, lambda line: line["quiescent"] and line["functions"] == 1)
        client = running(Places(fresh_home, fresh_home / "run", fresh_home))
        assert client is not None
        with client:
            os.kill(client.health()["pid"], signal.SIGKILL)
        editor.wait_for(CHANGED, lambda line: line["health"] == "error")
        editor.notifications.clear()
        editor.wait_for(CHANGED, lambda line: line["health"] != "error" and line["functions"] == 1)


def test_folder_is_paused_and_resumed(home: Path, tmp_path: Path) -> None:
    with editing(home, lay_out(tmp_path, TREE), capabilities=TOLD) as editor:
        editor.command("funcseek.pause", {"scopeUri": file_uri(tmp_path)})
        assert editor.wait_for(CHANGED, lambda line: line["isPaused"])["quiescent"]
        assert "paused" in " ".join(editor.search("fetch")["notices"])
        editor.notifications.clear()
        editor.ask("funcseek/resume", None)
        editor.wait_for(CHANGED, lambda line: not line["isPaused"])


def test_progress_that_is_cancelled_pauses_the_folder_and_says_so(fresh_home: Path, tmp_path: Path) -> None:
    many = "".join(f"--- a{number}.py\ndef fetch_{number}(url): return url\n" for number in range(3000))
    with Editor(fresh_home) as editor:
        editor.initialize([lay_out(tmp_path, many)], capabilities=TOLD)
        token = editor.wait_for("$/progress")["token"]
        editor.notify("window/workDoneProgress/cancel", {"token": token})
        assert editor.progress()[-1] == {"kind": "end", "message": "Paused"}
        assert "funcseek.resume" in editor.warning()
        assert editor.wait_for(CHANGED, lambda line: line["isPaused"])["quiescent"]
        editor.notify("window/workDoneProgress/cancel", {"token": token})
        assert editor.find("fetch_7", limit=1) == ["fetch_7"]
        assert editor.quit() == 0
