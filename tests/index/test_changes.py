"""Bursts of touched paths fold into exactly what must be looked at."""

from __future__ import annotations

import pytest

from funcseek.index.changes import EVERYTHING, MAX_FOLDERS, MAX_PATHS, Burst, fold


def check(*touched: str, root: str = "/r") -> Burst:
    """Fold paths below ``root`` and see that neither order nor repetition matters."""
    paths = [f"{root.rstrip('/')}/{path}" for path in touched]
    burst = fold(root, paths)
    assert burst == fold(root, [*reversed(paths), *paths])
    return burst


def test_a_path_is_looked_at_once_when_touched_often() -> None:
    assert check("b.py", "a/b.py", "b.py") == Burst(("a/b.py", "b.py"))


def test_a_folder_takes_up_what_lies_below_it() -> None:
    assert check("a/", "a/b.py", "a/c/", "a/c/d.py", "ab.py", "ab/c.py") == Burst(("ab.py", "ab/c.py"), ("a",))


def test_a_path_touched_as_file_and_folder_is_a_folder() -> None:
    assert check("a", "a/") == Burst((), ("a",))


def test_nothing_is_left_when_all_lies_below_git() -> None:
    assert check(".git/objects/ab/cd", ".git/index.lock", ".git/refs/heads/main", "n/.git/logs/HEAD") == Burst()


@pytest.mark.parametrize(
    "path",
    [
        ".git",
        ".git/",
        ".git/HEAD",
        ".git/index",
        ".git/info/exclude",
        ".gitignore",
        ".funcseekignore",
        ".gitattributes",
        ".git/info/attributes",
    ],
)
def test_everything_is_looked_at_when_rules_or_the_checkout_change(path: str) -> None:
    assert check("a.py", path) == EVERYTHING


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("a/b/.gitignore", "a/b"), ("a/.funcseekignore", "a"), ("nested/.git/HEAD", "nested"),
        ("nested/.git", "nested"), ("a/nested/.git/info/exclude", "a/nested"),
    ],
)  # fmt: skip
def test_only_a_folder_is_looked_at_when_its_own_rules_or_checkout_change(path: str, folder: str) -> None:
    assert check("a.py", path) == Burst(("a.py",), (folder,))


@pytest.mark.parametrize("path", ["HEAD", "a/index", "x.gitignore", "a/gitignore", ".github/index", "info/exclude"])
def test_a_name_like_gits_is_an_ordinary_path(path: str) -> None:
    assert check(path) == Burst((path,))


def test_folders_are_looked_at_when_too_many_paths_are_touched() -> None:
    paths = [f"a/{number:03}.py" for number in range(MAX_PATHS + 1)]
    assert check(*paths) == Burst((), ("a",))
    assert check(*paths[1:]) == Burst(tuple(paths[1:]))
    assert check(*paths, "b/c/d.py") == Burst((), ("a", "b/c"))


def test_everything_is_looked_at_when_paths_lie_in_the_root_or_all_over() -> None:
    assert check(*(f"{number:03}.py" for number in range(MAX_PATHS + 1))) == EVERYTHING
    assert check(*(f"{number:03}/" for number in range(MAX_FOLDERS + 1))) == EVERYTHING


def test_a_burst_that_holds_nothing_is_false() -> None:
    assert not Burst()
    assert EVERYTHING
    assert Burst(("a.py",))


@pytest.mark.parametrize("path", ["/r", "/r/"])
def test_everything_is_looked_at_when_the_root_itself_is_touched(path: str) -> None:
    assert fold("/r", ["/r/a.py", path]) == EVERYTHING


def test_paths_outside_the_root_are_dropped() -> None:
    assert fold("/r", ["/", "/other/a.py", "/rr/a.py", "a.py"]) == Burst()


def test_the_file_systems_root_can_be_a_root() -> None:
    assert check("a.py", "b/", root="/") == Burst(("a.py",), ("b",))


def test_a_name_that_is_no_text_is_kept() -> None:
    assert check("a\udcff\n.py") == Burst(("a\udcff\n.py",))
