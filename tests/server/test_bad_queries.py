"""Questions that nobody meant to ask, at the doors of a real service: HTTP, the command line, an editor."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from http import HTTPStatus
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.server.__main__ import WRONG_USE
from funcseek.server.client import connect
from funcseek.server.greeting import INVALID_PARAMS
from funcseek.server.places import HOME_VARIABLE, Places, places
from tests.doubles import lay_out
from tests.server.editor import Editor, Refused, editing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TREE = """\
--- net.py
class Pool:
    def get_socket(self, host):
        "Open a connection near the host, or reuse one."
        return host

def get_user(name):
    "Select a user from the table by name."
    return name
"""
OPEN = '"query": "open a connection"'

# What is sent, as it is written in JSON, and the functions found or what the sentence says. ASCII, but for what a case
# is about.
BODIES: dict[str, tuple[str, list[str] | str]] = {
    "plain": (OPEN, ["get_socket"]),
    "full-text operators": (r'"query": "\" OR NEAR( * connection"', ["get_socket"]),
    "NOT": ('"query": "NOT connection"', ["get_socket"]),
    "a column": ('"query": "doc:connection"', ["get_socket"]),
    "a caret": ('"query": "^connection"', ["get_socket"]),
    "SQL": ('"query": "\'; DROP INDEX i; -- connection"', ["get_socket"]),
    "a regex": ('"query": "^get_sock.*$|socket"', ["get_socket"]),
    "emoji": (r'"query": "\ud83d\udd25"', []),
    "right to left": (r'"query": "\u0627\u0641\u062a\u062d"', []),
    "punctuation": ('"query": "?!"', []),
    "control characters": (r'"query": "open\u0007 a\u001b[31m connection"', ["get_socket"]),
    "null filters": (f'{OPEN}, "changed_since": null', ["get_socket"]),
    "kind": (f'{OPEN}, "kinds": ["method"]', ["get_socket"]),
    "another kind": (f'{OPEN}, "kinds": ["macro"]', []),
    "changed long ago": (f'{OPEN}, "changed_since": 0', ["get_socket"]),
    "changed in the future": (f'{OPEN}, "changed_since": 8e9', []),
    "no query": ("", "'query' must be a text"),
    "a query that is a list": ('"query": ["a"]', "'query' must be a text"),
    "nothing": ('"query": ""', "The query is empty"),
    "white space": (r'"query": " \t\n"', "The query is empty"),
    "100 KB": (f'"query": "{"a " * 50_000}"', "shorten it to 20000"),
    "a large list": (f'"query": [{"1," * 90_000}1]', "'query' must be a text"),
    "deep lists": (f'"query": {"[" * 100_000}', "The request is no JSON object"),
    "UTF-16": (r'"query": "o\u0000p\u0000e\u0000n\u0000"', "NUL characters"),
    "half a character": (r'"query": "open \ud800"', "halves of characters"),
    "limit 0": (f'{OPEN}, "limit": 0', "The limit is 0; give a whole number from 1 to 100"),
    "limit -1": (f'{OPEN}, "limit": -1', "The limit is -1"),
    "limit a million": (f'{OPEN}, "limit": 1000000', "The limit is 1000000"),
    "limit of 400 digits": (f'{OPEN}, "limit": {"9" * 400}', "The limit is 9+"),
    "limit 1.5": (f'{OPEN}, "limit": 1.5', "'limit' must be a whole number; the request has 1.5"),
    "limit as text": (f'{OPEN}, "limit": "10"', "'limit' must be a whole number"),
    "limit null": (f'{OPEN}, "limit": null', "'limit' must be a whole number"),
    "score -1": (f'{OPEN}, "min_score": -1', "The least score is -1"),
    "score 2": (f'{OPEN}, "min_score": 2', "The least score is 2"),
    "score NaN": (f'{OPEN}, "min_score": NaN', "'min_score' must be a number; the request has nan"),
    "score of 400 digits": (f'{OPEN}, "min_score": {"9" * 400}', "'min_score' must be a number"),
    "language": (f'{OPEN}, "languages": ["klingon"]', "Unknown language 'klingon'; known are"),
    "language as text": (f'{OPEN}, "languages": "python"', "'languages' must be a list of texts"),
    "kind unknown": (f'{OPEN}, "kinds": ["class"]', "Unknown kind 'class'; known are accessor, .*test"),
    "kind as text": (f'{OPEN}, "kinds": "method"', "'kinds' must be a list of texts"),
    "kind null": (f'{OPEN}, "kinds": null', "'kinds' must be a list of texts"),
    "time as text": (f'{OPEN}, "changed_since": "2d"', "'changed_since' must be a number"),
    "time in milliseconds of the far future": (f'{OPEN}, "changed_since": 1e13', "give seconds since 1970"),
    "reranked as text": (f'{OPEN}, "is_reranked": "yes"', "'is_reranked' must be true or false"),
    "empty pattern": (f'{OPEN}, "globs": [""]', "A pattern of paths is empty"),
    "pattern with half a character": (rf'{OPEN}, "globs": ["\ud800"]', "halves of characters"),
    "path with half a character": (rf'{OPEN}, "paths": ["/\ud800"]', r"/\\ud800"),
    "path that is no text": (rf'{OPEN}, "paths": ["/caf\udce9"]', r"/caf\\udce9"),
    "path with a NUL": (rf'{OPEN}, "paths": ["/\u0000"]', "."),
    "no folder": (f'{OPEN}, "paths": []', "give at least one path"),
}

# Arguments, standard input, and what is found or told.
COMMANDS: dict[str, tuple[list[str | bytes], bytes, list[str] | str]] = {
    "recent files": (["open a connection", "--changed-since", "30m"], b"", ["get_socket"]),
    "files since a date": (["open a connection", "--changed-since", "2001-02-03"], b"", ["get_socket"]),
    "kinds": (["get socket user", "--kind", "function", "--kind", "macro"], b"", ["get_user"]),
    "kind unknown": (["x", "--kind", "class"], b"", "Unknown kind 'class'; known are accessor"),
    "time in words": (["x", "--changed-since", "yesterday"], b"", "'yesterday' is no time; give 30m, 12h, 2d or 3w"),
    "no such day": (["x", "--changed-since", "2026-02-30"], b"", "'2026-02-30' is no time"),
    "time without end": (["x", "--changed-since", "9" * 400 + "w"], b"", "is no time"),
    "nothing": ([""], b"", "The query is empty"),
    "a word in Latin-1": ([b"caf\xe9"], b"", "give it in UTF-8"),
    "100 KB": (["a " * 50_000], b"", "shorten it to 20000"),
    "score NaN": (["x", "--min-score", "nan"], b"", "must be a number|The least score is nan"),
    "limit a million": (["x", "--limit", "1000000"], b"", "The limit is 1000000"),
    "UTF-16": (["--stdin"], "open\n".encode("utf-16"), "give it in UTF-8"),
    "UTF-16 without a mark": (["--stdin"], "open".encode("utf-16-le"), "NUL characters"),
    "blank lines": (["--stdin"], b"\n  \r\nopen a connection\n", ["get_socket"]),
    "3 MB": (["--stdin"], b"a " * 1_500_000, "The request is larger|shorten it to 20000"),
}

# Parameters beside a query, and what is found or told.
PARAMETERS: dict[str, tuple[dict[str, Any], list[str] | str]] = {
    "kind": ({"kinds": ["method"]}, ["get_socket"]),
    "another kind": ({"kinds": ["macro"]}, []),
    "nulls": ({"kinds": None, "changedSince": None, "minScore": None, "rerank": None}, ["get_socket"]),
    "reranked without a reranker": ({"rerank": True}, ["get_socket"]),
    "changed long ago": ({"changedSince": 0.5, "minScore": 0}, ["get_socket"]),
    "changed in the future": ({"changedSince": 8e9}, []),
    "full-text operators": ({"query": '" OR NEAR( * connection'}, ["get_socket"]),
    "half a character": ({"query": "connection \ud800"}, ["get_socket"]),
    "white space": ({"query": " \n"}, []),
    "UTF-16": ({"query": "o\0p\0"}, "NUL characters"),
    "100 KB": ({"query": "a " * 50_000}, "shorten it to 20000"),
    "3 MB": ({"query": "a " * 1_500_000}, "The request is larger|shorten it to 20000"),
    "limit 1.5": ({"limit": 1.5}, "The limit must be a whole number"),
    "limit 0": ({"limit": 0}, "from 1 to 100; it is 0"),
    "kind unknown": ({"kinds": ["class"]}, "Unknown kind 'class'; known are accessor"),
    "kind as text": ({"kinds": "method"}, "The kinds must be a list of texts"),
    "score 2": ({"minScore": 2}, "minScore must be a number from 0 to 1; it is 2"),
    "score NaN": ({"minScore": float("nan")}, "minScore must be a number from 0 to 1; it is nan"),
    "score as text": ({"minScore": "1"}, "minScore must be a number"),
    "reranked as a number": ({"rerank": 1}, "rerank must be true or false; it is 1"),
    "time as text": ({"changedSince": "2d"}, "changedSince must be a number of seconds"),
    "time NaN": ({"changedSince": float("nan")}, "give seconds since 1970"),
    "time of 400 digits": ({"changedSince": 10**400}, "give seconds since 1970"),
    "limit of 400 digits": ({"limit": 10**400}, "from 1 to 100"),
    "score of 400 digits": ({"minScore": 10**400}, "from 0 to 1"),
}


@pytest.fixture(scope="module")
def tree(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that the service of these tests has read."""
    folder = lay_out(tmp_path_factory.mktemp("bad"), TREE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(home))
        with connect(places()) as client:
            client.sync(str(folder))
    return folder


