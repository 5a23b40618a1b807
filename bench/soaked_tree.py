"""The folder that a soak works on: a git repository whose functions all have names of their own, and the work on it.

The disk is the truth: what must be found is read off it, never remembered. One thread works, others may read.
"""

from __future__ import annotations

import random
import re
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

from funcseek.index.catalogue import open_catalogue
from funcseek.index.extraction import Job, process
from funcseek.index.files import scan

if TYPE_CHECKING:
    from pathlib import Path

    from funcseek.index.home import Home

FILES, FUNCTIONS_PER_FILE, BRANCH_FILES = 400, 6, 150
BRANCHES = ("main", "other")
VERBS = ("open", "close", "parse", "merge", "retry", "count", "split", "render", "upload", "verify", "rotate", "cache")
THINGS = ("socket", "file", "date", "header", "queue", "token", "page", "graph", "invoice", "cookie", "mesh", "label")
_DEFINED = re.compile(r"^def (\w+)", re.MULTILINE)
IDENTITY = ("-c", "user.name=soak", "-c", "user.email=soak@example.invalid", "-c", "commit.gpgsign=false")


class Tree:
    """A repository with two branches that differ in many files."""

    def __init__(self, root: Path, seed: int) -> None:
        """Lay it out and commit it."""
        self.root = root
        self.chance = random.Random(seed)
        self._count = 0
        self._branch = BRANCHES[0]
        for number in range(FILES):
            self._write(f"part{number % 20}/file{number}.py", FUNCTIONS_PER_FILE)
        self._git("init", "-q", "-b", self._branch)
        self._commit()
        self._git("switch", "-q", "-c", BRANCHES[1])
        for path in self.chance.sample(self.paths(), BRANCH_FILES):
            self._write(path, FUNCTIONS_PER_FILE)
        self._commit()
        self._git("switch", "-q", BRANCHES[0])

    def paths(self) -> list[str]:
        """Return the files there are."""
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.glob("part*/*.py"))

    def names(self, path: str) -> list[str]:
        """Return the functions that a file holds now."""
        return _DEFINED.findall((self.root / path).read_text("utf-8"))

    def edit(self) -> tuple[str, str]:
        """Save a file with other functions, as editors do; return its path and the name of one of them.

        It is a new file where some were deleted, so that the tree neither grows nor shrinks.
        """
        paths = self.paths()
        path = self.chance.choice(paths) if len(paths) >= FILES else f"part{self._next() % 20}/new{self._next()}.py"
        return path, self._write(path, FUNCTIONS_PER_FILE)

    def rename(self) -> tuple[str, str]:
        """Move a file to another folder; return its path and the name of a function in it."""
        path = self.chance.choice(self.paths())
        target = f"part{self.chance.randrange(20)}/moved{self._next()}.py"
        # Git takes away folders that a switch has emptied.
        (self.root / target).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).rename(self.root / target)
        return target, self.names(target)[0]

    def delete(self) -> list[str]:
        """Delete a file; return the functions that were in it."""
        path = self.chance.choice(self.paths())
        gone = self.names(path)
        (self.root / path).unlink()
        return gone

    def switch(self) -> None:
        """Keep what was done, and go over to the other branch."""
        self._commit()
        self._branch = BRANCHES[1 - BRANCHES.index(self._branch)]
        self._git("switch", "-q", self._branch)

    def _write(self, path: str, count: int) -> str:
        names = [self._name() for _ in range(count)]
        text = "".join(
            f'def {name}(value):\n    "{" ".join(name.split("_"))}."\n    return value\n\n' for name in names
        )
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(".unfinished")
        unfinished.write_text(text, "utf-8")
        unfinished.replace(target)
        return names[-1]

    def _name(self) -> str:
        return f"{self.chance.choice(VERBS)}_{self.chance.choice(THINGS)}_{self._next()}"

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _commit(self) -> None:
        self._git("add", "-A")
        self._git("commit", "-q", "--allow-empty", "-m", "work")

    def _git(self, *arguments: str) -> None:
        subprocess.run(["git", "-C", self.root, *IDENTITY, *arguments], check=True, capture_output=True)


def differences(root: Path, home: Home) -> int:
    """Count the files of which the index holds something else than a fresh look at the disk gives."""
    wanted = {}
    for file in scan(root):
        outcome = process(root, Job(file, wants_texts=False))
        wanted[file.path] = [(one.name, one.start) for one in outcome.functions or ()]
    with closing(open_catalogue(home.catalogue_of(root), home.vector_cache)) as catalogue:
        rows = catalogue.rows(
            "SELECT file.path, function.name, function.start FROM file LEFT JOIN function ON function.file = file.id"
            " ORDER BY file.path, function.start"
        )
    held: dict[str, list[tuple[str, int]]] = {}
    for path, name, start in rows:
        held.setdefault(path.decode(), []).extend([(name, start)] if name is not None else [])
    return sum(wanted.get(path) != held.get(path) for path in wanted.keys() | held.keys())
