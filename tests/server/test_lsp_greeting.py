"""The first words between an editor and ``funcseek lsp``: answered at once, and as pygls would have answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.server.connection import server_for
from funcseek.server.framing import Incoming, Outgoing, framed
from funcseek.server.greeting import COMMANDS, Greeting, answer, greet
from funcseek.server.places import HOME_VARIABLE
from tests.server.clients import CLIENTS, MINIMAL
from tests.server.editor import COMMAND, Editor, Refused

if TYPE_CHECKING:
    from pathlib import Path

# What an editor may be kept waiting for at its start.
PROMISED_SECONDS = 0.5
# No outline, hover, completion, definition or diagnostics: those stand twice where two servers offer them.
OFFERED = {"workspaceSymbolProvider", "executeCommandProvider", "codeActionProvider", "codeLensProvider"}
HEAVY = ("torch", "transformers", "hnswlib", "numpy", "onnxruntime", "starlette", "uvicorn", "sqlite3", "watchdog")


def meaning(value: Any) -> Any:
    """Drop what says nothing: false, null and empty mean the same as absent."""
    if isinstance(value, dict):
        kept = {key: meaning(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, False, {})}
    return value


def answer_of_pygls(capabilities: Any) -> Any:
    """Return what pygls answers to a client, for the features our server registers."""
    server, _ = server_for(Greeting({"capabilities": capabilities}))
    sent: list[bytes] = []

    class Writer:
        def write(self, data: bytes) -> None:
            sent.append(data)

        def close(self) -> None: ...

    server.protocol.set_writer(Writer())
    params = {"processId": 1, "rootUri": None, "capabilities": capabilities}
    request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    server.protocol.handle_message(server.protocol.structure_message(request))
    return json.loads(sent[0].partition(b"\r\n\r\n")[2])["result"]


@pytest.mark.parametrize("client", CLIENTS)
def test_early_answer_is_the_one_pygls_would_give(client: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    early = answer(Greeting({"capabilities": CLIENTS[client]}))
    announced = early["capabilities"].pop("experimental")
    assert meaning(early) == meaning(answer_of_pygls(CLIENTS[client]))
    assert set(announced["funcseek"]["requests"]) == set(COMMANDS.values())
    assert announced["funcseek"]["notifications"] == ["funcseek/statusChanged"]


@pytest.mark.parametrize("client", CLIENTS)
def test_nothing_is_offered_that_the_language_s_own_server_offers(client: str) -> None:
    offered = answer(Greeting({"capabilities": CLIENTS[client]}))["capabilities"]
    providers = {name for name in offered if name.endswith("Provider")}
    assert providers == OFFERED


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-7"], "utf-16"),
        (["utf-7", "utf-32", "utf-8"], "utf-32"),
        ("utf-8", "utf-16"),
        ([{"a": 1}, "utf-8"], "utf-8"),
    ],
)
def test_first_encoding_is_chosen_that_both_sides_know(offered: Any, chosen: str) -> None:
    assert Greeting({"capabilities": {"general": {"positionEncodings": offered}}}).encoding == chosen


@pytest.mark.parametrize("capabilities", [None, [], "x", {"general": 1, "window": "x", "workspace": [1]}])
def test_editor_is_served_when_its_capabilities_make_no_sense(home: Path, capabilities: Any) -> None:
    with Editor(home) as editor:
        assert editor.initialize(capabilities=capabilities)["positionEncoding"] == "utf-16"
        assert editor.status()["roots"] == []
        assert editor.quit() == 0


def test_initialize_is_answered_at_once(home: Path) -> None:
    waits = []
    for _ in range(3):
        began = time.monotonic()
        with Editor(home) as editor:
            editor.initialize()
            waits.append(time.monotonic() - began)
    assert min(waits) < PROMISED_SECONDS, waits


def test_nothing_heavy_is_loaded_when_a_search_has_been_answered(home: Path, tmp_path: Path) -> None:
    with Editor(home, command=[sys.executable, "-X", "importtime", *COMMAND[1:]]) as editor:
        editor.initialize([tmp_path])
        editor.search("anything", languages=["python"])
        editor.ask("workspace/symbol", {"query": "anything"})
        assert editor.quit() == 0
        loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in editor.log().splitlines()}
    assert "pygls" in loaded
    assert not loaded & set(HEAVY)


def test_request_is_refused_before_initialize(home: Path) -> None:
    with Editor(home) as editor:
        with pytest.raises(Refused, match="first request must be initialize") as refused:
            editor.ask("workspace/symbol", {"query": "x"})
        assert refused.value.code == -32002
        editor.initialize(capabilities=MINIMAL)
        assert editor.quit() == 0


def test_second_initialize_is_refused(home: Path) -> None:
    with Editor(home) as editor:
        editor.initialize()
        with pytest.raises(Refused, match="initialized already") as refused:
            editor.ask("initialize", {"capabilities": {}})
        assert refused.value.code == -32600


@pytest.mark.parametrize("params", [None, [], 3])
def test_initialize_without_parameters_is_refused(params: Any) -> None:
    assert replies({"id": 1, "method": "initialize", "params": params})[0]["error"]["code"] == -32602


def test_messages_are_read_whatever_their_headers_look_like() -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}).encode()
    header = b"Content-Type: application/vscode-jsonrpc; charset=utf-8\ncontent-length:%d\n\n" % len(body)
    assert "result" in replies_to(header + body)[0]


@pytest.mark.parametrize("length", ["abc", "-1", "9" * 13, "9" * 30, "9" * 5000, "²"])
def test_program_ends_with_a_sentence_when_nobody_speaks_the_protocol(length: str) -> None:
    words = f"Content-Length: {length}\r\n\r\n{{}}".encode()
    done = subprocess.run(COMMAND, input=words, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (4, b"")
    assert b"Start `funcseek lsp` from an editor." in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("words", [b"", framed(b'{"jsonrpc": "2.0", "method": "exit"}')])
def test_program_ends_when_the_editor_leaves_before_it_has_greeted(words: bytes) -> None:
    done = subprocess.run(COMMAND, input=words, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


@pytest.mark.parametrize("process", [10**30, -(10**30), True, 0, "1", None])
def test_process_of_the_editor_that_cannot_be_one_is_not_watched(process: Any) -> None:
    words: list[dict[str, Any]] = [
        {"id": 1, "method": "initialize", "params": {"processId": process, "capabilities": {}}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    ]
    told = b"".join(framed(json.dumps({"jsonrpc": "2.0"} | message).encode()) for message in words)
    done = subprocess.run([*COMMAND, "--clientProcessId", "9" * 5000], input=told, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_message_that_is_nested_too_deeply_is_passed_over() -> None:
    hello = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}).encode()
    assert [answer["id"] for answer in replies_to(framed(b"[" * 20_000) + framed(hello))] == [1]


def replies(*messages: Any) -> list[Any]:
    return replies_to(b"".join(framed(json.dumps({"jsonrpc": "2.0"} | message).encode()) for message in messages))


def replies_to(words: bytes) -> list[Any]:
    """Greet a client that says this and leaves; return what it hears."""
    (to_read, to_write), (heard, said) = os.pipe(), os.pipe()
    try:
        os.write(to_write, words)
        os.close(to_write)
        greet(Incoming(to_read), Outgoing(said))
        os.close(said)
        incoming = Incoming(heard)
        return [json.loads(body) for body in iter(incoming.body, None)]
    finally:
        os.close(to_read)
        os.close(heard)
