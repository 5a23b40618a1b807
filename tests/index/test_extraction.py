"""Parsing in worker processes: a hostile file costs one file."""

from __future__ import annotations

import multiprocessing
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from funcseek.index import workers
from funcseek.index.extraction import Job, Outcome, process
from funcseek.index.extraction_cache import keep_extractions, open_extraction_cache
from funcseek.index.files import look, scan
from funcseek.index.workers import Pool
from tests.doubles import lay_out

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "".join(f"--- good{number}.py\ndef f{number}(): pass\n" for number in range(40))


def jobs(root: Path) -> list[Job]:
    return [Job(file) for file in scan(root)]


def run(root: Path, cache: Path | None = None) -> dict[str, Outcome]:
    with closing(Pool(root, size=2, cache=cache)) as pool:
        return {outcome.job.file.path: outcome for outcome in pool.run(jobs(root))}


def names(outcome: Outcome) -> list[str]:
    return [function.name for function in outcome.functions or ()]


def test_every_file_comes_back_once_with_its_functions(tmp_path: Path) -> None:
    outcomes = run(lay_out(tmp_path, GOOD))
    assert {path: names(outcome) for path, outcome in outcomes.items()} == {
        f"good{number}.py": [f"f{number}"] for number in range(40)
    }


def test_memory_bomb_costs_one_file(tmp_path: Path) -> None:
    lay_out(tmp_path, GOOD)
    (tmp_path / "Bomb.java").write_text("a=>\n" * 30_000)
    outcomes = run(tmp_path)
    assert outcomes["Bomb.java"].problem is not None
    assert outcomes["Bomb.java"].digest != b""  # so that the same bytes are not tried again
    assert sum(len(names(outcome)) for outcome in outcomes.values()) == 40


def test_hanging_file_is_given_up_and_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "FILE_DEADLINE_SECONDS", 0.0)
    outcomes = run(lay_out(tmp_path, GOOD))
    assert len(outcomes) == 40
    assert {outcome.problem for outcome in outcomes.values()} <= {None, "took too long to parse"}
    assert any(outcome.problem for outcome in outcomes.values())


def test_urgent_file_comes_before_those_that_wait(tmp_path: Path) -> None:
    lay_out(tmp_path, GOOD)
    waiting = jobs(tmp_path)
    urgent = waiting.pop()
    with closing(Pool(tmp_path, size=1)) as pool:
        outcomes = pool.run(waiting)
        next(outcomes)
        pool.hurry([urgent])
        order = [outcome.job.file.path for outcome in outcomes]
    # Two batches were under way.
    assert order.index(urgent.file.path) < 2 * workers.BATCH_FILES
    assert len(order) == 39


def test_worn_worker_is_replaced_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "MOST_FILES", 1)
    outcomes = run(lay_out(tmp_path, GOOD))
    assert sum(len(names(outcome)) for outcome in outcomes.values()) == 40


def test_worn_worker_that_waited_is_replaced_when_the_next_file_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "MOST_FILES", 1)
    lay_out(tmp_path, GOOD)
    with closing(Pool(tmp_path, size=1)) as pool:
        for job in jobs(tmp_path)[:3]:
            assert [names(outcome) for outcome in pool.run([job])] == [[f"f{job.file.path[4:-3]}"]]


def test_wear_of_a_worker_is_its_own_and_not_its_parent_s(tmp_path: Path) -> None:
    lay_out(tmp_path, GOOD)
    ballast = bytearray(workers.MOST_MEMORY_BYTES)
    ballast[::4096] = b"x" * len(ballast[::4096])
    served_by = []
    with closing(Pool(tmp_path, size=1)) as pool:
        for job in jobs(tmp_path)[:2]:
            for _ in pool.run([job]):
                pass
            served_by.append([child.pid for child in multiprocessing.active_children()])
    assert served_by[0] == served_by[1]


def test_worker_hands_over_all_that_extraction_gives(tmp_path: Path) -> None:
    lay_out(tmp_path, GOOD)
    outcomes = run(tmp_path)
    for job in jobs(tmp_path):
        assert outcomes[job.file.path] == process(tmp_path, job)


def remember(root: Path, path: Path) -> None:
    """Run all jobs of a root and keep what the cache should."""
    with closing(open_extraction_cache(path)) as cache:
        keep_extractions(cache, [outcome.fresh for outcome in run(root, path).values() if outcome.fresh])


