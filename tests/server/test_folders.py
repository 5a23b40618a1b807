"""Folders and files as an editor names them, and as paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from funcseek.server.folders import Folder, editor_uri, folder_at, folder_uris, initial_uris, outermost, path_of
from funcseek.server.greeting import Greeting

if TYPE_CHECKING:
    from pathlib import Path

A = {"uri": "file:///a", "name": "a"}


@pytest.mark.parametrize(
    ("params", "uris"),
    [
        ({"workspaceFolders": [A], "rootUri": "file:///b", "rootPath": "/c"}, ["file:///a"]),
        ({"workspaceFolders": None, "rootUri": "file:///b", "rootPath": "/c"}, ["file:///b"]),
        ({"workspaceFolders": [], "rootUri": None, "rootPath": "/c d"}, ["file:///c%20d"]),
        ({"rootUri": None, "rootPath": None}, []),
        ({"rootPath": "relative"}, []),
        ({}, []),
        ({"workspaceFolders": 3, "rootUri": {}, "rootPath": []}, []),
    ],
)
def test_folders_are_those_the_client_names_first(params: Any, uris: list[str]) -> None:
    assert initial_uris(Greeting(params)) == uris


def test_folders_that_make_no_sense_are_left_out() -> None:
    assert folder_uris([A, {"name": "x"}, None, {"uri": 3}]) == ["file:///a"]


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b%20c", "/a/b c"),
        ("file:///a/b/", "/a/b"),
        ("file://localhost/a", "/a"),
        ("file:///", "/"),
        ("file:///%FF", "/\udcff"),
        ("file:///a%00b", None),
        ("file://server/share", None),
        ("untitled:Untitled-1", None),
        ("vscode-remote://ssh/a", None),
        ("file://[", None),
        ("", None),
    ],
)
def test_path_is_that_of_a_local_file_only(uri: str, path: str | None) -> None:
    assert path_of(uri) == path


def test_folder_inside_another_is_searched_with_it() -> None:
    folders = [Folder(f"file://{path}", path, path) for path in ("/a/b", "/a", "/ab", "/a")]
    assert [folder.path for folder in outermost(folders)] == ["/a", "/ab"]


def test_file_is_named_below_the_folder_the_editor_opened(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    folder = folder_at(f"file://{tmp_path}/link/")
    assert folder is not None
    assert editor_uri(f"file://{tmp_path}/real/x%20y.py", [folder]) == f"file://{tmp_path}/link/x%20y.py"


def test_file_outside_of_every_folder_keeps_its_name() -> None:
    folder = Folder("file:///a", "/a", "/a")
    assert editor_uri("file:///ab/x.py", [folder]) == "file:///ab/x.py"
