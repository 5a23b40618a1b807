"""The whole path on a real tree with the real model: installed packages, 27 languages, service and language server."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funcseek.server.client import connect
from funcseek.server.places import HOME_VARIABLE
from tests.server.editor import PATIENCE_SECONDS, Editor, editing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from funcseek.index.installation import Installed

SAMPLES = Path(__file__).parents[1] / "parsers" / "samples"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository with a branch of its own for what changes."""
    folder = tmp_path_factory.mktemp("end-to-end") / "tree"
    shutil.copytree(SAMPLES, folder / "languages")
    for package in ("watchdog", "filelock"):
        source = Path(sysconfig.get_path("purelib")) / package
        shutil.copytree(source, folder / package, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "start")
    return folder


@pytest.fixture
def editor(fresh_home: Path, minilm: Installed, tree: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Editor]:
    """An editor on the tree, with the model installed and every function embedded."""
    monkeypatch.setenv(HOME_VARIABLE, str(fresh_home))
    shutil.copytree(minilm.folder, fresh_home / "models" / minilm.folder.name)
    with editing(fresh_home, tree) as opened:
        opened.wait_until_indexed()
        yield opened


def git(tree: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.invalid")
    subprocess.run(["git", "-C", tree, *identity, *arguments], check=True, capture_output=True)


def check(editor: Editor, query: str, name: str, path: str) -> None:
    """Check that a description leads to a function among the first three, and that the language server places it."""
    found = {item["name"]: item for item in editor.search(query, limit=3)["items"]}
    assert name in found
    assert found[name]["uri"].endswith(path)


def until(editor: Editor, query: str, holds: Callable[[list[str]], bool]) -> None:
    """Search at every change of the root's state until the files found are as they should be."""
    (root,) = editor.status()["roots"]
    with connect(editor.places) as client:
        state = client.open(root["root"])
        for _ in range(100):
            files = [item["uri"].rpartition("/")[2] for item in editor.search(query)["items"]]
            if holds(files):
                return
            state = client.wait(root["root"], revision=state["revision"], wait_seconds=10)
    pytest.fail(f"the last files found were {files}")


def test_a_day_of_work_is_followed(editor: Editor, tree: Path) -> None:
    answer = editor.search("wait until a lock is free", limit=1)
    assert answer["model"] == "all-MiniLM-L6-v2"
    assert answer["coverage"]["embedded"] == answer["coverage"]["functions"] > 300
    check(editor, "read extended change records from a Windows buffer", "_parse_extended_event_buffer", "winapi.py")

    git(tree, "switch", "-qc", "work")
    (tree / "fresh.go").write_text("package fresh\n\n// Shuffle a deck of cards.\nfunc MixUp(deck []int) {}\n")
    until(editor, "MixUp", lambda found: found[:1] == ["fresh.go"])
    editor.wait_until_indexed()
    check(editor, "bring playing cards into random order", "MixUp", "fresh.go")

    (tree / "fresh.go").rename(tree / "moved.go")
    until(editor, "MixUp", lambda found: found[:1] == ["moved.go"])
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "work")

    git(tree, "switch", "-q", "main")
    until(editor, "MixUp", lambda found: "moved.go" not in found)
    git(tree, "switch", "-q", "work")
    until(editor, "MixUp", lambda found: found[:1] == ["moved.go"])
    (tree / "moved.go").unlink()
    until(editor, "MixUp", lambda found: "moved.go" not in found)
    with connect(editor.places) as client:
        assert [root["phase"] for root in client.health()["roots"]] != ["failed"]


def test_unsaved_function_is_found_by_meaning_beside_what_is_saved(editor: Editor, tree: Path) -> None:
    path = tree / "filelock" / "unsaved.py"
    text = 'def f(mass, radius):\n    """How long a satellite takes to go round its planet once."""\n    return mass\n'
    editor.open_document(path, "")
    editor.edit(path, {"text": text})
    # Not a word of it is in the function, so only its vector finds it.
    query = "orbital period"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while "f" not in editor.find(query, limit=5):
        assert time.monotonic() < deadline
    (item,) = [item for item in editor.search(query, limit=5)["items"] if item["name"] == "f"]
    assert item["confidence"] > 0
    editor.close_document(path)
    assert "f" not in editor.find(query, limit=10)
