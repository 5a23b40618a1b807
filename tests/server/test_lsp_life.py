"""The life of ``funcseek lsp``: it leaves with its editor, outlives its service, and lets go of what is cancelled."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funcseek.server.client import running
from funcseek.server.connection import server_for
from funcseek.server.framing import Outgoing
from funcseek.server.greeting import Greeting
from funcseek.server.language_server import open_connection, receive
from funcseek.server.places import HOME_VARIABLE, Places
from tests.doubles import lay_out
from tests.server.clients import NULLS
from tests.server.editor import Editor, Refused, editing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TREE = "--- net.py\ndef fetch_with_retries(url): return url\n"

# The promise is 0.2 s on a machine with nothing else to do.
SOON_SECONDS = 2.0
PROMISED_MEMORY_BYTES = 120 << 20


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("tree"), TREE)


def service(home: Path) -> int:
    """Return the service's process id."""
    client = running(Places(home, home / "run", home))
    assert client is not None
    with client:
        return client.health()["pid"]


@contextmanager
def frozen(home: Path) -> Iterator[None]:
    """Stop the service's clock, so that whatever is asked of it stays unanswered."""
    process = service(home)
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def check_leaves(editor: Editor, leave: Callable[[], int], status: int) -> None:
    """Check that the server leaves at once, with a status and without a complaint."""
    began = time.monotonic()
    assert leave() == status
    assert time.monotonic() - began < SOON_SECONDS
    assert editor.log() == ""


def test_server_leaves_when_told(home: Path, tree: Path) -> None:
    with editing(home, tree) as editor:
        check_leaves(editor, editor.quit, 0)


def test_server_leaves_with_work_running(home: Path, tree: Path) -> None:
    with editing(home, tree) as editor, frozen(home):
        waiting = [editor.request("funcseek/search", {"query": "fetch"}) for _ in range(5)]
        waiting.append(editor.request("workspace/executeCommand", {"command": "funcseek.status"}))
        check_leaves(editor, editor.quit, 0)
        for request_id in waiting:
            with pytest.raises(Refused) as refused:
                editor.answer(request_id)
            assert refused.value.code == -32800


def test_server_leaves_when_its_input_ends(home: Path, tree: Path) -> None:
    with editing(home, tree) as editor, frozen(home):
        editor.request("funcseek/search", {"query": "fetch"})
        check_leaves(editor, editor.close_pipe, 0)


def test_server_leaves_with_status_1_when_shutdown_was_left_out(home: Path) -> None:
    with Editor(home) as editor:
        editor.initialize()
        editor.status()
        editor.notify("exit", None)
        assert editor.process.wait(SOON_SECONDS) == 1