@pytest.fixture(scope="module")
def editor(home: Path, tree: Path) -> Iterator[Editor]:
    with editing(home, tree) as editor:
        yield editor


def check(found: list[str] | str, expected: list[str] | str) -> None:
    """See that the best function was found, or that one clear sentence was said."""
    if isinstance(expected, list):
        assert found[:1] == expected
        return
    assert isinstance(found, str), found
    assert re.search(expected, found)
    assert found.endswith(".")
    assert "\n" not in found
    assert "error of its own" not in found
    assert len(found) < 700


def posted(home: Path, body: str) -> tuple[int, dict[str, Any]]:
    """Send a body to the search door as it is, as no client of ours would."""
    raw = body.encode()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(Places(home, home / "run", home).socket))
        head = f"POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(raw)}\r\n\r\n"
        connection.sendall(head.encode() + raw)
        response = HTTPResponse(connection)
        response.begin()
        return response.status, json.loads(response.read())


@pytest.mark.parametrize(("body", "expected"), BODIES.values(), ids=BODIES)
def test_service_answers_or_refuses(home: Path, tree: Path, body: str, expected: list[str] | str) -> None:
    paths = "" if '"paths"' in body else f'"paths": {json.dumps([str(tree)])}, "wait_seconds": 30, '
    # What is written last counts, and what is cut off stays cut off.
    status, answer = posted(home, f"{{{paths}{body}}}" if body else f"{{{paths.rstrip(', ')}}}")
    if status == HTTPStatus.OK:
        check([result["name"] for result in answer["results"]], expected)
    else:
        assert status == HTTPStatus.BAD_REQUEST, answer
        check(answer["error"]["message"], expected)


