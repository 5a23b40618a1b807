"""Searching from an editor: what is found, where it is shown, what is refused, what can be cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from funcseek.server.items import names_first
from funcseek.server.protocol import file_uri
from tests.doubles import lay_out
from tests.server.clients import CLIENTS, NEOVIM
from tests.server.editor import Editor, Refused, editing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TREE = """\
--- src/net.py
class Pool:
    @cached
    def fetch_with_retries(self, url):
        \"\"\"
        Retry a request with exponential backoff.

        More words.
        \"\"\"
        return url
--- web/cart.ts
export function totalPrice(items: Item[]): number { return items.length }
--- web/deep/greet.js
function greetUser() { return 1 }
"""

# One line that every encoding counts differently, after line ends of each kind and a form feed, which is none.
STRANGE = b"// one\x0c one\r// two\r\n/* \xf0\x9f\x98\x80\xc3\xa9\xff */ function oddlyPlaced() { return 1 }\n"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = lay_out(tmp_path_factory.mktemp("tree"), TREE)
    (folder / ".git").mkdir()
    (folder / "strange.js").write_bytes(STRANGE)
    return folder


@pytest.fixture(scope="module")
def editor(home: Path, tree: Path) -> Iterator[Editor]:
    with editing(home, tree) as editor:
        yield editor


def check_refused(editor: Editor, sentence: str, **params: Any) -> None:
    """Check that a search is refused by one sentence, and that the server answers on."""
    with pytest.raises(Refused, match=sentence) as refused:
        editor.ask("funcseek/search", params)
    assert refused.value.code == -32602
    assert "Traceback" not in str(refused.value.error)
    assert editor.find("total price") == ["totalPrice"]


def test_function_is_found_with_all_that_an_editor_shows(editor: Editor, tree: Path) -> None:
    (item,) = editor.search("retry with exponential backoff", limit=1)["items"]
    assert item.pop("score") >= 0
    assert item == {
        "name": "fetch_with_retries",
        "qualifiedName": "Pool.fetch_with_retries",
        "kind": "method",
        "language": "python",
        "signature": "def fetch_with_retries(self, url)",
        "detail": "Retry a request with exponential backoff.",
        "enclosing": "",
        "isDeclaration": False,
        "isTest": False,
        "isGenerated": False,
        "isStale": False,
        "uri": file_uri(tree / "src/net.py"),
        "range": {"start": {"line": 1, "character": 4}, "end": {"line": 8, "character": 18}},
        "selectionRange": {"start": {"line": 2, "character": 8}, "end": {"line": 2, "character": 26}},
    }


def test_answer_says_how_complete_it_is(editor: Editor) -> None:
    answer = editor.search("total price")
    assert answer["coverage"] == {"functions": 4, "embedded": 0, "pendingFiles": 0}
    assert answer["model"] is None
    assert "funcseek model install" in answer["notices"][0]


def test_nothing_is_found_for_a_query_nobody_has_typed_yet(editor: Editor) -> None:
    answer = editor.search("  ")
    assert answer["items"] == []
    assert answer["coverage"]["functions"] == 4


@pytest.mark.parametrize("query", ["🙂 ☃", "'\"\\%", "\ud83d", "x" * 5000, "NEAR(a b)"])
def test_any_text_is_a_query(editor: Editor, query: str) -> None:
    assert isinstance(editor.search(query)["items"], list)


def test_search_is_narrowed_by_folder_file_language_and_pattern(editor: Editor, tree: Path) -> None:
    everything = "fetch retries total price greet user"
    assert set(editor.find(everything, scopeUri=file_uri(tree / "web"))) == {"totalPrice", "greetUser"}
    assert editor.find(everything, scopeUri=file_uri(tree / "web/cart.ts")) == ["totalPrice"]
    assert editor.find(everything, languages=["python"]) == ["fetch_with_retries"]
    assert editor.find(everything, globs=["web/deep/**"]) == ["greetUser"]
    assert len(editor.find(everything, limit=2)) == 2


def test_search_with_wrong_parameters_is_refused(editor: Editor) -> None:
    check_refused(editor, "query is a text")
    check_refused(editor, "query is a text", query=3)
    check_refused(editor, "limit must be a whole number from 1 to 100", query="x", limit=0)
    check_refused(editor, "Unknown language 'klingon'", query="x", languages=["klingon"])
    check_refused(editor, "globs must be a list of texts", query="x", globs="src")
    check_refused(editor, "no file or folder on this machine", query="x", scopeUri="untitled:1")
    check_refused(editor, "nowhere", query="x", scopeUri="file:///nowhere")


@pytest.mark.parametrize(
    ("encodings", "character"), [(["utf-8"], 25), (None, 20), (["utf-16"], 20), (["utf-32", "utf-8"], 19)]
)
def test_position_is_right_for_an_editor_that_counts(
    home: Path, tree: Path, encodings: list[str] | None, character: int
) -> None:
    with editing(home, tree, capabilities={"general": {"positionEncodings": encodings}}) as editor:
        (item,) = editor.search("oddlyPlaced", limit=1)["items"]
        place = {"line": 2, "character": character}
        assert item["selectionRange"] == {"start": place, "end": place | {"character": character + 11}}


def test_position_is_right_in_a_buffer_with_unsaved_lines(home: Path, tree: Path) -> None:
    with editing(home, tree, capabilities=NEOVIM) as editor:
        path = tree / "web/cart.ts"
        editor.open_document(path, "\f\n" + path.read_text())
        start = {"line": 1, "character": 0}
        editor.edit(path, {"range": {"start": start, "end": start}, "text": "// 😀\r\n\r\n"})
        (item,) = editor.search("totalPrice", limit=1)["items"]
        assert item["selectionRange"]["start"] == {"line": 3, "character": 16}


def test_symbols_are_functions_with_a_range_and_a_summary(editor: Editor, tree: Path) -> None:
    symbols = editor.ask("workspace/symbol", {"query": "retry with exponential backoff"})
    assert symbols[0] == {
        "name": "fetch_with_retries",
        "kind": 6,
        "location": {
            "uri": file_uri(tree / "src/net.py"),
            "range": {"start": {"line": 2, "character": 8}, "end": {"line": 8, "character": 18}},
        },
        "containerName": "Pool · Retry a request with exponential backoff.",
    }


def test_symbols_whose_names_hold_what_was_typed_come_first(editor: Editor) -> None:
    found = [symbol["name"] for symbol in editor.ask("workspace/symbol", {"query": "retries"})]
    assert found[0] == "fetch_with_retries"
    results: Any = [{"qualified_name": name} for name in ("again", "Pool.fetch_with", "other", "fetchWithRetries")]
    ordered = [result["qualified_name"] for result in names_first("Fetch with", results)]
    assert ordered == ["Pool.fetch_with", "fetchWithRetries", "again", "other"]


def test_no_symbol_is_found_for_an_empty_query(editor: Editor) -> None:
    assert editor.ask("workspace/symbol", {"query": ""}) == []


@pytest.mark.parametrize("arguments", [["total price"], ["total price", 1], [{"query": "total price", "limit": 1}]])
def test_command_searches_for_an_editor_without_a_plugin(editor: Editor, arguments: list[Any]) -> None:
    found = editor.ask("workspace/executeCommand", {"command": "funcseek.search", "arguments": arguments})
    asked = editor.search("total price", limit=1)
    # What is pending may change between two answers: a file written just before the watch is read once more.
    assert found == asked | {"coverage": found["coverage"]}
    assert found["items"][0]["name"] == "totalPrice"


def test_commands_show_and_renew_the_state(editor: Editor, tree: Path) -> None:
    for command in ("funcseek.status", "funcseek.reindex"):
        state = editor.ask("workspace/executeCommand", {"command": command})
        assert [root["uri"] for root in state["roots"]] == [file_uri(tree)]
        assert state["roots"][0]["functions"] == 4


def test_unknown_command_and_request_are_refused(editor: Editor) -> None:
    with pytest.raises(Refused, match="no command") as refused:
        editor.ask("workspace/executeCommand", {"command": "rm"})
    assert refused.value.code == -32602
    for method in ("funcseek/erase", "textDocument/hover"):
        with pytest.raises(Refused) as refused:
            editor.ask(method, None)
        assert refused.value.code == -32601


def test_request_that_cannot_be_read_is_refused(editor: Editor) -> None:
    with pytest.raises(Refused, match="not as specified") as refused:
        editor.ask("workspace/symbol", {"quarry": 1})
    assert refused.value.code == -32602
    editor.send_bytes(b"{")
    with pytest.raises(Refused, match="no JSON"):
        editor.answer(None)
    assert editor.find("total price") == ["totalPrice"]


def test_changed_file_is_found_anew(home: Path, tmp_path: Path) -> None:
    with editing(home, lay_out(tmp_path, "--- a.py\ndef old_name(): pass\n")) as editor:
        lay_out(tmp_path, "--- a.py\n\n\ndef new_name(): pass\n")
        editor.ask("funcseek/reindex", {"scopeUri": file_uri(tmp_path)})
        editor.search_until("new name", ["new_name"])
        assert editor.find("old") == []


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_is_served(home: Path, tree: Path, client: str) -> None:
    with editing(home, tree, capabilities=CLIENTS[client]) as editor:
        assert editor.find("total price") == ["totalPrice"]
        assert editor.quit() == 0
