"""Storms of changes: after each, the index is what a fresh look at the disk gives, without a scan being asked for."""

from __future__ import annotations

import os
import shutil
import signal
from typing import TYPE_CHECKING

import pytest

from funcseek.server.client import connect
from funcseek.server.places import HOME_VARIABLE, places
from tests.server.freshness import Watched, git, source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDERS = 20
# Of a build that writes into an ignored folder, for each file that counts.
IGNORED_EACH = 10


@pytest.fixture
def files(request: pytest.FixtureRequest) -> int:
    """How many files a storm goes over: 500, or what ``--storm-files`` says."""
    count: int = request.config.getoption("--storm-files")
    return count


@pytest.fixture
def watched(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int) -> Iterator[Watched]:
    """Files in 20 folders, watched and indexed."""
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    with connect(places()) as client:
        yield filled(Watched(client, home, tmp_path / "tree"), files)


def filled(watched: Watched, files: int) -> Watched:
    for number in range(files):
        watched.write(f"part{number % FOLDERS}/file{number}.py", f"first_{number}")
    watched.check()
    return watched


def test_branch_switch_over_every_file_and_back(watched: Watched, files: int) -> None:
    git(watched.tree, "init", "-q", "-b", "main")
    git(watched.tree, "add", ".")
    git(watched.tree, "commit", "-qm", "one")
    git(watched.tree, "switch", "-qc", "other")
    for number in range(files):
        watched.write(f"part{number % FOLDERS}/file{number}.py", f"second_{number}")
    git(watched.tree, "commit", "-qam", "two")
    watched.check()
    git(watched.tree, "switch", "-q", "main")
    watched.check()
    assert watched.first("first_77") == "first_77"
    git(watched.tree, "switch", "-q", "other")
    watched.check()
    assert watched.first("second_77") == "second_77"


def test_tree_removed_and_restored(watched: Watched, files: int) -> None:
    copy = watched.tree.with_name("copy")
    shutil.copytree(watched.tree / "part3", copy)
    for folder in list(watched.tree.iterdir()):
        shutil.rmtree(folder)
    assert watched.check()["files"] == 0
    shutil.copytree(copy, watched.tree / "part3")
    assert watched.check()["files"] == files // FOLDERS


def test_mass_rename_of_files_and_folders(watched: Watched) -> None:
    for file in list((watched.tree / "part0").iterdir()):
        file.rename(file.with_name(f"new_{file.name}"))
    for number in range(1, FOLDERS):
        (watched.tree / f"part{number}").rename(watched.tree / f"moved{number}")
    watched.check()
    # The watches went along.
    watched.write("moved5/late.py", "in_a_moved_folder")
    watched.check()
    assert watched.first("in_a_moved_folder") == "in_a_moved_folder"


def test_folder_moved_out_and_changed_there_is_no_part_of_the_root(watched: Watched) -> None:
    outside = watched.tree.with_name("outside")
    (watched.tree / "part1").rename(outside)
    watched.check()
    (outside / "file1.py").write_text(source("changed_outside"))
    watched.check()
    outside.rename(watched.tree / "back")
    watched.check()
    assert watched.first("changed_outside") == "changed_outside"


def test_folders_swapped_within_a_moment(watched: Watched) -> None:
    one, two, between = (watched.tree / name for name in ("part1", "part2", "between"))
    for _ in range(21):
        one.rename(between)
        two.rename(one)
        between.rename(two)
    watched.check()
    watched.write("part1/late.py", "after_the_swap")
    watched.check()


def test_deep_folders_that_come_all_at_once(watched: Watched) -> None:
    for number in range(30):
        watched.write(f"deep{number}/a/b/c/d{number}.py", f"deep_{number}")
    watched.check()
    watched.write("deep7/a/b/c/late.py", "late_and_deep")
    assert watched.check()["watch_problem"] is None


def test_editors_save_in_their_own_ways(watched: Watched) -> None:
    file = watched.tree / "part0" / "file0.py"
    for number in range(6):
        temporary = file.with_suffix(".tmp")
        temporary.write_text(source(f"atomic_{number}"))
        temporary.replace(file)
        watched.check()
        backup = file.with_name("file0.py~")
        file.rename(backup)
        file.write_text(source(f"with_backup_{number}"))
        backup.unlink()
        watched.check()
    assert watched.first("with_backup_5") == "with_backup_5"


def test_build_that_writes_thousands_of_ignored_files_causes_no_work(watched: Watched, files: int) -> None:
    before = watched.wait_for("ready")
    generation = watched.search("first_1")["generation"]
    output = watched.tree / "build" / "objects"
    output.mkdir(parents=True)
    for number in range(IGNORED_EACH * files):
        (output / f"{number}.py").write_text("def ignored(): pass\n")
    after = watched.check()
    assert watched.search("first_1")["generation"] == generation
    # The folder's coming was seen, once or twice; none of its files was.
    assert after["revision"] - before["revision"] < 10


def test_rules_that_change_count_at_once(watched: Watched, files: int) -> None:
    (watched.tree / ".gitignore").write_text("part[0-9]\n")
    assert watched.check()["files"] == files // 2
    watched.write("part1/.gitignore", "nothing")
    (watched.tree / "part11" / ".gitignore").write_text("file11.py\n")
    assert watched.check()["files"] == files // 2 - 1
    (watched.tree / ".gitignore").unlink()
    watched.check()
    # Folders that were left out so far are watched now.
    watched.write("part2/late.py", "no_longer_ignored")
    watched.check()
    assert watched.first("no_longer_ignored") == "no_longer_ignored"


def test_lost_events_are_made_up_for(fresh_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(fresh_home))
    with connect(places()) as client:
        watched = Watched(client, fresh_home, tmp_path / "tree")
        watched.write("start.py", "start")
        watched.check()
        watched.wait_for("ready")
        service = client.health()["pid"]
        os.kill(service, signal.SIGSTOP)
        try:
            # Each is three events, and the kernel's queue holds 16,384.
            for number in range(9000):
                (watched.tree / f"noise{number}.txt").write_text("x")
            for number in range(40):
                watched.write(f"lost{number % 4}/file{number}.py", f"lost_{number}")
            (watched.tree / "start.py").unlink()
        finally:
            os.kill(service, signal.SIGCONT)
        watched.check()
        assert watched.first("lost_39") == "lost_39"
        watched.write("lost3/late.py", "watched_again")
        watched.check()
