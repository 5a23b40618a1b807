"""funcseek's own row: a real catalogue of functions with real words, and the vectors that are handed in."""

from __future__ import annotations

import contextlib
import statistics
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.timing import Row, anonymous_bytes, answers, seconds
from funcseek.index.catalogue import FileRecord, open_catalogue
from funcseek.index.entries import Entry, texts_of
from funcseek.index.generations import Shelf
from funcseek.index.keys import KEY_BYTES
from funcseek.index.live_graph import LiveGraph, Space
from funcseek.index.replacement import replace_file
from funcseek.index.retrieval import cosines
from funcseek.index.upkeep import Upkeep
from funcseek.index.vector_cache import keep_vectors, model_number, open_vector_cache
from funcseek.parsers import extract, language_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from funcseek.index.store import Database

FUNCTIONS_PER_FILE = 10
NEW_PER_SAVE = 2
SAVES = 60
NEAR = 100


class Root:
    """A root whose files hold numbered functions; the passage of a number has the row of that number."""

    def __init__(self, folder: Path, rows: NDArray[np.float32]) -> None:
        """Store all vectors and all files but the functions of the last saves."""
        self.folder = folder
        self.cache = open_vector_cache(folder / "vectors.db")
        self.catalogue = self.connection()
        self.space = Space(model_number(self.cache, "bench"), "bench", rows.shape[1])
        self._entries = list(_entries())
        for start in range(0, len(rows), 2_000):
            keyed = [(_digest(start + place), row) for place, row in enumerate(rows[start : start + 2_000])]
            keep_vectors(self.cache, self.space.model, keyed)
        for start in range(0, len(rows), 100 * FUNCTIONS_PER_FILE):
            with self.catalogue.transaction():
                for first in range(start, min(start + 100 * FUNCTIONS_PER_FILE, len(rows)), FUNCTIONS_PER_FILE):
                    self._put(first, range(first, min(first + FUNCTIONS_PER_FILE, len(rows))))

    def connection(self) -> Database:
        """Open another connection."""
        return open_catalogue(self.folder / "catalogue.db", self.folder / "vectors.db")

    def live_graph(self, catalogue: Database) -> tuple[LiveGraph, Upkeep]:
        """Open the graph as a start of the service does."""
        shelf = Shelf(self.folder / "graph", bytes(KEY_BYTES))
        live = LiveGraph(self.space, guard=contextlib.nullcontext())
        live.open(catalogue, shelf)
        return live, Upkeep(live, catalogue, shelf)

    def _put(self, file: int, numbers: range) -> None:
        entries = [
            Entry(entry.function, entry.text._replace(digest=_digest(number), windows=()))
            for number in numbers
            for entry in (self._entries[number % len(self._entries)],)
        ]
        record = FileRecord(f"package/module{file}.py", 1, 2, 3, 4, _digest(file), "python", None)
        replace_file(self.catalogue, record, entries, model=self.space.model)

    def save_file(self, number: int) -> None:
        """Commit one file as it is saved: eight of its functions stay, two get passages of other files."""
        with self.catalogue.transaction():
            self._put(0, range(NEW_PER_SAVE * number, NEW_PER_SAVE * number + FUNCTIONS_PER_FILE))

    def bytes_on_disk(self) -> int:
        """Count everything, after the write-ahead logs have been taken in."""
        for database in (self.catalogue, self.cache):
            database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


def _digest(number: int) -> bytes:
    return number.to_bytes(16, "big")


def _entries() -> Iterator[Entry]:
    python = language_named("python")
    assert python is not None
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[:60]:
        extraction = extract(path.read_bytes(), python)
        yield from map(Entry, extraction.functions, texts_of(extraction, path.name))


def measure_ours(name: str, rows: NDArray[np.float32], asked: NDArray[np.float32], *, folder: Path) -> list[Row]:
    """Measure everything the service does with one root's vectors."""
    root = Root(folder, rows)
    before = anonymous_bytes()
    began, began_cpu = time.perf_counter(), time.process_time()
    live, upkeep = root.live_graph(root.catalogue)
    while upkeep.step():
        pass
    row = {
        "": name,
        "build µs cpu": f"{(time.process_time() - began_cpu) / len(rows) * 1e6:.0f}",
        "build s": f"{time.perf_counter() - began:.1f}",
        "memory kB": f"{(anonymous_bytes() - before) / len(rows) / 1e3:.2f}",
        "disk kB": f"{root.bytes_on_disk() / len(rows) / 1e3:.2f}",
        "open ms": f"{1e3 * seconds(lambda: root.live_graph(root.catalogue)):.0f}",
    }
    reader = root.connection()
    first = int(reader.rows("SELECT MIN(label) FROM passage")[0][0])

    def nearest(query: NDArray[np.float32]) -> NDArray[np.int64]:
        with reader.snapshot():
            near = live.propose(reader, query, NEAR)
            assert near is not None
            scores = cosines(reader, root.space.model, near, query)
        best = sorted(scores, key=lambda label: -scores[label])[:10]
        return np.asarray(best, np.int64) - first

    return [row | answers(nearest, rows, asked) | _saves(root, live)]


def _saves(root: Root, live: LiveGraph) -> Row:
    """Commit a saved file, take it up in the writer's graph, and in that of a reader in another process."""
    connection = root.connection()
    follower, _ = root.live_graph(connection)
    names = ("commit ms", "follow ms", "catch-up ms")
    taken: dict[str, list[float]] = {name: [] for name in names}
    for number in range(SAVES):
        at = [time.perf_counter()]
        root.save_file(number)
        at.append(time.perf_counter())
        live.follow(root.catalogue)
        at.append(time.perf_counter())
        follower.follow(connection)
        at.append(time.perf_counter())
        for name, start, end in zip(names, at, at[1:], strict=False):
            taken[name].append(1e3 * (end - start))
    return {name: f"{statistics.median(values):.2f}" for name, values in taken.items()}
