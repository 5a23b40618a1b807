"""Writers killed while they go over from one model to another and tidy the vectors: either model answers afterwards."""

from __future__ import annotations

import contextlib
import os
import random
import signal
from typing import TYPE_CHECKING

import pytest

from funcseek.index import upkeep
from funcseek.index.code_index import CodeIndex, Home, search
from funcseek.index.errors import IndexFailure
from funcseek.index.hits import Query
from funcseek.index.housekeeping import drop_unused_vectors
from funcseek.index.inspection import catalogue_fault, graph_fault, vectors_fault
from funcseek.index.vector_cache import open_vector_cache
from tests.index.killed import WordEmbedder, described, source

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS, EXACT_LABELS, MOST_STEPS = 160, 40, 40
MODELS = ("words", "other words")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    for start in range(0, FUNCTIONS, 40):
        (tmp_path / "root" / f"file{start}.py").write_text(source(range(start, start + 40)))
    return tmp_path / "root"


def embedder(name: str) -> WordEmbedder:
    made = WordEmbedder()
    made.identity = name
    return made


def switch_until_killed(root: Path, home: Home, chance: random.Random, told: int) -> None:
    """Go from model to model, embedding some of it or all, and tidy; write a byte after each step."""
    while True:
        with CodeIndex(root, home, exact_labels=EXACT_LABELS) as index:
            for _ in index.scan():
                pass
            for _ in range(4):
                index.adopt(embedder(chance.choice(MODELS)))
                os.write(told, b".")
                while index.embed(chance.choice((8, 32))) and chance.random() < 0.8:
                    os.write(told, b".")
                index.save()
                os.write(told, b".")
        drop_unused_vectors(home, day=10**6, unused_days=chance.choice((0, 30)))
        with contextlib.closing(open_vector_cache(home.vector_cache)) as cache, contextlib.suppress(IndexFailure):
            cache.compact()
        os.write(told, b".")


def kill_one(root: Path, home: Home, chance: random.Random) -> None:
    """Kill a writer after some of its steps, or a moment later."""
    reading, writing = os.pipe()
    if not (writer := os.fork()):
        try:
            switch_until_killed(root, home, random.Random(chance.random()), writing)
        finally:
            os._exit(1)
    os.close(writing)
    left = chance.randrange(1, MOST_STEPS)
    while left:
        steps = os.read(reading, left)
        assert steps, "the writer ended by itself"
        left -= len(steps)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    os.close(reading)


def check(root: Path, home: Home, name: str) -> None:
    """Check that nothing is damaged, and that a model finds every function once it has embedded what it lacks."""
    assert (vectors_fault(home), catalogue_fault(home, root), graph_fault(home, root)) == (None, None, None)
    with CodeIndex(root, home, exact_labels=EXACT_LABELS) as index:
        index.adopt(embedder(name))
        for _ in index.scan():
            pass
        while index.embed():
            pass
        counted = index.coverage()
        assert (counted.functions, counted.embedded) == (FUNCTIONS, FUNCTIONS)
        with contextlib.closing(index.reader()) as reader:
            for number in range(0, FUNCTIONS, 23):
                answer = search([(reader, "")], Query(described(number), limit=1))
                assert (answer.hits[0].function.name, answer.model) == (f"f{number}", "hashing")


def test_kill_while_models_are_switched_leaves_either_right(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(upkeep, "CHANGES_PER_GENERATION", 30)
    monkeypatch.setattr(upkeep, "SHARE_PER_GENERATION", 0.0)
    home, chance = Home(tmp_path / "home"), random.Random(2)
    for _ in range(request.config.getoption("--kills") // 20):
        kill_one(root, home, chance)
        check(root, home, chance.choice(MODELS))
