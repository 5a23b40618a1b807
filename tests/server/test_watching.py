"""The parts of watching one by one: touches, cookies, both sources of events, file systems, paces, batteries."""

from __future__ import annotations

import logging
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from funcseek.index.changes import EVERYTHING, Burst
from funcseek.index.mounts import silent_file_system
from funcseek.server.pace import JUMP_SECONDS, POLLED, SCAN_SHARE, WATCHED, Clocks
from funcseek.server.throttle import Questions, is_busy, is_on_battery
from funcseek.server.touches import MOST_PATHS, Touches
from funcseek.server.watcher import FolderEvents, TreeEvents
from funcseek.server.watching import Watcher
from tests.doubles import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funcseek.server.watcher import Events

PATIENCE_SECONDS = 20.0


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "root", "--- a/b.py\n--- c.py\n--- ignored/d.py\n--- .git/HEAD\n--- .git/objects/ab/cd\n")


@pytest.fixture
def touches(root: Path) -> Touches:
    return Touches(str(root))


@pytest.fixture
def watcher(root: Path, tmp_path: Path, touches: Touches) -> Iterator[Watcher]:
    made = Watcher(root, tmp_path / "cookies", touches)
    made.start()
    for folder in ("", "a", ".git"):
        made.enter(folder)
    yield made
    made.stop()


def check(watcher: Watcher, touches: Touches) -> Burst:
    """Return what was touched up to now."""
    cookie = watcher.cookie()
    assert touches.is_seen(cookie, timeout_seconds=PATIENCE_SECONDS)
    taken = touches.take(settle=True)
    assert taken is not None
    assert taken.cookie == cookie
    return taken.burst


def test_cookie_comes_after_everything_that_was_done_before_it(root: Path, watcher: Watcher, touches: Touches) -> None:
    for number in range(300):
        (root / "a" / "b.py").write_text(str(number))
        (root / f"{number}.py").write_text("")
    assert len(check(watcher, touches).paths) == 301
    (root / "c.py").rename(root.parent / "outside.py")
    assert check(watcher, touches) == Burst(("c.py",))


def test_folders_that_were_not_entered_are_silent(root: Path, watcher: Watcher, touches: Touches) -> None:
    (root / "ignored" / "d.py").write_text("changed")
    (root / ".git" / "objects" / "ab" / "ef").write_text("")
    (root / ".git" / "index.lock").write_text("")
    assert not check(watcher, touches)
    (root / ".git" / "index.lock").rename(root / ".git" / "index")
    assert check(watcher, touches) == EVERYTHING


def test_folder_moved_away_is_silent_and_back_is_told(root: Path, watcher: Watcher, touches: Touches) -> None:
    outside = root.parent / "outside"
    (root / "a").rename(outside)
    assert check(watcher, touches) == Burst((), ("a",))
    (outside / "b.py").write_text("changed there")
    assert not check(watcher, touches)
    outside.rename(root / "e")
    assert check(watcher, touches) == Burst((), ("e",))
    watcher.enter("e")
    (root / "e" / "b.py").write_text("changed here")
    assert check(watcher, touches) == Burst(("e/b.py",))


def test_folder_entered_under_its_new_path_before_the_old_one_is_left(
    root: Path, watcher: Watcher, touches: Touches
) -> None:
    for _ in range(50):
        (root / "a").rename(root / "e")
        watcher.enter("e")
        (root / "e").rename(root / "a")
        watcher.enter("a")
        check(watcher, touches)
        watcher.enter("a")
        (root / "a" / "b.py").write_text("changed")
        assert "a/b.py" in check(watcher, touches).paths


def test_root_that_is_replaced_is_lost(root: Path, watcher: Watcher, touches: Touches) -> None:
    assert not watcher.is_lost
    root.rename(root.with_name("away"))
    assert watcher.is_lost
    root.mkdir()
    assert watcher.is_lost
    assert check(watcher, touches) == EVERYTHING
    watcher.start()
    assert not watcher.is_lost


def test_watcher_whose_cookies_are_swept_away_is_found_out(tmp_path: Path, watcher: Watcher, touches: Touches) -> None:
    assert watcher.is_living(timeout_seconds=PATIENCE_SECONDS)
    shutil.rmtree(tmp_path / "cookies")
    assert not watcher.is_living(timeout_seconds=0.0)
    assert check(watcher, touches) == EVERYTHING
    watcher.start()
    assert watcher.is_living(timeout_seconds=PATIENCE_SECONDS)


def test_cookie_under_way_when_a_watcher_is_renewed_counts_as_seen(watcher: Watcher, touches: Touches) -> None:
    cookies = [touches.issue() for _ in range(3)]
    watcher.start()
    assert touches.is_seen(cookies[-1], timeout_seconds=0.0)


def test_polled_root_is_touched_by_every_cookie(root: Path, tmp_path: Path, touches: Touches) -> None:
    watcher = Watcher(root, tmp_path / "cookies", touches, is_polled=True)
    watcher.start()
    watcher.enter("")
    assert "--poll" in (watcher.problem or "")
    assert check(watcher, touches) == EVERYTHING


