"""What counts in random trees is what git says: tracked files, nested repositories, submodules, worktrees and all."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest

from funcseek.index.files import look, scan
from tests.index.git_program import counted_by_git, git, plant

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="the oracle is git itself")

TREES, RULES = 40, 6
FOLDERS = ("", "a/", "a/b/", "a/b/c/", "d/", "d/e/", "out/", "out/a/", "n/", "n/a/", "s/", "s/b/")
NAMES = ("a.py", "b.py", "x.gen.py", "é.py", "c.py")
_LINES = """
a b a/ b/ /a /a/ a/b d/* d/** **/a **/b/ a/**/c *.py *.gen.py /a.py a.py b.py out out/ /out/* ** * */ /* é.py x.* n s w
n/ s/ /w /s/ [ab].py a/*.py *.?y d/e/a.py
"""
# No wildcard brings anything back: git has no default excludes, so it would not say what `!*/` does to those of ours.
_BACK = "!a.py !a/ !b !/a !a/b !d/e/ !out/ !x.gen.py !n/ !s !w/ !out/a/ !c.py"


class Trees:
    """Builds random trees, and gives them new rules again and again."""

    def __init__(self, root: Path, excludes: Path, chance: random.Random) -> None:
        self.root = root
        self.excludes = excludes
        self.chance = chance
        self.repositories: list[Path] = []

    def build(self) -> None:
        """Make a repository, in some of them another one, a submodule or a worktree; track a part of each."""
        plant(self.root, dict.fromkeys(self.some(FOLDERS, NAMES), b""))
        plant(self.root, {f"{folder}node_modules/a.py": b"" for folder in ("", "a/", "s/")})
        self.begin(self.root)
        if self.chance.random() < 0.4:
            self.begin(self.root / "n")
        if self.chance.random() < 0.4:
            self.begin(self.root / "s")
            git(self.root / "s", "commit", "-q", "--allow-empty", "-m", "some")
            git(self.root, "-c", "advice.addEmbeddedRepo=false", "add", "-f", "s")
        if self.chance.random() < 0.3:
            git(self.root, "commit", "-q", "--allow-empty", "-m", "some")
            git(self.root, "worktree", "add", "-q", "--detach", "w")
            plant(self.root / "w", dict.fromkeys(self.some(FOLDERS[:6], NAMES), b""))
            self.repositories.append(self.root / "w")

    def begin(self, root: Path) -> None:
        """Make a folder a repository that tracks some files, in one of the forms an index can have."""
        root.mkdir(exist_ok=True)
        git(root, "init", "-q", "--template=", ".")
        files = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*.py"))]
        inner = [path for path in files if not path.startswith(("n/", "s/"))]
        if tracked := [path for path in inner if self.chance.random() < 0.3]:
            git(root, "add", "-f", "--", *tracked)
        git(root, "update-index", *self.chance.choice((["--index-version=4"], ["--split-index"], ["--really-refresh"])))
        if len(tracked) > 2:
            git(root, "update-index", "--skip-worktree", "--", tracked.pop())
            git(root, "update-index", "--force-remove", "--", tracked.pop())
        self.repositories.append(root)

    def rule(self) -> None:
        """Write new ignore files."""
        self.excludes.write_bytes(self.lines(2))
        for repository in self.repositories:
            plant(repository, {f"{folder}.gitignore": self.lines(4) for folder in self.some(FOLDERS[:7], ("",), 0.3)})
            if (repository / ".git").is_dir():
                plant(repository, {".git/info/exclude": self.lines(2)})

    def some(self, folders: tuple[str, ...], names: tuple[str, ...], share: float = 0.5) -> list[str]:
        return [folder + name for folder in folders for name in names if self.chance.random() < share]

    def lines(self, most: int) -> bytes:
        return "\n".join(self.chance.choice(_LINES.split() + _BACK.split()) for _ in range(most)).encode()


def check(root: Path, excludes: Path) -> int:
    """Compare `scan` with git, and `look` with `scan` for everything there is; return how many files count."""
    listed = {path for path in counted_by_git(root, str(excludes)) if path.endswith(".py")}
    expected = {path for path in listed if "node_modules" not in path.split("/")}
    found = {file.path: file for file in scan(root)}
    assert set(found) == expected
    for place in root.rglob("*.py"):
        path = place.relative_to(root).as_posix()
        assert look(root, path) == found.get(path), path
    return len(found)


def test_what_counts_in_random_trees_is_what_git_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    excludes = tmp_path / "git" / "ignore"
    excludes.parent.mkdir()
    chance = random.Random(20261125)
    counted = 0
    for number in range(TREES):
        trees = Trees(tmp_path / str(number), excludes, chance)
        trees.build()
        for _ in range(RULES):
            trees.rule()
            counted += check(trees.root, excludes)
    assert counted > 1000
