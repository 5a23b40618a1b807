"""Unsaved text counts: what is typed is found, what is deleted is not, in every language and wherever it is counted."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.parsers import LANGUAGES, language_for
from funcseek.server.client import running
from funcseek.server.places import Places
from funcseek.server.protocol import file_uri
from tests.doubles import lay_out
from tests.server.clients import MINIMAL, NEOVIM
from tests.server.editor import Editor, editing

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = Path(__file__).parents[1] / "parsers" / "samples"
TREE = """\
--- src/net.py
def fetch_with_retries(url):
    return url

def close_connection(pool):
    return pool
--- src/other.py
def parse_header(line):
    return line
"""
TYPED = "def compute_orbital_period(mass, radius):\n    return mass * radius\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "tree", TREE)


@pytest.fixture
def editor(home: Path, tree: Path) -> Iterator[Editor]:
    with editing(home, tree, capabilities=NEOVIM) as editor:
        yield editor


def check(editor: Editor, query: str, *names: str, **params: Any) -> list[dict[str, Any]]:
    """Check which functions are found first for a query that only they answer, and return their items."""
    items = [item for item in editor.search(query, **params)["items"] if item["name"] in names]
    assert [item["name"] for item in items] == list(names)
    return items


def check_gone(editor: Editor, name: str) -> None:
    assert name not in editor.find(name.replace("_", " "))


def test_function_typed_a_moment_ago_is_found_where_the_buffer_has_it(editor: Editor, tree: Path) -> None:
    path = tree / "src/net.py"
    text = path.read_text()
    editor.open_document(path, text)
    editor.edit(path, {"text": TYPED + text})
    typed, moved = (check(editor, name, name)[0] for name in ("compute_orbital_period", "fetch_with_retries"))
    assert (typed["uri"], typed["isStale"]) == (file_uri(path), False)
    assert (typed["selectionRange"]["start"]["line"], moved["selectionRange"]["start"]["line"]) == (0, 2)


def test_function_deleted_in_the_buffer_is_found_no_more_and_again_once_it_is_closed(
    editor: Editor, tree: Path
) -> None:
    path = tree / "src/net.py"
    editor.open_document(path, path.read_text())
    check(editor, "close connection", "close_connection")
    editor.edit(path, {"text": "def fetch_with_retries(url):\n    return url\n"})
    check_gone(editor, "close_connection")
    check(editor, "fetch", "fetch_with_retries")
    editor.close_document(path)
    check(editor, "close connection", "close_connection")


def test_buffer_of_a_file_that_is_not_there_yet_is_found(editor: Editor, tree: Path) -> None:
    path = tree / "new/folder/orbit.py"
    editor.open_document(path, TYPED)
    assert check(editor, "orbital period", "compute_orbital_period")[0]["uri"] == file_uri(path)
    editor.close_document(path)
    check_gone(editor, "compute_orbital_period")


def test_buffer_wins_over_a_disk_that_changes_beneath_it(editor: Editor, tree: Path) -> None:
    path = tree / "src/net.py"
    editor.open_document(path, path.read_text())
    check(editor, "close connection", "close_connection")
    path.write_text("def written_by_another_program(): pass\n")
    check(editor, "close connection", "close_connection")
    check_gone(editor, "written_by_another_program")


def test_other_windows_and_the_next_start_see_the_disk(home: Path, editor: Editor, tree: Path) -> None:
    path = tree / "src/net.py"
    editor.open_document(path, TYPED)
    check(editor, "orbital period", "compute_orbital_period")
    with editing(home, tree) as other:
        check_gone(other, "compute_orbital_period")
        check(other, "fetch retries", "fetch_with_retries")


@pytest.mark.parametrize("folder", ["node_modules/x", ".git/x", "ignored"])
def test_buffer_of_a_file_that_would_not_be_searched_does_not_count(editor: Editor, tree: Path, folder: str) -> None:
    (tree / ".funcseekignore").write_text("ignored/\n")
    editor.open_document(tree / folder / "a.py", TYPED)
    check_gone(editor, "compute_orbital_period")


def test_filters_hold_for_buffers(editor: Editor, tree: Path) -> None:
    editor.open_document(tree / "src/net.py", TYPED)
    name = "compute_orbital_period"
    check(editor, name, name, languages=["python"], globs=["src/**"], kinds=["function"], changedSince=1.0)
    check(editor, name, name, scopeUri=file_uri(tree / "src"))
    for narrowed in ({"languages": ["go"]}, {"globs": ["lib/**"]}, {"scopeUri": file_uri(tree / "src/other.py")}):
        check(editor, name, **narrowed)
        assert name not in editor.find(name, **narrowed)


def test_untitled_buffer_is_found_by_its_language(editor: Editor) -> None:
    editor.open_document("untitled:Untitled-1", "func ComputeOrbitalPeriod() {}\n", language="go")
    (item,) = check(editor, "orbital period", "ComputeOrbitalPeriod")
    assert (item["uri"], item["language"]) == ("untitled:Untitled-1", "go")
    editor.open_document("untitled:Untitled-2", "no language's text\n", language="plaintext")
    check(editor, "orbital period", "ComputeOrbitalPeriod")
    editor.close_document("untitled:Untitled-1")
    check_gone(editor, "ComputeOrbitalPeriod")


def test_function_of_an_untitled_buffer_is_like_others_but_not_itself(editor: Editor, tree: Path) -> None:
    text = (tree / "src/net.py").read_text()
    editor.open_document("untitled:Untitled-1", text)
    params = {"textDocument": {"uri": "untitled:Untitled-1"}, "position": {"line": 0, "character": 6}}
    items = editor.ask("funcseek/similar", params)["items"]
    assert (items[0]["name"], items[0]["uri"], items[0]["likeness"]) == (
        "fetch_with_retries", file_uri(tree / "src/net.py"), "duplicate",
    )  # fmt: skip
    assert "untitled:Untitled-1" not in [item["uri"] for item in items if item["name"] == "fetch_with_retries"]


def test_copy_in_a_buffer_is_told_as_a_copy(editor: Editor, tree: Path) -> None:
    path = tree / "src/other.py"
    editor.open_document(path, (tree / "src/net.py").read_text())
    params = {"textDocument": {"uri": file_uri(tree / "src/net.py")}, "position": {"line": 0, "character": 6}}
    first = editor.ask("funcseek/similar", params)["items"][0]
    assert (first["uri"], first["likeness"]) == (file_uri(path), "duplicate")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_position_points_into_the_buffer_however_it_is_counted(home: Path, tree: Path, encoding: str) -> None:
    text = "\f# one\r\n\r# two\x0b\n\t\tx = '😀é漢'; \tdef_ = 1\r\nif x:\r\n\tdef  named_oddly(): return '\u2028'\r\n"
    with editing(home, tree, capabilities={"general": {"positionEncodings": [encoding]}}) as editor:
        path = tree / "src/net.py"
        editor.open_document(path, "")
        editor.edit(path, {"text": text})
        (item,) = check(editor, "named oddly", "named_oddly")
        assert editor.text_of(item, text, encoding=encoding) == "named_oddly"
        start = {"line": 0, "character": 0}
        inserted = "# 😀\r\n"
        editor.edit(path, {"range": {"start": start, "end": start}, "text": inserted})
        (item,) = check(editor, "named oddly", "named_oddly")
        assert editor.text_of(item, inserted + text, encoding=encoding) == "named_oddly"


def sample_of(language: str) -> Path:
    found = [path for path in sorted(SAMPLES.rglob("*")) if path.is_file()]
    return next(path for path in found if (known := language_for(path.name)) and known.name == language)


def test_every_language_is_found_in_a_buffer(home: Path, tmp_path: Path) -> None:
    """Each sample is opened as a file that is not there, and the names of its functions are searched for."""
    tmp_path.joinpath("a.py").write_text("def only_on_the_disk(): pass\n")
    with editing(home, tmp_path, capabilities=MINIMAL) as editor:
        for language in LANGUAGES:
            sample = sample_of(language.name)
            text = sample.read_bytes().decode("utf-8", "replace")
            path = tmp_path / "unsaved" / language.name / sample.name
            editor.open_document(path, text, language=(language.editor_ids or (language.name,))[0])
            items = editor.search("the", limit=100, globs=[f"unsaved/{language.name}/**"])["items"]
            items += editor.search(sample.stem, limit=100, globs=[f"unsaved/{language.name}/**"])["items"]
            assert items, language.name
            assert {item["uri"] for item in items} == {file_uri(path)}
            for item in items:
                assert 0 <= item["selectionRange"]["start"]["line"] <= text.count("\n") + text.count("\r")


def test_no_edit_is_lost_when_the_service_dies(fresh_home: Path, tree: Path) -> None:
    with editing(fresh_home, tree) as editor:
        path = tree / "src/net.py"
        editor.open_document(path, TYPED)
        check(editor, "orbital period", "compute_orbital_period")
        client = running(Places(fresh_home, fresh_home / "run", fresh_home))
        assert client is not None
        with client:
            os.kill(client.health()["pid"], signal.SIGKILL)
        check(editor, "orbital period", "compute_orbital_period")
        editor.edit(path, {"text": TYPED.replace("orbital", "lunar")})
        check(editor, "lunar period", "compute_lunar_period")