SOURCES = [TreeEvents, FolderEvents] if sys.platform == "linux" else [TreeEvents]


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_of_events_tells_the_same(source: type[Events], root: Path, tmp_path: Path) -> None:
    touches = Touches(str(root))
    (tmp_path / "cookies").mkdir()
    events = source(str(root), str(tmp_path / "cookies"), touches)  # type: ignore[call-arg]
    try:
        events.enter("")
        events.enter("a")
        (root / "a" / "b.py").write_text("changed")
        (root / "new").mkdir()
        cookie = touches.issue()
        (tmp_path / "cookies" / f"cookie-{cookie}").touch()
        assert touches.is_seen(cookie, timeout_seconds=PATIENCE_SECONDS)
        told: set[str] = set()
        while not told >= {"a/b.py", "new"}:
            assert touches.wait(timeout_seconds=PATIENCE_SECONDS)
            if taken := touches.take(settle=True):
                told.update(taken.burst.paths, taken.burst.folders)
        assert events.is_alive
    finally:
        events.stop()
    assert not events.is_alive


def test_warning_of_watchdogs_counts_as_lost_events(root: Path, tmp_path: Path, touches: Touches) -> None:
    (tmp_path / "cookies").mkdir()
    events = TreeEvents(str(root), str(tmp_path / "cookies"), touches)
    try:
        logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; events were lost")
        assert not events.is_alive
        taken = touches.take(settle=True)
        assert taken is not None
        assert taken.burst == EVERYTHING
    finally:
        events.stop()


def test_storm_of_paths_becomes_everything(touches: Touches) -> None:
    for number in range(MOST_PATHS + 2):
        touches.touch(f"/elsewhere/{number}")
    taken = touches.take(settle=True)
    assert taken is not None
    assert taken.burst == EVERYTHING


TABLE = """\
22 1 0:20 / / rw,relatime - overlay overlay rw
30 22 0:30 / /home rw,relatime shared:1 - ext4 /dev/sda1 rw
31 30 0:31 / /home/me/far rw - nfs4 server:/far rw
32 30 0:32 / /home/me/with\\040space rw - fuse.sshfs far:/ rw
33 30 0:33 / /home/me/fuse rw - fuse /dev/fuse rw
34 31 0:34 / /home/me/far/near rw - ext4 /dev/sdb1 rw
garbage
"""


@pytest.mark.parametrize(
    ("root", "kind"),
    [
        ("/home/you", None), ("/home/me", "nfs4"), ("/home/me/far", "nfs4"), ("/home/me/far/x/y", "nfs4"),
        ("/home/me/far/near/x", None), ("/home/me/farther", None), ("/home/me/with space/x", "fuse.sshfs"),
        ("/home/me/fuse", None), ("/", "nfs4"),
    ],
)  # fmt: skip
def test_file_system_that_tells_nothing_is_known_by_its_mount(tmp_path: Path, root: str, kind: str | None) -> None:
    (tmp_path / "mountinfo").write_text(TABLE)
    assert silent_file_system(type(tmp_path)(root), mounts=tmp_path / "mountinfo") == kind


def test_file_systems_are_taken_for_telling_where_none_are_listed(tmp_path: Path) -> None:
    assert silent_file_system(tmp_path, mounts=tmp_path / "missing") is None


def test_pace_slows_down_while_nothing_is_found_and_never_costs_much() -> None:
    pace, waits = WATCHED, []
    for _ in range(6):
        pace = pace.after(found=False, cost_seconds=0.1)
        waits.append(pace.interval)
    assert waits == [30, 60, 120, 240, 300, 300]
    assert pace.after(found=True, cost_seconds=0.1).interval == 30
    assert POLLED.after(found=True, cost_seconds=0.01).interval == 1
    assert POLLED.after(found=True, cost_seconds=2.0).interval == 2.0 / SCAN_SHARE


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_suspend_or_a_clock_that_is_set_is_noticed_once(jump: float) -> None:
    clocks = Clocks(wall=1000.0, monotonic=10.0)
    assert clocks.jumped_by(1030.0, 40.0) < JUMP_SECONDS
    assert clocks.jumped_by(1060.0 + jump, 70.0) > JUMP_SECONDS
    assert clocks.jumped_by(1090.0 + jump, 100.0) < JUMP_SECONDS


@pytest.mark.parametrize(
    ("supplies", "expected"),
    [
        ("", False),
        ("--- AC/type\nMains\n--- AC/online\n1\n--- BAT0/type\nBattery\n--- BAT0/status\nDischarging\n", False),
        ("--- AC/type\nMains\n--- AC/online\n0\n--- BAT0/type\nBattery\n--- BAT0/status\nDischarging\n", True),
        ("--- BAT0/type\nBattery\n--- BAT0/status\nFull\n", False),
        ("--- m/type\nBattery\n--- m/scope\nDevice\n--- m/status\nDischarging\n", False),
    ],
)
def test_battery_is_known_by_its_supplies(tmp_path: Path, supplies: str, expected: bool) -> None:
    assert is_on_battery(lay_out(tmp_path, supplies)) is expected


def test_machine_is_busy_when_others_want_it_too() -> None:
    assert [is_busy(load, 2) for load in (0.0, 2.5, 4.0, 4.5)] == [False, False, False, True]


def test_embedding_lets_questions_pass_but_not_for_ever() -> None:
    questions = Questions()
    questions.let_pass(timeout_seconds=PATIENCE_SECONDS)
    with questions.asked():
        questions.let_pass(timeout_seconds=0.0)
