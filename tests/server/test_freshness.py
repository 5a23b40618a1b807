"""Answers that know how fresh they are: synchronisation, generations, hits checked against the disk, pauses, order."""

from __future__ import annotations

import os
import shutil
import threading
from typing import TYPE_CHECKING

import pytest

from funcseek.index.errors import QueryError, ServiceError
from funcseek.server.__main__ import main
from funcseek.server.client import Client, connect
from funcseek.server.places import HOME_VARIABLE, places
from tests.server.freshness import Watched, source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funcseek.index.installation import Installed


@pytest.fixture
def watched(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    with connect(places()) as client:
        made = Watched(client, home, tmp_path / "tree")
        made.write("a.py", "one")
        made.check()
        yield made


@pytest.fixture
def modelled(fresh_home: Path, minilm: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """A folder watched by a service that has the model."""
    monkeypatch.setenv(HOME_VARIABLE, str(fresh_home))
    shutil.copytree(minilm.folder, fresh_home / "models" / minilm.folder.name)
    with connect(places()) as client:
        yield Watched(client, fresh_home, tmp_path / "tree")


def test_synchronised_search_sees_every_earlier_save(watched: Watched) -> None:
    for number in range(20):
        watched.write("a.py", f"version_{number}")
        watched.sync()
        assert watched.first(f"version_{number}") == f"version_{number}"


def test_several_can_synchronise_at_once(watched: Watched) -> None:
    problems = []

    def save_and_search(writer: int) -> None:
        with Client(places()) as client:
            own = Watched(client, watched.home, watched.tree)
            for number in range(5):
                own.write(f"{writer}.py", f"by_{writer}_{number}")
                own.sync()
                if own.first(f"by_{writer}_{number}") != f"by_{writer}_{number}":
                    problems.append((writer, number))

    threads = [threading.Thread(target=save_and_search, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_synchronisation_that_takes_too_long_says_how_far_it_is(watched: Watched) -> None:
    for number in range(300):
        watched.write(f"many/{number}.py", *(f"f_{number}_{part}" for part in range(30)))
    with pytest.raises(ServiceError, match=r"still being read .* without --fresh"):
        watched.client.sync(str(watched.tree), wait_seconds=0.0)
    watched.check()


def test_generation_rises_with_each_change_and_with_nothing_else(watched: Watched) -> None:
    before = watched.search("one")["generation"]
    os.utime(watched.tree / "a.py")
    watched.sync()
    assert watched.search("one")["generation"] == before
    watched.write("a.py", "two")
    watched.sync()
    assert watched.search("one")["generation"] > before


def test_fresh_search_of_the_command_line_sees_the_last_save(
    watched: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    watched.write("a.py", "saved_just_now")
    assert main(["search", "saved_just_now", str(watched.tree), "--fresh", "--vimgrep"]) == 0
    assert "saved_just_now" in capsys.readouterr().out


def test_paused_root_goes_on_by_words_until_it_is_resumed(modelled: Watched) -> None:
    modelled.write("a.py", "one")
    assert main(["pause", str(modelled.tree)]) == 0
    state = modelled.wait_for("paused")
    assert (state["functions"], state["embedded"], state["is_paused"]) == (1, 0, True)
    modelled.write("b.py", "saved_while_paused")
    modelled.check()
    answer = modelled.search("saved_while_paused")
    assert answer["results"][0]["name"] == "saved_while_paused"
    assert "funcseek resume" in answer["notices"][-1]
    # It outlives the service.
    modelled.client.call("close", path=str(modelled.tree))
    assert modelled.wait_for("paused")["embedded"] == 0
    assert main(["resume", str(modelled.tree)]) == 0
    state = modelled.wait_for("ready")
    assert (state["functions"], state["embedded"], state["is_paused"]) == (2, 2, False)


def test_pause_of_all_holds_until_all_are_resumed(modelled: Watched, capsys: pytest.CaptureFixture[str]) -> None:
    modelled.write("a.py", "one")
    assert main(["pause", "--all"]) == 0
    modelled.wait_for("paused")
    assert main(["index", str(modelled.tree)]) == 0
    assert "paused" in capsys.readouterr().err
    assert main(["resume", str(modelled.tree)]) == 0
    assert "resume --all" in capsys.readouterr().out
    assert main(["resume", "--all"]) == 0
    assert modelled.wait_for("ready")["embedded"] == 1


def test_pause_must_say_which(watched: Watched) -> None:
    with pytest.raises(QueryError, match="is_paused"):
        watched.client.call("pause", path=str(watched.tree))


def test_embedding_tells_how_long_it_will_take(modelled: Watched) -> None:
    for number in range(40):
        modelled.write(f"{number}.py", *(f"task_{number}_{part}" for part in range(5)))
    state = modelled.client.open(str(modelled.tree))
    seen = []
    while state["phase"] != "ready":
        if state["phase"] == "embedding" and state["eta_seconds"]:
            seen.append((state["functions"] - state["embedded"]) / state["eta_seconds"])
        state = modelled.next(state)
    assert seen
    assert min(seen) > 0
    assert state["eta_seconds"] is None


def test_saved_file_is_found_by_meaning_before_what_waited_longer(modelled: Watched) -> None:
    for number in range(40):
        modelled.write(f"{number}.py", *(f"task_{number}_{part}" for part in range(10)))
    state = modelled.wait_for("embedding")
    modelled.write("late.py", "saved_last")
    modelled.sync()
    while "saved_last" not in embedded(modelled):
        assert state["embedded"] < state["functions"] - 100, "it was embedded in the order it was found"
        state = modelled.next(state)


def test_opened_file_is_found_by_meaning_before_what_waited_longer(modelled: Watched) -> None:
    for number in range(60):
        modelled.write(f"{number}.py", *(f"task_{number}_{part}" for part in range(10)))
    state = modelled.wait_for("embedding")
    # The order is that of urgency, the smallest first; all are alike, so this one's turn is late.
    last = max(range(60), key=lambda number: (len(str(number)), number))
    modelled.client.focus(str(modelled.tree / f"{last}.py"))
    while f"task_{last}_9" not in embedded(modelled):
        assert state["embedded"] < state["functions"] - 100, "it was embedded in the order it was found"
        state = modelled.next(state)


def embedded(watched: Watched) -> set[str]:
    """Return the names of the functions that have a vector."""
    from contextlib import closing

    from funcseek.index.catalogue import open_catalogue
    from funcseek.index.code_index import Home

    home = Home(watched.home)
    with closing(open_catalogue(home.index_of(watched.tree) / "catalogue.db", home.vector_cache)) as catalogue:
        rows = catalogue.rows(
            "SELECT name FROM function JOIN passage ON passage.label = function.label WHERE pending IS NULL"
        )
    return {name for (name,) in rows}


def test_hit_in_a_changed_file_is_marked_and_one_in_a_deleted_file_left_out(home: Path, watched: Watched) -> None:
    # What the service would have seen at once is shown to a reader that no service helps.
    from funcseek.index.code_index import CodeIndex, Home, search
    from funcseek.index.hits import Query

    tree = watched.tree.with_name("alone")
    tree.mkdir()
    for number in range(12):
        (tree / f"{number}.py").write_text(source(f"twin_{number}"))
    with CodeIndex(tree, Home(home)) as index:
        for _ in index.scan():
            pass
        reader = index.reader()
        hits = search([(reader, "")], Query("twin", 10)).hits
        assert (len(hits), any(hit.is_stale for hit in hits)) == (10, False)
        (tree / hits[0].path).write_text(source("twin_changed"))
        (tree / hits[1].path).unlink()
        answer = search([(reader, "")], Query("twin", 10))
        reader.close()
    # Others moved up: as many as were asked for, without the one that is gone.
    assert len(answer.hits) == 10
    assert [hit.path for hit in answer.hits if hit.is_stale] == [hits[0].path]
    assert hits[1].path not in {hit.path for hit in answer.hits}
    assert answer.outdated == {(tree, hits[0].path), (tree, hits[1].path)}
