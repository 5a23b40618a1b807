"""What is offered in the text itself, to editors without a plugin too: functions like the one at the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from funcseek.server.protocol import file_uri
from tests.doubles import lay_out
from tests.server.clients import EMACS, VS_CODE
from tests.server.editor import Editor, Refused, editing

if TYPE_CHECKING:
    from pathlib import Path

TREE = """\
--- net.py
import os

def fetch_with_retries(url):
    def again():
        return url
    return again
--- copy.py
def fetch_with_retries(url):
    def again():
        return url
    return again
"""
LITERALS = VS_CODE | {
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}}
}
OWN_COMMAND = LITERALS | {"experimental": {"commands": {"commands": ["funcseek.showSimilar"]}}}
TITLE = "Find similar functions"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return lay_out(tmp_path, TREE)


def spot(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


def actions(editor: Editor, path: Path, line: int, **context: Any) -> list[dict[str, Any]]:
    place = spot(line, 4)
    found: list[dict[str, Any]] = editor.ask(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": file_uri(path)},
            "range": {"start": place, "end": place},
            "context": {"diagnostics": []} | context,
        },
    )
    return found


def command(path: Path, name: str, *, line: int, character: int) -> dict[str, Any]:
    arguments = [{"textDocument": {"uri": file_uri(path)}, "position": spot(line, character)}]
    return {"title": TITLE, "command": name, "arguments": arguments}


def test_action_is_offered_in_the_innermost_function_and_nowhere_else(home: Path, tree: Path) -> None:
    path = tree / "net.py"
    with editing(home, tree, capabilities=LITERALS) as editor:
        editor.open_document(path, path.read_text())
        (action,) = actions(editor, path, 5)
        wanted = command(path, "funcseek.pickSimilar", line=2, character=4)
        assert action == {"title": TITLE, "kind": "funcseek.similar", "command": wanted}
        (inner,) = actions(editor, path, 4)
        assert inner["command"]["arguments"][0]["position"] == spot(3, 8)
        assert actions(editor, path, 0) == []


def test_action_is_offered_in_unsaved_text(home: Path, tree: Path) -> None:
    path = tree / "net.py"
    with editing(home, tree, capabilities=LITERALS) as editor:
        editor.open_document(path, "\n\n\n\n\n\t\tdef typed(): # 😀\n\t\t\tpass\n")
        ((action,), none) = actions(editor, path, 5), actions(editor, path, 2)
        assert action["command"]["arguments"][0]["position"] == spot(5, 6)
        assert none == []


def test_action_runs_the_command_of_a_client_that_has_one(home: Path, tree: Path) -> None:
    with editing(home, tree, capabilities=OWN_COMMAND) as editor:
        (action,) = actions(editor, tree / "net.py", 2)
        assert action["command"] == command(tree / "net.py", "funcseek.showSimilar", line=2, character=4)


def test_action_is_a_bare_command_for_a_client_that_knows_no_other(home: Path, tree: Path) -> None:
    with editing(home, tree, capabilities=EMACS) as editor:
        assert actions(editor, tree / "net.py", 2) == [
            command(tree / "net.py", "funcseek.pickSimilar", line=2, character=4)
        ]


@pytest.mark.parametrize(
    ("context", "count"),
    [
        ({"triggerKind": 1}, 1), ({"triggerKind": 2}, 0), ({"only": ["quickfix"]}, 0), ({"only": ["source.x"]}, 0),
        ({"only": ["funcseek"]}, 1), ({"only": ["funcseek.similar", "quickfix"]}, 1), ({"only": [""]}, 1),
        ({"only": []}, 0),
    ],
)  # fmt: skip
def test_action_is_given_only_to_who_asks_for_it(home: Path, tree: Path, context: Any, count: int) -> None:
    with editing(home, tree, capabilities=LITERALS) as editor:
        assert len(actions(editor, tree / "net.py", 2, **context)) == count


def test_lenses_are_shown_only_once_they_are_switched_on(home: Path, tree: Path) -> None:
    path = tree / "net.py"
    params = {"textDocument": {"uri": file_uri(path)}}
    capable = OWN_COMMAND | {"workspace": VS_CODE["workspace"] | {"codeLens": {"refreshSupport": True}}}
    with editing(home, tree, capabilities=capable, settings={}) as editor:
        assert editor.ask("textDocument/codeLens", params) == []
        editor.settings = {"codeLens": True}
        editor.notify("workspace/didChangeConfiguration", {"settings": None})
        editor.wait_for_request("workspace/codeLens/refresh")
        lenses = editor.ask("textDocument/codeLens", params)
        assert [lens["range"]["start"] for lens in lenses] == [spot(2, 4), spot(3, 8)]
        assert lenses[0]["command"] == command(path, "funcseek.showSimilar", line=2, character=4)


def place(tree: Path) -> dict[str, Any]:
    return {"textDocument": {"uri": file_uri(tree / "net.py")}, "position": spot(2, 6)}


def test_picked_function_is_opened(home: Path, tree: Path) -> None:
    title = "fetch_with_retries (copy.py:1, duplicate)"
    with editing(home, tree, capabilities=VS_CODE) as editor:
        editor.replies["window/showMessageRequest"] = {"title": title}
        assert editor.command("funcseek.pickSimilar", place(tree))["items"][0]["uri"] == file_uri(tree / "copy.py")
        assert title in [choice["title"] for choice in editor.wait_for_request("window/showMessageRequest")["actions"]]
        shown = editor.wait_for_request("window/showDocument")
        assert (shown["uri"], shown["selection"]["start"]) == (file_uri(tree / "copy.py"), spot(0, 4))


def test_functions_are_told_to_a_client_that_cannot_open_them(home: Path, tree: Path) -> None:
    with editing(home, tree, capabilities=EMACS) as editor:
        editor.command("funcseek.pickSimilar", place(tree))
        editor.wait_for("window/showMessage", lambda params: "copy.py:1, duplicate" in params["message"])


def test_choice_that_is_never_made_holds_up_nobody(home: Path, tree: Path) -> None:
    with editing(home, tree, capabilities=VS_CODE) as editor:
        editor.is_silent = True
        assert editor.command("funcseek.pickSimilar", place(tree))["items"]
        editor.wait_for_request("window/showMessageRequest")
        assert editor.find("fetch", limit=1) == ["fetch_with_retries"]
        assert editor.quit() == 0


def test_picking_outside_a_function_is_refused(home: Path, tree: Path) -> None:
    with editing(home, tree, capabilities=VS_CODE) as editor:
        with pytest.raises(Refused, match="No function is in line 1") as refused:
            editor.command("funcseek.pickSimilar", place(tree) | {"position": spot(0, 0)})
        assert refused.value.code == -32602
