"""What an editor has open and how it is set up: folders that come and go, settings that change."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from funcseek.server.protocol import file_uri
from tests.doubles import lay_out
from tests.server.clients import EMACS, MINIMAL, VS_CODE
from tests.server.editor import Editor, editing

if TYPE_CHECKING:
    from pathlib import Path

ONE = "--- one.py\ndef parse_first_header(): pass\ndef parse_second_header(): pass\n"
TWO = "--- two.go\npackage two\nfunc parseThirdHeader() {}\n"
EVERYTHING = "parse header"
NAMES_OF_ONE = {"parse_first_header", "parse_second_header"}
NAMES_OF_BOTH = NAMES_OF_ONE | {"parseThirdHeader"}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("one"), ONE)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("two"), TWO)


def change_folders(editor: Editor, *, added: tuple[Path, ...] = (), removed: tuple[Path, ...] = ()) -> None:
    """Add and remove folders, and wait until those that are there are indexed."""
    event = {
        name: [{"uri": file_uri(folder), "name": folder.name} for folder in folders]
        for name, folders in (("added", added), ("removed", removed))
    }
    editor.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    editor.wait_until_indexed()


def check_limit(editor: Editor, limit: int) -> None:
    """Check how many results a search gives that does not say."""
    assert len(editor.find(EVERYTHING)) == limit


def test_one_search_covers_all_folders(home: Path, one: Path, two: Path) -> None:
    with editing(home, one, two) as editor:
        assert set(editor.find(EVERYTHING)) == NAMES_OF_BOTH
        assert set(editor.find(EVERYTHING, scopeUri=file_uri(two))) == {"parseThirdHeader"}
        assert [root["uri"] for root in editor.status()["roots"]] == [file_uri(one), file_uri(two)]


def test_folders_come_and_go(home: Path, one: Path, two: Path) -> None:
    with editing(home, one) as editor:
        change_folders(editor, added=(two,))
        assert set(editor.find(EVERYTHING)) == NAMES_OF_BOTH
        change_folders(editor, removed=(one, one / "never there"))
        assert editor.find(EVERYTHING) == ["parseThirdHeader"]


def test_folder_within_a_folder_gives_no_result_twice(home: Path, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    lay_out(tmp_path, "--- a/three.py\ndef parse_third(): pass\n--- b/four.py\ndef parse_fourth(): pass\n")
    with editing(home, tmp_path / "b", tmp_path, tmp_path / "a") as editor:
        assert sorted(editor.find("parse")) == ["parse_fourth", "parse_third"]


def test_folder_is_taken_from_what_older_clients_send(home: Path, one: Path) -> None:
    with editing(home, capabilities=MINIMAL, rootUri=file_uri(one)) as editor:
        assert set(editor.find(EVERYTHING)) == NAMES_OF_ONE


def test_search_says_so_when_no_folder_is_open(home: Path) -> None:
    with editing(home, workspaceFolders=[]) as editor:
        answer = editor.search(EVERYTHING)
        assert (answer["items"], answer["notices"]) == ([], ["No folder is open; open one to search it."])
        assert editor.ask("workspace/symbol", {"query": EVERYTHING}) == []
        assert editor.ask("funcseek/reindex", None)["roots"] == []


def test_folder_that_is_not_there_costs_only_its_own_results(home: Path, one: Path) -> None:
    missing = one / "missing"
    folders = [{"uri": uri, "name": "x"} for uri in (file_uri(one), file_uri(missing), "vscode-vfs://github/x")]
    with editing(home, workspaceFolders=folders) as editor:
        answer = editor.search(EVERYTHING)
        assert {item["name"] for item in answer["items"]} == NAMES_OF_ONE
        problems = [root["problem"] for root in editor.status()["roots"]]
        assert problems[0] is None
        assert "missing" in problems[1]
        assert "not on this machine" in problems[2]
        editor.wait_for("window/showMessage", lambda params: "vscode-vfs" in params["message"])


def test_files_are_named_as_the_editor_names_them_when_its_folder_is_a_link(
    home: Path, one: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link to one"
    link.symlink_to(one)
    with editing(home, link) as editor:
        uris = {item["uri"] for item in editor.search(EVERYTHING)["items"]}
        assert uris == {file_uri(link / "one.py")}


def test_file_with_a_strange_name_is_found(home: Path, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"a b#?%\xc3\xa9\xff.py")
    path.write_text("def strangely_named(): pass\n")
    with editing(home, tmp_path) as editor:
        (item,) = editor.search("strangely_named", limit=1)["items"]
        assert item["uri"] == file_uri(path)
        assert item["selectionRange"]["start"] == {"line": 0, "character": 4}


def test_settings_are_taken_from_initialize(home: Path, one: Path) -> None:
    with editing(home, one, capabilities=MINIMAL, initializationOptions={"limit": 1}) as editor:
        check_limit(editor, 1)
        assert len(editor.find(EVERYTHING, limit=2)) == 2


def test_settings_are_pulled_and_pulled_again(home: Path, one: Path) -> None:
    with editing(home, one, settings={"limit": 1}, capabilities=VS_CODE) as editor:
        check_limit(editor, 1)
        editor.settings = {"languages": ["go"]}
        editor.notify("workspace/didChangeConfiguration", {"settings": None})
        editor.wait_until_pulled(2)
        check_limit(editor, 0)


def test_settings_pushed_are_taken_when_the_client_answers_no_question(home: Path, one: Path) -> None:
    with editing(home, one, settings=None, capabilities=EMACS, initializationOptions={"limit": 1}) as editor:
        check_limit(editor, 1)
        editor.notify("workspace/didChangeConfiguration", {"settings": {"other": {"x": 1}}})
        editor.wait_until_pulled(2)
        check_limit(editor, 1)
        editor.notify("workspace/didChangeConfiguration", {"settings": {"funcseek": {"limit": 2}}})
        editor.wait_until_pulled(3)
        check_limit(editor, 2)


def test_settings_pushed_are_taken_when_the_client_has_no_questions(home: Path, one: Path) -> None:
    with editing(home, one, capabilities=MINIMAL) as editor:
        editor.notify("workspace/didChangeConfiguration", {"settings": {"funcseek": {"globs": ["none/**"]}}})
        check_limit(editor, 0)


def test_bad_setting_is_told_by_name_and_the_default_holds(home: Path, one: Path) -> None:
    with editing(home, one, initializationOptions={"limit": "many", "globs": ["*.py"]}) as editor:
        assert editor.warning().startswith("Setting funcseek.limit: ")
        assert set(editor.find(EVERYTHING)) == NAMES_OF_ONE


def test_change_of_settings_is_asked_for_only_where_offered(home: Path) -> None:
    for capabilities, registered in ((VS_CODE, ["workspace/didChangeConfiguration"]), (EMACS, [])):
        with editing(home, capabilities=capabilities) as editor:
            editor.status()
            assert editor.registered() == registered
