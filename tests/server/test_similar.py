"""Functions like another one through each door: the service, the command line, the language server."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.index.errors import QueryError
from funcseek.server.client import Client, connect
from funcseek.server.places import HOME_VARIABLE, places
from funcseek.server.protocol import ServiceAnswerJson, SimilarRequest, file_uri
from tests.doubles import lay_out
from tests.index.test_likeness import ORIGINAL, RENAMED
from tests.server.clients import NEOVIM
from tests.server.commands import Commands
from tests.server.editor import Editor, Refused, editing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TREE = f"""\
--- src/a.py
{ORIGINAL}
--- src/near.py
{RENAMED}
--- lib/copy.py
{ORIGINAL}
--- web/merge.js
class Store {{
  merge(target, changes, limit) {{ target.update(changes); return changes.items(); }}
}}
"""
# The order of an answer by words only.
FOUND = [("lib/copy.py", "duplicate"), ("src/near.py", "near-duplicate"), ("web/merge.js", "related")]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = lay_out(tmp_path / "tree", TREE)
    (folder / ".git").mkdir()
    return folder


@pytest.fixture
def client(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    with connect(places()) as connected:
        yield connected


@pytest.fixture
def funcseek(home: Path, tree: Path) -> Commands:
    return Commands(home, tree)


@pytest.fixture
def editor(home: Path, tree: Path) -> Iterator[Editor]:
    with editing(home, tree, capabilities=NEOVIM) as editor:
        yield editor


def ask(client: Client, **asked: Any) -> ServiceAnswerJson:
    return client.similar(SimilarRequest(wait_seconds=30, **asked))


def found(answer: ServiceAnswerJson) -> list[tuple[str, str]]:
    return [(result["path"], result["likeness"]) for result in answer["results"]]


def place(tree: Path, **position: int) -> dict[str, Any]:
    return {"path": str(tree / "src/a.py"), "position": position}


@pytest.mark.parametrize(
    "position", [{"line": 1}, {"line": 5, "column": 9}, {"byte": 40}, {"start_byte": 0, "end_byte": len(ORIGINAL)}]
)
def test_place_is_answered_over_its_whole_root(client: Client, tree: Path, position: dict[str, int]) -> None:
    assert found(ask(client, **place(tree, **position))) == FOUND
    assert ask(client, **place(tree, **position))["query"] == "merge"


def test_code_is_answered_over_the_named_folders(client: Client, tree: Path) -> None:
    answer = ask(client, text=ORIGINAL, language="python", paths=(str(tree / "src"), str(tree / "web")))
    assert found(answer) == [("src/a.py", "duplicate"), *FOUND[1:]]
    assert found(ask(client, text=ORIGINAL, language="python", paths=(str(tree),), limit=1, globs=("src/",))) == [
        ("src/a.py", "duplicate")
    ]


def test_function_saved_a_moment_ago_is_asked_about_as_it_is_now(client: Client, tree: Path) -> None:
    assert found(ask(client, **place(tree, line=1))) == FOUND
    (tree / "src/a.py").write_text(f"def greet(user):\n    return user\n\n\n{ORIGINAL}")
    answer = ask(client, **place(tree, line=5))
    assert (answer["query"], found(answer)) == ("merge", FOUND)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "Give either"),
        ({"text": "x", "position": {"line": 1}, "path": "/x"}, "Give either"),
        ({"text": 7, "paths": ["TREE"]}, "'text' must be a text"),
        ({"text": "  ", "paths": ["TREE"]}, "The code is empty"),
        ({"text": "x" * 100_000, "paths": ["TREE"]}, "100000 characters; give at most 20000"),
        ({"text": "x"}, "at least one path"),
        ({"text": "x", "paths": ["TREE"], "language": "klingon"}, "Unknown language 'klingon'"),
        ({"position": {"line": 1}}, "'path' must be a text"),
        ({"path": "TREE/src/a.py", "position": {"line": 0}}, "'position' must be an object"),
        ({"path": "TREE/src/a.py", "position": {"line": "1"}}, "'line' must be a whole number"),
        ({"path": "TREE/src/a.py", "position": {"line": 1}, "same_language": 1}, "'same_language' must be true"),
        ({"path": "TREE/src/a.py", "position": {"line": 1}, "limit": 101}, "1 to 100"),
        ({"path": "TREE/src/a.py", "position": {"line": 11}}, "the nearest is merge in line 1"),
        ({"path": "TREE/src/a.py", "position": {"line": 1}, "paths": ["OTHER"]}, "none of the searched folders"),
        ({"path": "TREE/src/no.py", "position": {"line": 1}, "paths": ["TREE"]}, "no.py is not searched, because"),
        ({"path": "TREE/src", "position": {"line": 1}}, "is not searched, because"),
        ({"path": "a.py", "position": {"line": 1}, "paths": ["TREE"]}, "is not an absolute path"),
    ],
)  # fmt: skip
def test_request_that_cannot_be_answered_gets_one_sentence(
    client: Client, tree: Path, tmp_path: Path, body: dict[str, Any], sentence: str
) -> None:
    lay_out(tmp_path / "other", "--- b.py\ndef b(): pass\n")
    filled = json.loads(json.dumps(body).replace("TREE", str(tree)).replace("OTHER", str(tmp_path / "other")))
    with pytest.raises(QueryError, match=sentence) as refused:
        client.call("similar", wait_seconds=30, **filled)
    assert "\n" not in str(refused.value)


def test_command_shows_which_results_are_copies(funcseek: Commands) -> None:
    done = funcseek("similar", "src/a.py:1", "--limit", "2")
    assert done.stdout.splitlines()[::3] == [
        "lib/copy.py:1  merge  (duplicate)",
        "src/near.py:1  apply  (near-duplicate)",
    ]
    assert done.returncode == 0
    assert funcseek("similar", "src/a.py:4:9:    for key, value", "--vimgrep", "--limit", "1").stdout.startswith("lib/")


def test_command_prints_json_and_gives_the_same_without_a_service(funcseek: Commands, tmp_path: Path) -> None:
    asked = ("similar", "src/a.py:1", "--json")
    answer = json.loads(funcseek(*asked).stdout)
    assert [(result["path"], result["likeness"]) for result in answer["results"]] == FOUND
    alone = json.loads(Commands(tmp_path / "alone", funcseek.folder)(*asked, "--no-service").stdout)
    assert alone | {"generation": answer["generation"]} == answer


def test_command_takes_code_from_a_file_or_standard_input(funcseek: Commands, tmp_path: Path) -> None:
    (tmp_path / "pasted.py").write_text(RENAMED)
    for arguments, text in ((("--code", "../pasted.py"), ""), (("--code", "-", "--code-lang", "python"), RENAMED)):
        answer = json.loads(funcseek("similar", *arguments, "--json", text=text).stdout)
        assert answer["results"][0]["likeness"] == "duplicate"
    narrowed = funcseek(
        "similar", "--code", "-", "web", "--lang", "javascript", "--json", text="target.update(changes)"
    )
    assert [result["path"] for result in json.loads(narrowed.stdout)["results"]] == ["web/merge.js"]


def test_command_narrows_to_kinds_and_to_what_has_changed_lately(funcseek: Commands) -> None:
    for alone in ((), ("--no-service",)):
        asked = ("similar", "src/a.py:1", "--json", *alone)
        methods = json.loads(funcseek(*asked, "--kind", "method").stdout)["results"]
        assert [result["path"] for result in methods] == ["web/merge.js"]
        recent, none = (
            json.loads(funcseek(*asked, "--changed-since", moment).stdout)["results"] for moment in ("1d", "2100-01-01")
        )
        assert ([result["path"] for result in recent], none) == ([path for path, _ in FOUND], [])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Name a function by PATH:LINE"),
        (("src/a.py",), "Name a function by PATH:LINE"),
        (("src/a.py:11",), "the nearest is merge in line 1"),
        (("src/a.py:11", "--no-service"), "the nearest is merge in line 1"),
        (("/no/such.py:1",), "does not exist"),
        (("src/a.py:1", "--code-lang", "python"), "--code-lang"),
        (("--code", "no/such.py"), "cannot be read"),
        (("--code", "-"), "The code is empty"),
        (("src/a.py:1", "--limit", "0"), "give a whole number from 1 to 100"),
        (("src/a.py:1", "--kind", "verb"), "Unknown kind 'verb'"),
        (("src/a.py:1", "--changed-since", "soon"), "'soon'"),
    ],
)
def test_wrong_use_of_the_command_is_one_sentence(
    funcseek: Commands, arguments: tuple[str, ...], sentence: str
) -> None:
    done = funcseek("similar", *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert sentence in done.stderr


def similar(editor: Editor, path: Path, **params: Any) -> list[tuple[str, str]]:
    answer = editor.ask("funcseek/similar", {"textDocument": {"uri": file_uri(path)}} | params)
    return [(item["uri"].rpartition("/tree/")[2], item["likeness"]) for item in answer["items"]]


def spot(line: int, character: int = 0) -> dict[str, dict[str, int]]:
    return {"position": {"line": line, "character": character}}


def test_editor_asks_at_the_cursor_and_for_a_range(editor: Editor, tree: Path) -> None:
    assert similar(editor, tree / "src/a.py", **spot(4, 8)) == FOUND
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 10, "character": 0}}
    assert similar(editor, tree / "src/a.py", range=whole, limit=2) == FOUND[:2]
    assert similar(editor, tree / "src/a.py", **spot(0), scopeUri=file_uri(tree / "web")) == FOUND[2:]
    assert similar(editor, tree / "src/a.py", **spot(0), languages=["javascript"]) == FOUND[2:]
    assert FOUND[2] not in similar(editor, tree / "src/a.py", **spot(0), sameLanguage=True)
    assert similar(editor, tree / "src/a.py", **spot(0), kinds=["method"]) == FOUND[2:]
    assert similar(editor, tree / "src/a.py", **spot(0), changedSince=time.time() + 60) == []
    with pytest.raises(Refused, match="Unknown kind 'verb'"):
        similar(editor, tree / "src/a.py", **spot(0), kinds=["verb"])


def test_editor_asks_in_unsaved_text(editor: Editor, tree: Path) -> None:
    editor.open_document(tree / "src/a.py", f"# new\n\n{'x = 1' * 9000}\n{RENAMED}")
    assert similar(editor, tree / "src/a.py", **spot(4, 4))[0] == ("src/near.py", "duplicate")
    editor.open_document(tree / "src/near.py", f"\n\n{RENAMED}")
    assert ("src/near.py", "duplicate") not in similar(editor, tree / "src/near.py", **spot(3, 4))


def test_editor_asks_in_a_file_outside_its_folders_and_opens_no_root_for_it(editor: Editor, tmp_path: Path) -> None:
    outside = lay_out(tmp_path / "outside", f"--- b.py\n{ORIGINAL}") / "b.py"
    assert ("src/a.py", "duplicate") in similar(editor, outside, **spot(1))
    with Client(editor.places) as client:
        assert str(outside.parent) not in [root["root"] for root in client.health()["roots"]]


def test_editor_asks_by_a_command(editor: Editor, tree: Path) -> None:
    params = {"textDocument": {"uri": file_uri(tree / "src/a.py")}, **spot(0)}
    answer = editor.ask("workspace/executeCommand", {"command": "funcseek.similar", "arguments": [params]})
    assert [item["likeness"] for item in answer["items"]] == [likeness for _, likeness in FOUND]


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        (None, "must be an object with a textDocument"),
        ({"textDocument": {"uri": 3}, **spot(0)}, "must be an object with a textDocument"),
        ({"textDocument": {"uri": "TREE/src/a.py"}}, "with a position or a range"),
        ({"textDocument": {"uri": "TREE/src/a.py"}, "position": {"line": -1, "character": 0}}, "from 0"),
        ({"textDocument": {"uri": "TREE/src/a.py"}, "position": [1]}, "from 0"),
        ({"textDocument": {"uri": "TREE/src/a.py"}, **spot(10)}, "the nearest is merge in line 1"),
        ({"textDocument": {"uri": "TREE/src/a.py"}, **spot(0), "limit": 0}, "from 1 to 100"),
        ({"textDocument": {"uri": "TREE/src/a.py"}, **spot(0), "sameLanguage": 3}, "true or false"),
        ({"textDocument": {"uri": "untitled:1"}, **spot(0)}, "neither open nor a file"),
        ({"textDocument": {"uri": "TREE/%2e%2e/no.py"}, **spot(0)}, "neither open nor a file"),
        ({"textDocument": {"uri": "TREE/src"}, **spot(0)}, "neither open nor a file"),
    ],
)
def test_what_an_editor_cannot_ask_is_refused(editor: Editor, tree: Path, params: Any, sentence: str) -> None:
    filled = json.loads(json.dumps(params).replace("TREE", file_uri(tree)))
    with pytest.raises(Refused, match=sentence) as refused:
        editor.ask("funcseek/similar", filled)
    assert refused.value.code == -32602
