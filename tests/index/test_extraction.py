"""Parsing in worker processes: a hostile file costs one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funcseek.index import workers
from funcseek.index.extraction import Job, Outcome, process
from funcseek.index.files import look, scan
from funcseek.index.workers import Pool
from tests.doubles import lay_out

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "".join(f"--- good{number}.py\ndef f{number}(): pass\n" for number in range(40))


def jobs(root: Path) -> list[Job]:
    return [Job(file) for file in scan(root)]


def run(root: Path) -> dict[str, Outcome]:
    pool = Pool(root, size=2)
    try:
        return {outcome.job.file.path: outcome for outcome in pool.run(jobs(root))}
    finally:
        pool.close()


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
