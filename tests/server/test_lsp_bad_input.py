"""Whatever a client sends: one request fails, the server lives, and no process is left when the client is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.server.protocol import file_uri
from tests.doubles import lay_out
from tests.server.clients import NEOVIM, VS_CODE
from tests.server.editor import COMMAND, PATIENCE_SECONDS, Editor, Refused, editing

if TYPE_CHECKING:
    from collections.abc import Iterator

TREE = "--- src/net.py\ndef fetch_with_retries(url):\n    return url\n"
NAME = "fetch_with_retries"

# More than any buffer that is searched, and than one message should be.
HUGE_BYTES = 50_000_000


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "tree", TREE)


@pytest.fixture
def editor(home: Path, tree: Path) -> Iterator[Editor]:
    with editing(home, tree, capabilities=VS_CODE) as editor:
        yield editor


def check_lives(editor: Editor) -> None:
    """Check that the server answers, and leaves as it should."""
    assert editor.find("fetch retries", limit=1) == [NAME]
    assert editor.quit() == 0
    assert "Traceback" not in editor.log()


def check_refused(editor: Editor, method: str, params: Any, code: int = -32602) -> None:
    with pytest.raises(Refused) as refused:
        editor.ask(method, params)
    assert refused.value.code == code
    assert "Traceback" not in str(refused.value.error)


URIS = [
    "untitled:1", "git:/a.py?x", "vscode-vfs://github/a", "http://example.com/a.py", "file://host/share/a.py", "",
    "a.py", "://", "file:", "file:///a%00b", "file://[", "%2e%2e", "data:text/plain,x", "\ud800",
    "file:///\ud800.py", "untitled:\ud800",
    "file:///" + "a/" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("uri", URIS)
def test_uri_that_is_no_file_costs_one_request(editor: Editor, uri: str) -> None:
    check_refused(editor, "funcseek/search", {"query": "fetch", "scopeUri": uri})
    place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
    check_refused(editor, "funcseek/similar", place)
    no_range = {"start": place["position"], "end": place["position"]}
    action = {"textDocument": {"uri": uri}, "range": no_range, "context": {"diagnostics": []}}
    assert editor.ask("textDocument/codeAction", action) == []
    editor.open_document(uri, "def opened_from_nowhere(): pass\n")
    editor.edit(uri, {"text": "def opened_from_nowhere(): return 1\n"})
    assert ("opened_from_nowhere" in editor.find("opened from nowhere")) == (uri == "untitled:1")
    editor.close_document(uri)
    check_lives(editor)


@pytest.mark.parametrize("path", ["../secret.py", "%2e%2e/secret.py", "..%2fsecret.py", "src/%2E%2E/%2e./secret.py"])
def test_traversal_leads_to_nothing_outside_the_folder(editor: Editor, tree: Path, path: str) -> None:
    """A buffer is found under the place that its URI means, and only inside the folder."""
    (tree.parent / "secret.py").write_text("def secret_outside(): pass\n")
    uri = f"{file_uri(tree)}/{path}"
    editor.open_document(uri, "def smuggled_in(): pass\n")
    found = editor.search("smuggled in secret outside")["items"]
    assert [item["uri"] for item in found if item["name"] in ("smuggled_in", "secret_outside")] == []
    editor.close_document(uri)
    check_lives(editor)


def test_document_outside_every_folder_is_compared_but_never_found(editor: Editor, tree: Path) -> None:
    outside = tree.parent / "outside.py"
    outside.write_text(TREE.partition("\n")[2])
    editor.open_document(outside, outside.read_text() + "\ndef only_outside(): pass\n")
    params = {"textDocument": {"uri": file_uri(outside)}, "position": {"line": 0, "character": 6}}
    assert [item["name"] for item in editor.ask("funcseek/similar", params)["items"]] == [NAME]
    assert "only_outside" not in editor.find("only outside")
    check_lives(editor)


def test_buffer_through_a_link_out_of_the_folder_does_not_count(editor: Editor, tree: Path) -> None:
    (tree / "link").symlink_to(tree.parent)
    editor.open_document(tree / "link" / "elsewhere.py", "def only_elsewhere(): pass\n")
    assert "only_elsewhere" not in editor.find("only elsewhere")
    check_lives(editor)


def test_buffer_of_50_megabytes_holds_up_nobody_and_its_file_counts_no_more(editor: Editor, tree: Path) -> None:
    path = tree / "src/net.py"
    line = "x = 1  # a long line of nothing that is of use to anybody\n"
    editor.open_document(path, line * (HUGE_BYTES // len(line)))
    assert editor.find("fetch retries") == []
    start = {"line": 3, "character": 0}
    editor.edit(path, {"range": {"start": start, "end": start}, "text": "def typed_into_it(): pass\n"})
    check_refused(
        editor, "funcseek/similar", {"textDocument": {"uri": file_uri(path)}, "position": {"line": 0, "character": 0}}
    )
    editor.edit(path, {"text": f"def {NAME}(): pass\n"})
    check_lives(editor)


def test_lone_surrogates_are_text_like_any_other(editor: Editor, tree: Path) -> None:
    path = tree / "src/net.py"
    text = "#   '\ud83d'; y = '\ude00'\ndef after_half_a_character(): return '\ud800'\n"
    editor.open_document(path, text)
    place = {"line": 0, "character": 6}
    editor.edit(path, {"range": {"start": place, "end": place}, "text": "\udc00\n# "})
    (item,) = [one for one in editor.search("after half a character")["items"] if one["name"].startswith("after")]
    assert item["selectionRange"]["start"] == {"line": 2, "character": 4}
    with pytest.raises(Refused, match="No function"):
        editor.ask(
            "funcseek/similar", {"textDocument": {"uri": file_uri(path)}, "position": {"line": 0, "character": 0}}
        )
    editor.edit(path, {"text": f"def {NAME}(): pass\n"})
    check_lives(editor)


def test_mixed_line_ends_and_form_feeds_keep_edits_where_they_were_made(editor: Editor, tree: Path) -> None:
    path = tree / "src/net.py"
    lines = ["# one\f\x0b\x1c\x85\u2028", "# two", "", "# three", "def placed(): pass", ""]
    text = "\r".join(lines[:2]) + "\r\n" + "\n".join(lines[2:])
    editor.open_document(path, text)
    end_of_three = {"line": 3, "character": 7}
    editor.edit(path, {"range": {"start": end_of_three, "end": end_of_three}, "text": "\r\ndef typed_here(): pass\f"})
    items = {item["name"]: item["selectionRange"]["start"] for item in editor.search("placed typed here")["items"]}
    assert items == {"typed_here": {"line": 4, "character": 4}, "placed": {"line": 5, "character": 4}}
    editor.close_document(path)
    check_lives(editor)


BAD_CHANGES: list[Any] = [
    None, {}, [], {"range": None, "text": None}, {"text": 3},
    {"range": {"start": {"line": 9999, "character": 9999}, "end": {"line": 99999, "character": 0}}, "text": ""},
    {"range": {"start": {"line": 5, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "x"},
    {"range": {"start": {"line": -1, "character": -1}, "end": {"line": 0, "character": 0}}, "text": ""},
]  # fmt: skip


@pytest.mark.parametrize("change", BAD_CHANGES)
def test_change_that_makes_no_sense_costs_itself(editor: Editor, tree: Path, change: Any) -> None:
    path = tree / "src/net.py"
    editor.open_document(path, path.read_text())
    editor.edit(path, change)
    editor.edit(path.with_name("never_opened.py"), change)
    editor.close_document(path.with_name("never_opened.py"))
    editor.edit(path, {"text": f"def {NAME}(): return 2\n"})
    assert editor.find("fetch retries", limit=1) == [NAME]
    assert editor.quit() == 0


def test_client_that_cancels_everything_is_answered_for_all_of_it(editor: Editor, tree: Path) -> None:
    path = tree / "src/net.py"
    editor.open_document(path, path.read_text())
    place = {"textDocument": {"uri": file_uri(path)}, "position": {"line": 0, "character": 6}}
    asked = [
        ("funcseek/search", {"query": "fetch"}), ("funcseek/similar", place), ("funcseek/status", None),
        ("workspace/symbol", {"query": "fetch"}), ("textDocument/codeLens", place), ("funcseek/reindex", None),
        ("workspace/executeCommand", {"command": "funcseek.pickSimilar", "arguments": [place]}),
    ]  # fmt: skip
    requests = [editor.request(method, params) for _ in range(20) for method, params in asked]
    for request_id in [*requests, 10**9, "never", None]:
        editor.cancel(request_id)  # type: ignore[arg-type]
    outcomes = set()
    for request_id in requests:
        try:
            editor.answer(request_id)
        except Refused as refused:
            outcomes.add(refused.code)
    assert outcomes <= {-32800}
    check_lives(editor)


def test_client_that_never_answers_is_served(home: Path, tree: Path) -> None:
    with Editor(home) as editor:
        editor.is_silent = True
        editor.initialize([tree], capabilities=VS_CODE)
        editor.open_document(tree / "src/net.py", TREE.partition("\n")[2])
        editor.notify("workspace/didChangeConfiguration", {"settings": {"funcseek": {"limit": 5}}})
        editor.search_until("fetch retries", [NAME])
        check_lives(editor)


GARBAGE = [
    b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b'"text"', b'{"id": 90001}', b'{"method": 3, "id": 90002}',
    b"[" * 100_000,
    b'{"jsonrpc": "2.0", "id": {}, "method": "funcseek/search", "params": []}',
    b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": 3}',
    b'{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": {}}}',
    b'{"jsonrpc": "2.0", "id": 99999, "result": {}}',
    b'{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": null}',
    b'{"jsonrpc": "2.0", "method": "window/workDoneProgress/cancel", "params": {"token": [1]}}',
]  # fmt: skip


def test_client_that_sends_garbage_is_served(editor: Editor) -> None:
    for body in GARBAGE:
        editor.send_bytes(body)
    assert editor.find("fetch retries", limit=1) == [NAME]
    assert editor.quit() == 0


PROGRAM = """
import json, os, subprocess, sys, time
server = subprocess.Popen(sys.argv[1:3] + sys.argv[3:], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
def send(message):
    body = json.dumps({"jsonrpc": "2.0"} | message).encode()
    server.stdin.write(b"Content-Length: %d\\r\\n\\r\\n%b" % (len(body), body)); server.stdin.flush()
send({"id": 1, "method": "initialize", "params": {"processId": os.getpid(), "capabilities": {}}})
send({"method": "initialized", "params": {}})
send({"id": 2, "method": "funcseek/search", "params": {"query": "x"}})
print(server.pid, flush=True)
sys.stdin.read()
"""


def test_client_that_dies_without_shutdown_leaves_no_process(home: Path) -> None:
    program = [sys.executable, "-c", PROGRAM, *COMMAND]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(program, env=os.environ | {"FUNCSEEK_HOME": str(home)}, **pipes) as client:  # type: ignore[call-overload]
        server = int(client.stdout.readline())
        client.send_signal(signal.SIGKILL)
        client.wait(PATIENCE_SECONDS)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while is_running(server):
            assert time.monotonic() < deadline, "the language server outlived its editor"


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_utf8_client_with_half_a_character_in_a_position_is_served(home: Path, tree: Path) -> None:
    path = tree / "src/net.py"
    with editing(home, tree, capabilities=NEOVIM) as editor:
        editor.open_document(path, "# 😀\ndef placed(): pass\n")
        inside = {"line": 0, "character": 4}
        editor.edit(path, {"range": {"start": inside, "end": inside}, "text": "x"})
        assert "placed" in editor.find("placed")
        editor.close_document(path)
        check_lives(editor)
