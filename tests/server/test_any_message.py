"""Whatever is sent to the service or the language server is answered, or refused in a sentence, and never breaks it."""

from __future__ import annotations

import json
import socket
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funcseek.server.client import connect
from funcseek.server.greeting import (
    COMMANDS,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    REQUEST_FAILED,
    REQUESTS,
)
from funcseek.server.places import HOME_VARIABLE, Places, places
from tests.doubles import lay_out
from tests.server.editor import Editor, Refused, editing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Not "leave" and "wait": the one ends the service, the other is asked to take its time.
DOORS = ("health", "open", "rescan", "sync", "focus", "pause", "close", "model", "search", "similar")
EXAMPLES = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
REFUSED = {400, 409, 503, 507}
CODES = {INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, REQUEST_FAILED}

# Never the root of the disk, which the service would begin to read.
WORDS = st.sampled_from(["", "/no/such", ".", "a.py", "python", "*.py", "file:///no", "one", "\0", "\ud800", "../.."])
TEXTS = st.text(max_size=20).map(lambda text: text.replace("/", "_")) | WORDS
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "query",
        "path",
        "paths",
        "limit",
        "languages",
        "globs",
        "kinds",
        "position",
        "text",
        "language",
        "byte",
        "is_paused",
    ]
)
BODIES = st.dictionaries(FIELDS, VALUES, max_size=6)
EXECUTE = "workspace/executeCommand"
PARAMETERS = st.dictionaries(
    st.sampled_from(["query", "limit", "scopeUri", "languages", "globs", "kinds", "textDocument", "position", "range"]),
    VALUES | st.fixed_dictionaries({"uri": WORDS}) | st.fixed_dictionaries({"line": VALUES, "character": VALUES}),
    max_size=5,
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("tree"), "--- a.py\ndef one(): pass\n")


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    connect(places()).close()
    return places()


def check(here: Places, sent: bytes) -> None:
    """Send bytes on a connection of their own; what comes back is an answer or a refusal, if anything."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(str(here.socket))
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        response = HTTPResponse(connection)
        try:
            response.begin()
        except (HTTPException, ConnectionError):
            return
        body = response.read()
        assert response.status in {200, 404, 405} | REFUSED, body
        if response.status in REFUSED and body.startswith(b"{"):
            assert json.loads(body)["error"]["message"].rstrip().endswith((".", "`"))


@EXAMPLES
@given(door=st.sampled_from(DOORS), body=BODIES | VALUES, is_here=st.booleans())
def test_any_body_is_answered_or_refused(here: Places, tree: Path, door: str, body: Any, is_here: bool) -> None:
    if is_here and isinstance(body, dict):
        body = body | {"path": str(tree), "paths": [str(tree)]}
    raw = json.dumps(body).encode()
    check(here, b"POST /%b HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (door.encode(), len(raw), raw))


@EXAMPLES
@given(
    line=st.sampled_from(
        [b"GET /health HTTP/1.1", b"POST /search HTTP/1.1", b"POST /%00 HTTP/9", b"\x16\x03\x01", b""]
    ),
    rest=st.lists(st.binary(max_size=30) | st.sampled_from([b"Host: x", b"Content-Length: 5", b"{}", b""]), max_size=5),
)
def test_any_bytes_are_survived(here: Places, line: bytes, rest: list[bytes]) -> None:
    check(here, b"\r\n".join([line, *rest]))
    with connect(here) as client:
        assert client.health()["protocol"]


@pytest.fixture(scope="module")
def editor(home: Path, tree: Path) -> Iterator[Editor]:
    with editing(home, tree) as open_editor:
        yield open_editor


def code_of(editor: Editor, method: str, params: dict[str, Any]) -> int | None:
    try:
        editor.ask(method, params)
    except Refused as refused:
        return refused.code
    return None


@EXAMPLES
@given(
    method=st.sampled_from([*REQUESTS, "workspace/symbol", "workspace/executeCommand", "no/such"]), params=PARAMETERS
)
def test_any_request_of_an_editor_is_answered_or_refused(editor: Editor, method: str, params: dict[str, Any]) -> None:
    if method == EXECUTE:
        params = {"command": sorted(COMMANDS)[len(params) % len(COMMANDS)], "arguments": [params]}
    assert code_of(editor, method, params) in {None, *CODES}
    assert editor.find("one") == ["one"]
