"""Saved states of the graph on disk: published whole, verified before they are used, never trusted.

A generation is one immutable file of links and one row of the catalogue: the file's size and keyed hash, what it must
hold, and the sequence number of the last change it contains. Two are kept, so that a damaged newest one costs the
changes since the one before it and no rebuild. The log is pruned up to what the oldest of them contains.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

from .change_log import prune_changes
from .errors import IndexDamaged, StorageFailure
from .graph_links import Links
from .keys import keyed_hash

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .store import Database

KEPT = 2
_SUFFIX = ".links"


@dataclass(frozen=True, slots=True)
class Generation:
    """One saved graph: its file, how to know it again, and what it contains.

    ``sequence``: exactly the changes up to this number. ``library``: the version of hnswlib that built it.
    """

    file: str
    size: int
    keyed_hash: str
    sequence: int
    model: str
    labels: int
    dimension: int
    m: int
    ef_construction: int
    library: str


_COLUMNS = ", ".join(field.name for field in fields(Generation))
_MARKS = ", ".join("?" * len(fields(Generation)))


def generations(catalogue: Database) -> list[Generation]:
    """Return the published generations, the newest first."""
    return [Generation(*row) for row in catalogue.rows(f"SELECT {_COLUMNS} FROM generation ORDER BY number DESC")]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the generations of one root lie, and the key they are known by."""

    folder: Path
    key: bytes

    def publish(self, catalogue: Database, links: Links, *, sequence: int, model: str, library: str) -> None:
        """Save links as the newest generation, forget all but two and what of the log nobody needs any more.

        The file is complete on the disk under its name before its row is committed; a kill in between leaves a file
        without a row, which ``sweep`` removes. Raises StorageFailure.
        """
        data = links.packed()
        name = f"{sequence}-{os.getpid()}-{_next_number(catalogue)}{_SUFFIX}"
        self._write(name, data)
        generation = Generation(
            name, len(data), keyed_hash(data, self.key), sequence, model,
            len(links.labels), links.dimension, links.m, links.ef_construction, library,
        )  # fmt: skip
        with catalogue.transaction():
            catalogue.rows(f"INSERT INTO generation ({_COLUMNS}) VALUES ({_MARKS})", astuple(generation))
            catalogue.rows(
                "DELETE FROM generation WHERE number NOT IN"
                " (SELECT number FROM generation ORDER BY number DESC LIMIT ?)",
                (KEPT,),
            )
            kept = generations(catalogue)
            prune_changes(catalogue, contained=min(one.sequence for one in kept))
        self.sweep(catalogue)

    def _write(self, name: str, data: bytes) -> None:
        target = self.folder / name
        unfinished = target.with_suffix(".unfinished")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
            _sync_folder(self.folder)
        except OSError as error:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise StorageFailure(f"The graph could not be saved in {self.folder}: {error.strerror}.") from error

    def verified(self, catalogue: Database, *, model: str, dimension: int) -> Iterator[tuple[Generation, Links]]:
        """Yield the generations of a model whose bytes are what was written, the newest first."""
        for generation in generations(catalogue):
            if (generation.model, generation.dimension) == (model, dimension):
                with contextlib.suppress(OSError, IndexDamaged):
                    yield generation, self._read(generation)

    def damaged(self, catalogue: Database) -> list[Generation]:
        """Return the published generations whose bytes are not what was written."""
        return [one for one in generations(catalogue) if not self._is_whole(one)]

    def _is_whole(self, generation: Generation) -> bool:
        try:
            self._read(generation)
        except (OSError, IndexDamaged):
            return False
        return True

    def clear(self, catalogue: Database) -> None:
        """Forget every generation; for the one writer only. Raises StorageFailure."""
        with catalogue.transaction():
            catalogue.rows("DELETE FROM generation")
        self.sweep(catalogue)

    def _read(self, generation: Generation) -> Links:
        path = self.folder / generation.file
        if path.stat().st_size != generation.size:
            raise IndexDamaged(f"{path} has another size than was written.")
        data = path.read_bytes()
        if keyed_hash(data, self.key) != generation.keyed_hash:
            raise IndexDamaged(f"{path} is not what was written.")
        links = Links.unpacked(data)
        found = len(links.labels), links.dimension, links.m, links.ef_construction
        if found != (generation.labels, generation.dimension, generation.m, generation.ef_construction):
            raise IndexDamaged(f"{path} holds another graph than its row says.")
        return links

    def sweep(self, catalogue: Database) -> None:
        """Remove files without a row, as a crash or an older generation leaves, and rows whose file is not there.

        For the one writer only. Raises StorageFailure.
        """
        known = {generation.file for generation in generations(catalogue)}
        there: set[str] = set()
        try:
            if self.folder.is_dir():
                there = {path.name for path in self.folder.iterdir()}
                for name in there - known:
                    (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise StorageFailure(f"Cannot tidy {self.folder}: {error.strerror}; make it writable for you.") from error
        # A backup brought back an older catalogue, or somebody tidied up.
        if gone := known - there:
            catalogue.many("DELETE FROM generation WHERE file = ?", [(name,) for name in sorted(gone)])


def _next_number(catalogue: Database) -> int:
    found = catalogue.rows("SELECT seq FROM sqlite_sequence WHERE name = 'generation'")
    return int(found[0][0]) + 1 if found else 1


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
