"""Where the kernel lets us watch too little or nothing: changes are found by looking, and the user is told what to do.

The service runs in a user namespace of its own, whose limits nobody else feels.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from funcseek.server.client import Client, service_health
from funcseek.server.places import HOME_VARIABLE, places
from tests.server.freshness import Watched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDERS = 300


@contextmanager
def limited(limit: str, *options: str) -> Iterator[Client]:
    """Run a service under limits; skips where this machine has no such namespaces."""
    script = f'{limit} || exit 9; exec "$0" -P -m funcseek.server service "$@"'
    process = subprocess.Popen(["unshare", "--user", "--map-root-user", "sh", "-c", script, sys.executable, *options])
    # Not its socket alone: that is there a moment before anybody is let in.
    while service_health(places()) is None:
        if process.poll() is not None:
            pytest.skip("no user namespace with limits of its own can be made here")
    with Client(places()) as client:
        try:
            yield client
        finally:
            client.call("leave")
            assert process.wait(timeout=30) == 0


@pytest.fixture
def tree(fresh_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(fresh_home))
    for number in range(FOLDERS):
        folder = tmp_path / "tree" / f"folder{number}"
        folder.mkdir(parents=True)
        (folder / "a.py").write_text(f"def at_{number}(): pass\n")
    return tmp_path / "tree"


def check(watched: Watched, words: str) -> None:
    """See that a root that cannot be watched says so once, and that changes are found all the same."""
    assert words in (watched.check()["watch_problem"] or "")
    assert any(words in notice for notice in watched.search("at_7")["notices"])
    assert not any(words in notice for notice in watched.search("at_7")["notices"])
    watched.write("folder7/a.py", "found_by_looking")
    watched.check()
    watched.write("folder8/late/b.py", "found_without_being_asked")
    state = watched.client.open(str(watched.tree))
    while watched.first("found_without_being_asked") != "found_without_being_asked":
        state = watched.client.wait(str(watched.tree), revision=state["revision"], wait_seconds=40)


def test_more_folders_than_may_be_watched(tree: Path, fresh_home: Path) -> None:
    with limited("echo 100 > /proc/sys/user/max_inotify_watches") as client:
        check(Watched(client, fresh_home, tree), "fs.inotify.max_user_watches")


def test_no_watcher_to_be_had(tree: Path, fresh_home: Path) -> None:
    with limited("echo 0 > /proc/sys/user/max_inotify_instances") as client:
        check(Watched(client, fresh_home, tree), "fs.inotify.max_user_instances")


def test_service_told_to_look_instead_of_watching(tree: Path, fresh_home: Path) -> None:
    with limited("true", "--poll") as client:
        check(Watched(client, fresh_home, tree), "--poll")


def test_limit_that_was_raised_counts_after_a_reindex(tree: Path, fresh_home: Path) -> None:
    # The namespace is set from inside only; making the tree smaller comes to the same.
    with limited("echo 100 > /proc/sys/user/max_inotify_watches") as client:
        watched = Watched(client, fresh_home, tree)
        assert watched.check()["watch_problem"]
        for number in range(50, FOLDERS):
            (tree / f"folder{number}" / "a.py").unlink()
            (tree / f"folder{number}").rmdir()
        client.call("rescan", path=str(tree))
        assert watched.check()["watch_problem"] is None