def test_same_content_elsewhere_is_not_parsed_again(tmp_path: Path) -> None:
    lay_out(tmp_path / "one", '--- a.py\n@cached\ndef f():\n    "Doc."\n    # Why.\n    g()\n')
    lay_out(tmp_path / "two", '--- other/b.py\n@cached\ndef f():\n    "Doc."\n    # Why.\n    g()\n')
    remember(tmp_path / "one", tmp_path / "cache.db")
    outcome = run(tmp_path / "two", tmp_path / "cache.db")["other/b.py"]
    assert outcome.fresh is None
    assert outcome == replace(process(tmp_path / "two", outcome.job), fresh=None)


def test_same_content_in_another_language_is_parsed(tmp_path: Path) -> None:
    lay_out(tmp_path / "one", "--- a.js\nfunction f() {}\n")
    lay_out(tmp_path / "two", "--- a.ts\nfunction f() {}\n")
    remember(tmp_path / "one", tmp_path / "cache.db")
    outcome = run(tmp_path / "two", tmp_path / "cache.db")["a.ts"]
    assert outcome.fresh is not None
    assert [function.language for function in outcome.functions or ()] == ["typescript"]


def test_content_that_killed_a_worker_is_not_tried_again_under_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path / "one", "--- a.py\ndef f(): pass\n")
    lay_out(tmp_path / "two", "--- b.py\ndef f(): pass\n")
    with monkeypatch.context() as patch:
        patch.setattr(workers, "FILE_DEADLINE_SECONDS", 0.0)
        remember(tmp_path / "one", tmp_path / "cache.db")
    outcome = run(tmp_path / "two", tmp_path / "cache.db")["b.py"]
    assert (outcome.fresh, outcome.functions, outcome.problem) == (None, (), "took too long to parse")


def test_damaged_cache_is_looked_past(tmp_path: Path) -> None:
    lay_out(tmp_path / "one", "--- a.py\ndef f(): pass\n")
    (tmp_path / "cache.db").write_bytes(b"no database at all" * 100)
    assert names(run(tmp_path / "one", tmp_path / "cache.db")["a.py"]) == ["f"]


def test_damaged_entry_of_the_cache_is_looked_past(tmp_path: Path) -> None:
    lay_out(tmp_path / "one", "--- a.py\ndef f(): pass\n")
    with closing(open_extraction_cache(tmp_path / "cache.db")) as cache:
        keys = [outcome.fresh[0] for outcome in run(tmp_path / "one").values() if outcome.fresh]
        keep_extractions(cache, [(key, b"rubbish") for key in keys])
    assert names(run(tmp_path / "one", tmp_path / "cache.db")["a.py"]) == ["f"]


def test_known_content_is_not_extracted_again(tmp_path: Path) -> None:
    lay_out(tmp_path, "--- a.py\ndef f(): pass\n")
    file = look(tmp_path, "a.py")
    assert file is not None
    first = process(tmp_path, Job(file))
    assert names(first) == ["f"]
    assert process(tmp_path, Job(file, first.digest)).functions is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\0" * 5000, "is binary"),
        (b"x=1;" * 10_000, "is minified"),
        (b"#" * (3 << 20), "is larger than"),
    ],
)
def test_file_that_is_no_source_says_why(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "a.py").write_bytes(content)
    file = look(tmp_path, "a.py")
    assert file is not None
    outcome = process(tmp_path, Job(file))
    assert problem in (outcome.problem or "")
    assert outcome.functions == ()


def test_file_that_vanished_is_gone(tmp_path: Path) -> None:
    lay_out(tmp_path, "--- a.py\ndef f(): pass\n")
    (job,) = jobs(tmp_path)
    (tmp_path / "a.py").unlink()
    assert process(tmp_path, job).is_gone


@pytest.mark.parametrize(
    "source", [b"def ok():\n    pass\n\ndef (:\n", b"\xff\xfe\xfd def", "def ü(): pass".encode("latin-1")]
)
def test_broken_or_undecodable_source_is_no_error(tmp_path: Path, source: bytes) -> None:
    (tmp_path / "a.py").write_bytes(source)
    (job,) = jobs(tmp_path)
    assert process(tmp_path, job).functions is not None


def test_what_an_abandoned_run_left_does_not_come_out_of_the_next(tmp_path: Path) -> None:
    root = lay_out(tmp_path, GOOD)
    every = jobs(root)
    with closing(Pool(root, size=2)) as pool:
        next(pool.run(every))
        pool.drop()
        assert [outcome.job.file.path for outcome in pool.run(every[:1])] == ["good0.py"]
