"""Disks that fail at a random call: full, broken, out of descriptors, or cut off in the middle of a write.

Whatever happens, it is said in a sentence, and once the disk works the index is what a fresh one would be. 10 faults,
or as many as ``--faults`` says; each round prints its numbers.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.index import upkeep
from funcseek.index.code_index import CodeIndex, Home, search
from funcseek.index.errors import IndexDamaged
from funcseek.index.hits import Query
from funcseek.index.inspection import catalogue_fault, graph_fault, vectors_fault
from tests.index.faulty import COUNT, FAULTS, FINE, REFUSED, TORN
from tests.index.killed import EXACT_LABELS, FUNCTIONS, Tree, described, fill, names_on_disk, source

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN = "import sys; from tests.index.faulty import nursery; nursery(sys.argv[1:])"
HERE = Path(__file__).parent
# A fault passes after so many calls, or never.
PASSES_AFTER = (1, 3, 30, 1 << 30)
QUERIES = 8


class Nursery:
    """Runs an indexer under one fault after another."""

    def __init__(self, root: Path, home: Home, library: Path) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-c", RUN, str(root), str(home.folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"LD_PRELOAD": str(library)},
        )  # fmt: skip

    def run(self, kind: int, after: int = 0, calls: int = 0) -> tuple[int, dict[str, Any]]:
        """Return how an indexer ended under a fault, and what it told."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(json.dumps([kind, after, calls]) + "\n")
        self._program.stdin.flush()
        told: dict[str, Any] = {"calls": 0, "said": ""}
        while "ended" not in told:
            line = self._program.stdout.readline()
            assert line, "the nursery has died"
            told |= json.loads(line)
        return told["ended"], told

    def close(self) -> None:
        with self._program:
            pass


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "file0.py").write_text(source(range(120)))
    return tmp_path / "root"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def nursery(root: Path, home: Home, tmp_path: Path) -> Iterator[Nursery]:
    if sys.platform != "linux" or not (compiler := shutil.which("cc")):
        pytest.skip("faults are injected on Linux, by a library that a C compiler makes")
    library = tmp_path / "faults.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, HERE / "faults.c", "-ldl"], check=True)
    with contextlib.closing(Nursery(root, home, library)) as made:
        yield made


def check(root: Path, home: Home) -> None:
    """Check that the index is what a fresh one is: its functions, its answers, and the graph that it saves."""
    for _ in range(3):
        # As the service does: one that says that it is damaged is opened anew.
        with contextlib.suppress(IndexDamaged), CodeIndex(root, home, exact_labels=EXACT_LABELS) as index:
            fill(index)
            _check_answers(index, root)
            break
    else:
        pytest.fail("it stays damaged")
    assert (vectors_fault(home), catalogue_fault(home, root), graph_fault(home, root)) == (None, None, None)


def _check_answers(index: CodeIndex, root: Path) -> None:
    names = [name for listed in names_on_disk(root).values() for name in listed]
    counted = index.coverage()
    assert (counted.functions, counted.embedded) == (len(names), len(names))
    with contextlib.closing(index.reader()) as reader:
        for name in random.Random(len(names)).sample(sorted(set(names)), QUERIES):
            for text in (name, described(int(name[1:]))):
                assert search([(reader, "")], Query(text, limit=1)).hits[0].function.name == name
        gone = next(f"f{number}" for number in range(FUNCTIONS) if f"f{number}" not in names)
        assert all(hit.function.name != gone for hit in search([(reader, "")], Query(gone)).hits)


def test_faults_of_the_disk_lose_nothing_and_are_said(
    root: Path, home: Home, nursery: Nursery, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "CHANGES_PER_GENERATION", 60)
    monkeypatch.setattr(upkeep, "SHARE_PER_GENERATION", 0.0)
    ended, _ = nursery.run(COUNT)
    assert ended == FINE
    chance, injected, refused = random.Random(1), 0, 0
    tree = Tree(root, chance)
    for number in range(request.config.getoption("--faults")):
        for _ in range(3):
            tree.change()
        name, kind = list(FAULTS.items())[number % len(FAULTS)]
        after, calls = chance.choice((0, 2, 8, 30)) + chance.randrange(6), chance.choice(PASSES_AFTER)
        print(f"round {number}: {name} after {after} calls, for {calls}")
        ended, told = nursery.run(kind, after, calls)
        assert ended in (FINE, REFUSED, TORN), told["said"]
        assert "\n" not in told["said"]
        print(f"  {told['calls']} calls, ended with {ended}: {told['said']}")
        injected += told["calls"] > after or ended == TORN
        refused += ended in (REFUSED, TORN)
        check(root, home)
    print(f"{injected} faults injected, {refused} of them ended a run, {injected} survived")
    assert injected
    assert refused


@pytest.mark.parametrize("name", ["catalogue.db", "vectors.db", "extractions.db", "graph", "indexes"])
def test_file_that_a_backup_brought_back_is_followed_up(root: Path, home: Home, tmp_path: Path, name: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(upkeep, "CHANGES_PER_GENERATION", 60)
        patched.setattr(upkeep, "SHARE_PER_GENERATION", 0.0)
        check(root, home)
        path = home.folder / name
        if name in ("catalogue.db", "graph"):
            path = home.index_of(root) / name
        copy = shutil.copytree if path.is_dir() else shutil.copy2
        copy(path, tmp_path / "backup")
        tree = Tree(root, random.Random(5))
        for _ in range(3):
            for _ in range(4):
                tree.change()
            check(root, home)
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        copy(tmp_path / "backup", path)
        check(root, home)
