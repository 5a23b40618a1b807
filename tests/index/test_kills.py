"""Writers killed at random moments and saved graphs damaged in between: nothing acknowledged is lost, no answer wrong.

60 kills, or as many as ``--kills`` says; each round prints its seed.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from funcseek.index import code_index
from funcseek.index.catalogue import ALIVE, open_catalogue
from funcseek.index.code_index import CodeIndex, Home, search
from funcseek.index.generations import Shelf, generations
from funcseek.index.hits import Query
from funcseek.index.keys import secret_key
from funcseek.index.live_graph import LiveGraph, Space
from funcseek.index.reader import open_reader
from funcseek.index.retrieval import cosines, nearest_exactly
from funcseek.index.search import POOL
from funcseek.index.vector_cache import known_model
from funcseek.parsers import Function
from tests.index.killed import (
    DIMENSION,
    EXACT_LABELS,
    FUNCTIONS,
    WordEmbedder,
    described,
    fill,
    names_on_disk,
    passage_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from funcseek.index.hits import Answer, Hit
    from funcseek.index.reader import Reader
    from funcseek.index.store import Database

# A kill comes this long after the start, or after one of so many acknowledgements and a moment more.
OPENING_SECONDS, MOMENT_SECONDS, MOST_ACKNOWLEDGED = 0.06, 0.02, 12
DAMAGED_ROUNDS = 0.4
QUERIES = 6
LIMIT = 10
# A graph may miss one of the hundred candidates, and with it changes the spread that all scores are measured in.
TIE = 0.02
# What is said and not seen for so long is a hang.
PATIENCE_SECONDS = 60.0
RUN = "import sys; from tests.index.killed import nursery; nursery(sys.argv[1:])"


class Acknowledged:
    """What the killed writers have said: the functions of each file, and the passages that were embedded."""

    def __init__(self) -> None:
        self.files: dict[str, list[str] | None] = {}
        self.embedded: set[str] = set()
        self.count = 0

    def take(self, told: dict[str, Any]) -> None:
        self.files.update(told.get("files", {}))
        self.embedded.update(told.get("embedded", ()))
        self.count += bool(told.keys() & {"files", "embedded", "saved"})


class Nursery:
    """Starts writers and kills them."""

    def __init__(self, root: Path, home: Home) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-c", RUN, str(root), str(home.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def run(self, seed: int, acknowledged: Acknowledged) -> None:
        """Start a writer, kill it at a random moment and take what it said until then."""
        chance = random.Random(seed)
        self._say(seed)
        process = self._told()["process"]
        patience, left = OPENING_SECONDS, 0
        if chance.random() < 0.8:
            patience, left = MOMENT_SECONDS, chance.randrange(1, MOST_ACKNOWLEDGED)
        told: dict[str, Any] = {}
        while left and "ended" not in told:
            told = self._told()
            acknowledged.take(told)
            left -= "opened" not in told
        deadline = time.monotonic() + chance.uniform(0, patience)
        while "ended" not in told and (wait := deadline - time.monotonic()) > 0 and self._has_more(wait):
            acknowledged.take(told := self._told())
        if "ended" not in told:
            os.kill(process, signal.SIGKILL)
        while "ended" not in told:
            acknowledged.take(told := self._told())
        assert told["ended"] == -signal.SIGKILL, "the writer ended by itself"

    def _say(self, seed: int) -> None:
        assert self._program.stdin is not None
        self._program.stdin.write(b"%d\n" % seed)
        self._program.stdin.flush()

    def _told(self) -> dict[str, Any]:
        assert self._has_more(PATIENCE_SECONDS), "nothing was said for too long"
        assert self._program.stdout is not None
        # Unbuffered, so that what waits is seen by `select`.
        line = b""
        while not line.endswith(b"\n"):
            byte = os.read(self._program.stdout.fileno(), 1)
            assert byte, "the nursery has died"
            line += byte
        told: dict[str, Any] = json.loads(line)
        return told

    def _has_more(self, seconds: float) -> bool:
        assert self._program.stdout is not None
        return bool(select.select([self._program.stdout], [], [], seconds)[0])

    def close(self) -> None:
        """End it; its pipes are closed."""
        with self._program:
            pass


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def nursery(root: Path, home: Home) -> Iterator[Nursery]:
    with contextlib.closing(Nursery(root, home)) as opened:
        yield opened


@contextlib.contextmanager
def catalogue_of(root: Path, home: Home) -> Iterator[Database]:
    with contextlib.closing(open_catalogue(home.catalogue_of(root), home.vector_cache)) as catalogue:
        yield catalogue


def damage(root: Path, home: Home, chance: random.Random) -> set[str]:
    """Truncate the saved graphs or flip a byte of each, of the newest or of all, and return their names."""
    with catalogue_of(root, home) as catalogue:
        saved = [home.graphs_of(root) / one.file for one in generations(catalogue)]
    chosen = saved[: chance.choice((1, 1, 2))]
    for path in chosen:
        data = bytearray(path.read_bytes())
        place = chance.randrange(len(data))
        if chance.random() < 0.5:
            del data[place:]
        else:
            data[place] ^= chance.randrange(1, 256)
        path.write_bytes(data)
    return {path.name for path in chosen}


def check_nothing_is_lost(root: Path, home: Home, acknowledged: Acknowledged) -> None:
    """Each file has the functions that were acknowledged last, or those on the disk: committed and then killed."""
    on_disk = names_on_disk(root)
    with catalogue_of(root, home) as catalogue:
        assert catalogue.is_sound()
        stored: dict[str, list[str]] = {path.decode(): [] for (path,) in catalogue.rows("SELECT path FROM file")}
        for path, name in catalogue.rows(
            "SELECT path, name FROM function JOIN file ON file.id = function.file ORDER BY start"
        ):
            stored[path.decode()].append(name)
    for path in stored.keys() | acknowledged.files.keys():
        assert stored.get(path) in (acknowledged.files.get(path), on_disk.get(path)), path


def check_graph(root: Path, home: Home, damaged: set[str], chance: random.Random) -> tuple[bool, list[float]]:
    """No damaged graph is taken up. Return whether one was, and the recall of some queries against exact search."""
    embedder = WordEmbedder()
    with catalogue_of(root, home) as catalogue:
        model = known_model(catalogue, embedder.identity)
        if model is None:
            return False, []
        shelf = Shelf(home.graphs_of(root), secret_key(home.key))
        verified = shelf.verified(catalogue, model=embedder.identity, dimension=DIMENSION)
        assert not damaged & {generation.file for generation, _ in verified}
        live = LiveGraph(Space(model, embedder.identity, DIMENSION), guard=contextlib.nullcontext())
        live.open(catalogue, shelf)
        vectors = [embedder.embed_query(question(chance)) for _ in range(QUERIES)]
        return live.graph is not None, [recall(catalogue, live, vector) for vector in vectors]


def recall(catalogue: Database, live: LiveGraph, vector: NDArray[np.float32]) -> float:
    """Propose as a search does; return the share of the nearest that are found, each of some equally near ones."""
    near = live.propose(catalogue, vector, POOL)
    assert near is not None
    # A kill between the cache's commit and the catalogue's leaves vectors that no graph was told of yet.
    settled = catalogue.rows(f"SELECT label FROM passage WHERE {ALIVE} AND pending IS NULL")
    labels = [label for (label,) in settled]
    exact = nearest_exactly(catalogue, live.space.model, labels, vector=vector, count=LIMIT)
    if not exact:
        return 1.0
    least = min(cosines(catalogue, live.space.model, exact, vector).values()) - 1e-6
    found = cosines(catalogue, live.space.model, near, vector).values()
    return min(1.0, sum(score >= least for score in found) / len(exact))


def question(chance: random.Random) -> str:
    return " ".join(chance.sample(described(chance.randrange(FUNCTIONS)).split(), 4))


def ask(reader: Reader, text: str) -> Answer:
    return search([(reader, "")], Query(text, limit=LIMIT))


def check_hits(root: Path, reader: Reader, chance: random.Random) -> None:
    """Whatever is found is on the disk at its place, or said to have changed."""
    for _ in range(QUERIES):
        for hit in ask(reader, question(chance)).hits:
            if not hit.is_stale:
                text = (root / hit.path).read_bytes()[hit.function.start : hit.function.end]
                assert text.startswith(b"def %s(" % hit.function.name.encode())
                assert hit.function.doc.encode() in text


def check_equals_a_fresh_one(
    root: Path, home: Home, acknowledged: Acknowledged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Brought up to date, the index holds and answers what a fresh one does, and embeds nothing a second time."""
    fresh_home = Home(home.folder.with_name("fresh"))
    with CodeIndex(root, fresh_home, exact_labels=10**6) as fresh:
        fill(fresh)
        with CodeIndex(root, home, exact_labels=EXACT_LABELS) as index:
            embedder = fill(index)
            assert not acknowledged.embedded.intersection(map(passage_key, embedder.embedded))
            assert index.coverage() == fresh.coverage()
            assert functions_of(root, home) == functions_of(root, fresh_home)
        # Words of functions that are gone count in BM25 until an opening finds too many of them and drops them.
        monkeypatch.setattr(code_index, "MOST_DEAD", 0.0)
        with CodeIndex(root, home, exact_labels=EXACT_LABELS) as index:
            assert not fill(index).embedded
            check_same_answers(index, fresh)


