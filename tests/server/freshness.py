"""What the tests of freshness share: the check that the service's index is what a fresh look at the disk gives."""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funcseek.index.catalogue import open_catalogue
from funcseek.index.code_index import Home
from funcseek.index.extraction import Job, process
from funcseek.index.files import scan
from funcseek.server.protocol import SearchRequest

if TYPE_CHECKING:
    from pathlib import Path

    from funcseek.server.client import Client
    from funcseek.server.protocol import RootJson, ServiceAnswerJson

    # A file's path and digest, and the name and place of each of its functions.
    Contents = dict[tuple[str, bytes], list[tuple[str, int]]]

# Longer than any of these takes on a machine that others use as well.
PATIENCE_SECONDS = 50.0


@dataclass(frozen=True)
class Watched:
    """A folder that a service watches."""

    client: Client
    home: Path
    tree: Path

    def write(self, path: str, *names: str) -> None:
        place = self.tree / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(source(*names))

    def sync(self) -> RootJson:
        return self.client.sync(str(self.tree), wait_seconds=PATIENCE_SECONDS)

    def check(self) -> RootJson:
        """See that after a synchronisation the index is what is on the disk; return the root's state."""
        state = self.sync()
        found, wanted = indexed(self.home, self.tree), expected(self.tree)
        missing, extra = wanted.keys() - found.keys(), found.keys() - wanted.keys()
        assert found == wanted, f"missing {missing}, too many {extra}, in state {state}"
        return state

    def search(self, query: str) -> ServiceAnswerJson:
        return self.client.search(SearchRequest(query, (str(self.tree),), wait_seconds=PATIENCE_SECONDS))

    def first(self, query: str) -> str | None:
        """Return the name of the first function found."""
        results = self.search(query)["results"]
        return results[0]["name"] if results else None

    def wait_for(self, phase: str) -> RootJson:
        """Wait until the root's worker is in a phase."""
        state = self.client.open(str(self.tree))
        while state["phase"] != phase:
            state = self.next(state)
        return state

    def next(self, state: RootJson) -> RootJson:
        """Wait for the root's next state."""
        after = self.client.wait(str(self.tree), revision=state["revision"], wait_seconds=PATIENCE_SECONDS)
        assert after["phase"] != "failed", after["problem"]
        assert after["revision"] != state["revision"], f"nothing happens any more: {state}"
        return after


def source(*names: str) -> str:
    return "".join(f"def {name}():\n    return '{name}'\n\n\n" for name in names)


def expected(root: Path) -> Contents:
    """Read the disk anew, in this process."""
    outcomes = [process(root, Job(file, wants_texts=False)) for file in scan(root)]
    return {
        (outcome.job.file.path, outcome.digest): sorted(
            (function.qualified_name, function.start) for function in outcome.functions or ()
        )
        for outcome in outcomes
    }


def indexed(home: Path, root: Path) -> Contents:
    """Read what the service's catalogue holds now."""
    places = Home(home)
    found: Contents = {}
    with closing(open_catalogue(places.index_of(root) / "catalogue.db", places.vector_cache)) as catalogue:
        for path, digest, name, start in catalogue.rows(
            "SELECT path, digest, qualified_name, start FROM file LEFT JOIN function ON function.file = file.id"
        ):
            functions = found.setdefault((os.fsdecode(path), digest), [])
            if name is not None:
                functions.append((name, start))
    return {file: sorted(functions) for file, functions in found.items()}


def git(tree: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.invalid")
    subprocess.run(["git", "-C", tree, *identity, *arguments], check=True, capture_output=True)