@pytest.mark.parametrize("how", [[], ["--no-service"]], ids=["service", "alone"])
@pytest.mark.parametrize(("arguments", "text", "expected"), COMMANDS.values(), ids=COMMANDS)
def test_command_answers_or_refuses(
    home: Path, tree: Path, how: list[str], arguments: list[str | bytes], text: bytes, expected: list[str] | str
) -> None:
    form = [] if "--stdin" in arguments else ["--json"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "funcseek.server", "search", *arguments, *how, *form],
        cwd=tree, env=os.environ | {HOME_VARIABLE: str(home)}, input=text, capture_output=True, check=False,
        timeout=120,
    )  # fmt: skip
    if done.returncode == 0:
        check([result["name"] for result in json.loads(done.stdout)["results"]], expected)
    else:
        assert done.returncode == WRONG_USE, done.stderr
        *notices, last = done.stderr.decode().splitlines()
        assert all(notice.startswith("funcseek: ") for notice in notices)
        check(last.removeprefix("funcseek: "), expected)


@pytest.mark.parametrize(("params", "expected"), PARAMETERS.values(), ids=PARAMETERS)
def test_editor_is_answered_or_refused(editor: Editor, params: dict[str, Any], expected: list[str] | str) -> None:
    if isinstance(expected, list):
        check(editor.find(**{"query": "open a connection"} | params), expected)
        return
    with pytest.raises(Refused) as refused:
        editor.find(**{"query": "open a connection"} | params)
    assert refused.value.code == INVALID_PARAMS
    check(str(refused.value), expected)
