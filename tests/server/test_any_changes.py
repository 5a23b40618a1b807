"""Any sequence of changes, losses and restarts: after a synchronisation the index is what a fresh look would give."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from funcseek.index.home import Home
from funcseek.server.client import connect
from funcseek.server.places import HOME_VARIABLE, places
from tests.server.freshness import Watched, git, source

if TYPE_CHECKING:
    import pytest

    from funcseek.server.client import Client

FOLDERS = st.sampled_from(["", "a", "a/b", "a/b/c", "d", "build"])
NAMES = st.sampled_from(["one.py", "two.py", "three.js", "notes.txt"])
CONTENTS = st.integers(0, 5)
# Each takes a second, until the service looks for the folder again.
MOST_ABSENCES = 2
RULES = st.sampled_from(["", "a/\n", "*.py\n!one.py\n", "/d\n", "b\n", "!build/\n"])


class Changes(RuleBasedStateMachine):
    """A folder that is changed at random while a service watches it."""

    client: Client
    home: Path

    def __init__(self) -> None:
        super().__init__()
        self.top = Path(tempfile.mkdtemp(prefix="fs-"))
        self.tree = self.top / "tree"
        self.tree.mkdir()
        self.watched = Watched(self.client, self.home, self.tree)
        self.absences = 0

    @initialize(is_repository=st.booleans())
    def begin(self, is_repository: bool) -> None:
        if is_repository:
            git(self.tree, "init", "-q", "-b", "main")
            git(self.tree, "commit", "-q", "--allow-empty", "-m", "empty")
        self.watched.check()

    def folders(self) -> list[Path]:
        found = (Path(folder) for folder, _, _ in os.walk(self.tree))
        return [folder for folder in found if ".git" not in folder.parts and folder != self.tree]

    @rule(folder=FOLDERS, name=NAMES, content=CONTENTS)
    def save(self, folder: str, name: str, content: int) -> None:
        place = self.tree / folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(source(f"f_{content}") if content else "")

    @rule(folder=FOLDERS, name=NAMES, content=CONTENTS)
    def save_by_rename(self, folder: str, name: str, content: int) -> None:
        place = self.tree / folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.with_suffix(".tmp").write_text(source(f"g_{content}"))
        place.with_suffix(".tmp").replace(place)

    @rule(folder=FOLDERS, name=NAMES)
    def delete(self, folder: str, name: str) -> None:
        (self.tree / folder / name).unlink(missing_ok=True)

    @precondition(lambda self: self.folders())
    @rule(data=st.data(), place=st.sampled_from(["e", "a", "a/moved", "d/moved", "../outside"]))
    def move_folder(self, data: st.DataObject, place: str) -> None:
        folder = data.draw(st.sampled_from(self.folders()))
        target = self.tree / place
        if not target.exists() and target.parent.is_dir() and not target.is_relative_to(folder):
            folder.rename(target)

    @precondition(lambda self: (self.top / "outside").exists())
    @rule(change=st.booleans())
    def move_back(self, change: bool) -> None:
        outside = self.top / "outside"
        if change:
            (outside / "one.py").write_text(source("changed_outside"))
        if not (self.tree / "back").exists():
            outside.rename(self.tree / "back")

    @precondition(lambda self: self.folders())
    @rule(data=st.data())
    def delete_folder(self, data: st.DataObject) -> None:
        shutil.rmtree(data.draw(st.sampled_from(self.folders())))

    @rule(folder=FOLDERS, rules=RULES, name=st.sampled_from([".gitignore", ".funcseekignore"]))
    def ignore(self, folder: str, rules: str, name: str) -> None:
        if (self.tree / folder).is_dir():
            (self.tree / folder / name).write_text(rules)

    @precondition(lambda self: (self.tree / ".git").exists())
    @rule(branch=st.sampled_from(["main", "other"]))
    def switch(self, branch: str) -> None:
        git(self.tree, "add", "-A")
        git(self.tree, "commit", "-q", "--allow-empty", "-m", "state")
        git(self.tree, "switch", "-q", *(() if self.has_branch(branch) else ("-c",)), branch)

    def has_branch(self, branch: str) -> bool:
        return (self.tree / ".git" / "refs" / "heads" / branch).exists()

    @rule()
    def lose_the_watch(self) -> None:
        shutil.rmtree(Home(self.home).index_of(self.tree) / "cookies", ignore_errors=True)

    @rule(folder=FOLDERS)
    def restart_with_a_change_in_between(self, folder: str) -> None:
        self.client.call("close", path=str(self.tree))
        self.save(folder, "one.py", 3)

    @precondition(lambda self: self.absences < MOST_ABSENCES)
    @rule()
    def go_away_and_come_back(self) -> None:
        self.absences += 1
        self.tree.rename(self.top / "away")
        self.watched.wait_for("gone")
        (self.top / "away").rename(self.tree)
        self.watched.wait_for("ready")

    @rule()
    def synchronise(self) -> None:
        self.watched.check()

    @invariant()
    def is_not_failed(self) -> None:
        assert self.client.open(str(self.tree))["phase"] != "failed"

    def teardown(self) -> None:
        try:
            self.watched.check()
        finally:
            self.client.call("close", path=str(self.tree))
            shutil.rmtree(self.top)


def test_any_changes_end_in_what_is_on_the_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    with connect(places()) as client:

        class Here(Changes):
            pass

        Here.client, Here.home = client, home
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=15,
                stateful_step_count=15,
                suppress_health_check=list(HealthCheck),
                # Shrinking takes minutes, and what depends on time shrinks to something else.
                phases=(Phase.explicit, Phase.reuse, Phase.generate),
                print_blob=True,
            ),
        )
