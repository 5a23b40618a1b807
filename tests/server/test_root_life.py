"""Roots that go and come back, lie in one another, or are reached by a link: the index outlives all of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from funcseek.index.errors import RootGone
from funcseek.server.client import connect
from funcseek.server.places import HOME_VARIABLE, places
from tests.server.freshness import Watched, git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def watched(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    with connect(places()) as client:
        made = Watched(client, home, tmp_path / "tree")
        made.write("a.py", "one")
        made.write("folder/b.py", "two")
        made.check()
        yield made


def check_gone(watched: Watched, why: str) -> None:
    """See that a root that went away keeps its index, says so, and is the same once it is back."""
    before = watched.search("one")
    away = watched.tree.with_name("away")
    watched.tree.rename(away)
    if why == "empty":
        watched.tree.mkdir()
    state = watched.wait_for("gone")
    assert state["files"] == 2
    assert why in (state["problem"] or "")
    answer = watched.search("one")
    assert (answer["results"], answer["notices"][-1]) == ([], state["problem"])
    assert answer["coverage"]["functions"] == 2
    with pytest.raises(RootGone, match="its index is kept"):
        watched.sync()
    if why == "empty":
        watched.tree.rmdir()
    away.rename(watched.tree)
    watched.wait_for("ready")
    watched.check()
    # Nothing was read again, so nothing had been thrown away.
    assert watched.search("one")["generation"] == before["generation"]
    watched.write("folder/late.py", "after_its_return")
    watched.check()


def test_root_that_is_moved_away_and_back_keeps_its_index(watched: Watched) -> None:
    check_gone(watched, "is not there")


def test_empty_folder_in_place_of_a_root_is_not_taken_for_it(watched: Watched) -> None:
    check_gone(watched, "empty")


def test_folder_below_a_gone_root_is_answered_from_its_index(watched: Watched) -> None:
    watched.tree.rename(watched.tree.with_name("away"))
    watched.wait_for("gone")
    below = Watched(watched.client, watched.home, watched.tree / "folder")
    assert "is not there" in below.search("two")["notices"][-1]


def test_root_whose_files_were_all_deleted_is_empty_and_not_gone(watched: Watched) -> None:
    (watched.tree / "a.py").unlink()
    (watched.tree / "folder" / "b.py").unlink()
    (watched.tree / "folder").rmdir()
    assert watched.check()["files"] == 0


def test_root_that_was_replaced_by_another_is_read_anew(watched: Watched) -> None:
    watched.tree.rename(watched.tree.with_name("old"))
    watched.write("other.py", "three")
    watched.wait_for("ready")
    watched.check()
    assert watched.first("three") == "three"
    watched.write("late.py", "in_the_new_root")
    watched.check()


def test_root_inside_another_is_followed_by_both(watched: Watched) -> None:
    git(watched.tree, "init", "-q")
    inner = Watched(watched.client, watched.home, watched.tree / "folder" / "inner")
    inner.write("c.py", "three")
    git(inner.tree, "init", "-q")
    inner.check()
    watched.check()
    inner.write("deep/d.py", "four")
    assert [state["files"] for state in (inner.check(), watched.check())] == [2, 4]
    (inner.tree / "c.py").unlink()
    assert [state["files"] for state in (inner.check(), watched.check())] == [1, 3]


def test_root_that_is_a_link_is_the_folder_it_leads_to(watched: Watched) -> None:
    link = watched.tree.with_name("link")
    link.symlink_to(watched.tree)
    linked = Watched(watched.client, watched.home, link)
    (link / "a.py").write_text("def through_the_link(): pass\n")
    assert linked.sync()["root"] == str(watched.tree)
    assert linked.first("through_the_link") == "through_the_link"
    other = Watched(watched.client, watched.home, watched.tree.with_name("other"))
    other.write("c.py", "elsewhere")
    link.unlink()
    link.symlink_to(other.tree)
    assert linked.sync()["root"] == str(other.tree)
    assert linked.first("elsewhere") == "elsewhere"


def test_root_that_is_closed_again_and_again_is_opened_again_at_once(watched: Watched) -> None:
    def close_often() -> None:
        with connect(places()) as other:
            for _ in range(20):
                other.call("close", path=str(watched.tree))

    with ThreadPoolExecutor(1) as threads:
        closing = threads.submit(close_often)
        while not closing.done():
            assert watched.client.open(str(watched.tree))["phase"] != "failed"
    watched.check()