def functions_of(root: Path, home: Home) -> list[tuple[object, ...]]:
    fields = ", ".join(f"function.{field}" for field in Function._fields)
    with catalogue_of(root, home) as catalogue:
        return sorted(
            catalogue.rows(
                f"SELECT path, {fields}, pending, functions FROM function"
                " JOIN file ON file.id = file JOIN passage USING (label)"
            )
        )


def check_same_answers(index: CodeIndex, fresh: CodeIndex) -> None:
    chance = random.Random(0)
    with contextlib.closing(index.reader()) as ours, contextlib.closing(fresh.reader()) as theirs:
        for text in (question(chance) for _ in range(100)):
            found, expected = ask(ours, text).hits, ask(theirs, text).hits
            scores = [hit.score for hit in expected]
            assert [hit.score for hit in found] == pytest.approx(scores, abs=TIE)
            # What is as good as the last one may be cut off in one of them.
            least = min(scores) + 2 * TIE
            assert places(found, least=least) <= places(expected)
            assert places(expected, least=least) <= places(found)


def places(hits: Iterable[Hit], *, least: float = -math.inf) -> set[tuple[str, Function]]:
    return {(hit.path, hit.function) for hit in hits if hit.score >= least}


def test_nothing_acknowledged_is_lost_and_no_answer_is_wrong(
    root: Path, home: Home, nursery: Nursery, kills: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    acknowledged, seen = Acknowledged(), Counter[str]()
    recalls: list[float] = []
    seeds = random.SystemRandom().randrange(10**6)
    follower: Reader | None = None
    for seed in range(seeds, seeds + kills):
        print("seed", seed)
        nursery.run(seed, acknowledged)
        if not home.catalogue_of(root).exists():
            continue
        chance = random.Random(-seed)
        damaged = damage(root, home, chance) if chance.random() < DAMAGED_ROUNDS else set()
        check_nothing_is_lost(root, home, acknowledged)
        has_graph, some = check_graph(root, home, damaged, chance)
        seen["graphs"] += has_graph
        recalls += some
        seen["damaged"] += len(damaged)
        embedder = WordEmbedder()
        follower = follower or open_reader(root, home, embedder)
        check_hits(root, follower, chance)
        with contextlib.closing(open_reader(root, home, embedder)) as reader:
            check_hits(root, reader, chance)
        if chance.random() < 0.5:
            with CodeIndex(root, home, exact_labels=EXACT_LABELS) as index:
                index.adopt(embedder)
                index.save()
            check_nothing_is_lost(root, home, acknowledged)
    print(kills, "kills,", acknowledged.count, "acknowledged,", dict(seen), "recall", np.mean(recalls), min(recalls))
    if follower:
        follower.close()
    check_equals_a_fresh_one(root, home, acknowledged, monkeypatch)
    assert acknowledged.count > kills
    assert seen["graphs"] > kills // 10
    assert seen["damaged"] > 0
    assert np.mean(recalls) >= 0.995
    assert min(recalls) >= 0.8