def test_server_leaves_when_its_client_has_died_though_the_pipe_is_open(home: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as client, Editor(home) as editor:
        editor.initialize(processId=client.pid)
        editor.status()
        client.communicate(b"\n")
        assert editor.process.wait(5 * SOON_SECONDS) == 0


def test_request_is_refused_after_shutdown(home: Path) -> None:
    with Editor(home) as editor:
        editor.initialize()
        editor.ask("shutdown", None)
        with pytest.raises(Refused, match="shut down") as refused:
            editor.search("anything")
        assert refused.value.code == -32600


def test_service_goes_on_when_the_editor_has_left(home: Path, tree: Path) -> None:
    with editing(home, tree) as editor:
        before = service(home)
        editor.quit()
    assert service(home) == before


def test_cancelled_request_is_let_go_at_once(home: Path, tree: Path) -> None:
    params = {"query": "fetch", "command": "funcseek.search", "arguments": ["fetch"]}
    with editing(home, tree) as editor:
        with frozen(home):
            for method in ("funcseek/search", "workspace/symbol", "workspace/executeCommand"):
                request_id = editor.request(method, params)
                began = time.monotonic()
                editor.cancel(request_id)
                with pytest.raises(Refused) as refused:
                    editor.answer(request_id)
                assert time.monotonic() - began < SOON_SECONDS
                assert refused.value.code == -32800
        assert editor.find("fetch") == ["fetch_with_retries"]


def test_last_of_many_keystrokes_is_answered(home: Path, tree: Path) -> None:
    with editing(home, tree) as editor:
        word = "fetch_with_retries"
        typed = [editor.request("funcseek/search", {"query": word[:end]}) for end in range(1, len(word))]
        for request_id in typed:
            editor.cancel(request_id)
        assert editor.find(word) == [word]


def test_search_starts_the_service_again_when_it_was_killed(fresh_home: Path, tree: Path) -> None:
    with editing(fresh_home, tree) as editor:
        for _ in range(2):
            killed = service(fresh_home)
            os.kill(killed, signal.SIGKILL)
            editor.search_until("fetch", ["fetch_with_retries"])
            assert service(fresh_home) != killed
        assert editor.quit() == 0


def test_search_says_what_to_do_when_no_service_can_be_reached(tree: Path, tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    with Editor(home) as editor:
        editor.initialize([tree])
        with pytest.raises(Refused, match="set FUNCSEEK_HOME to a shorter folder") as refused:
            editor.search("fetch")
        assert refused.value.code == -32803
        assert refused.value.error.keys() == {"code", "message"}
        assert editor.warning() == str(refused.value)
        assert editor.quit() == 0


def test_progress_is_shown_from_nothing_to_the_end(fresh_home: Path, tree: Path) -> None:
    with editing(fresh_home, tree) as editor:
        begin, *reports, end = editor.progress()
        assert begin == {
            "kind": "begin", "title": f"Indexing {tree.name}", "percentage": 0, "cancellable": True,
        }  # fmt: skip
        assert all(report["kind"] == "report" for report in reports)
        percentages = [report["percentage"] for report in reports]
        assert percentages == sorted(percentages)
        assert end == {"kind": "end", "message": "Functions: 1"}


def test_progress_ends_when_the_service_dies(fresh_home: Path, tree: Path) -> None:
    with Editor(fresh_home) as editor:
        editor.initialize([tree])
        editor.wait_for("$/progress")
        os.kill(service(fresh_home), signal.SIGKILL)
        assert editor.progress()[-1]["kind"] == "end"


def test_no_progress_is_sent_to_a_client_that_shows_none(home: Path, tmp_path: Path) -> None:
    with editing(home, lay_out(tmp_path, TREE), capabilities=NULLS) as editor:
        editor.find("fetch")
        assert editor.notifications == []


def test_many_edits_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    greeting, outgoing = Greeting(), Outgoing(-1)
    server, _ = server_for(greeting)
    open_connection(server, greeting, outgoing)
    uri = "file:///net.py"
    opened = {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": TREE}}
    change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": "# changed"}]}
    bodies = [json.dumps({"method": "textDocument/didOpen", "params": opened}).encode()]
    bodies += [json.dumps({"method": "textDocument/didChange", "params": change}).encode()] * 100

    async def edit() -> None:
        for body in bodies:
            receive(server, body, outgoing)

    asyncio.run(edit())
    assert server.workspace.get_text_document(uri).source == "# changed"
    assert sum(issubclass(type(found), Future) for found in gc.get_objects()) < len(bodies)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_memory_stays_small(home: Path, tree: Path) -> None:
    with editing(home, tree) as editor:
        for _ in range(50):
            editor.find("fetch")
        pages = int(Path(f"/proc/{editor.process.pid}/statm").read_text().split()[1])
        assert pages * resource.getpagesize() < PROMISED_MEMORY_BYTES


def test_what_others_print_never_reaches_the_editor(home: Path) -> None:
    program = (
        "import os, sys\n"
        "from funcseek.server import greeting, lsp\n"
        "greet = lsp.greet\n"
        "def loud(*arguments):\n"
        "    print('printed'); os.system('echo echoed'); os.write(1, b'written\\n')\n"
        "    return greet(*arguments)\n"
        "lsp.greet = loud\n"
        "from funcseek.server.__main__ import main\n"
        "sys.exit(main(['lsp', '--stdio', f'--clientProcessId={os.getpid()}']))\n"
    )
    with Editor(home, command=[sys.executable, "-P", "-c", program]) as editor:
        editor.initialize()
        assert editor.quit() == 0
        assert all(word in editor.log() for word in ("printed", "echoed", "written"))
