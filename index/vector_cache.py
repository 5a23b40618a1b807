"""Vectors by what was embedded: one database for all roots, branches and worktrees of a user.

A vector is found by (model identity, passage digest), so nothing is embedded twice. It is stored as float16, which
keeps exact recall at 0.999 of float32's in half the space. Holds no function and no path.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

from .errors import IndexDamaged
from .store import Database

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

# 1: model, vector. 2: unused.
FORMAT_VERSION = 2

# A damaged page costs so many vectors: one page holds a few, and each statement reads from the top of the tree.
ROWS_PER_COPY = 50
# A vector, its key and its entry in the index; no model has vectors this short.
LEAST_ROW_BYTES = 128

_UNUSED = "CREATE TABLE unused (vector INTEGER PRIMARY KEY, day INTEGER NOT NULL)"
UPGRADES = {1: _UNUSED}

# unused: vectors that no root had a function for when that was last looked at, and the day this was found first.
SCHEMA = f"""\
CREATE TABLE model (id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE);
CREATE TABLE vector (id INTEGER PRIMARY KEY, model INTEGER NOT NULL, digest BLOB NOT NULL, value BLOB NOT NULL);
CREATE UNIQUE INDEX vector_key ON vector (model, digest);
{_UNUSED}
"""


def open_vector_cache(path: Path) -> Database:
    """Open or create the cache; raises IndexFailure."""
    return Database(path, schema=SCHEMA, version=FORMAT_VERSION, upgrades=UPGRADES)


def model_number(cache: Database, identity: str) -> int:
    """Return the short number under which the vectors of a model are kept."""
    cache.rows("INSERT OR IGNORE INTO model (identity) VALUES (?)", (identity,))
    return int(cache.rows("SELECT id FROM model WHERE identity = ?", (identity,))[0][0])


def known_model(catalogue: Database, identity: str) -> int | None:
    """Return the number of a model in the cache that is attached to a catalogue, None where it has no vectors."""
    found = catalogue.rows("SELECT id FROM cache.model WHERE identity = ?", (identity,))
    return int(found[0][0]) if found else None


def keep_vectors(cache: Database, model: int, keyed: Sequence[tuple[bytes, NDArray[np.float32]]]) -> None:
    """Store one vector for each digest; a digest that is there already keeps its vector."""
    with cache.transaction():
        cache.many(
            "INSERT OR IGNORE INTO vector (model, digest, value) VALUES (?, ?, ?)",
            [(model, digest, vector.astype(np.float16).tobytes()) for digest, vector in keyed],
        )


def copy_readable(source: Database, target: Database) -> int:
    """Copy every vector that can be read out of a damaged cache into an empty one, and return how many those are."""
    with target.transaction():
        target.many("INSERT INTO model VALUES (?, ?)", source.rows("SELECT id, identity FROM model"))
        last = _highest_id(source)
        for first in range(0, last + 1, ROWS_PER_COPY):
            with contextlib.suppress(IndexDamaged):
                rows = source.rows(
                    "SELECT model, digest, value FROM vector NOT INDEXED WHERE id >= ? AND id < ?",
                    (first, first + ROWS_PER_COPY),
                )
                target.many("INSERT OR IGNORE INTO vector (model, digest, value) VALUES (?, ?, ?)", rows)
        return int(target.rows("SELECT COUNT(*) FROM vector")[0][0])


def _highest_id(cache: Database) -> int:
    try:
        return int(cache.rows("SELECT MAX(id) FROM vector")[0][0] or 0)
    except IndexDamaged:
        return cache.path.stat().st_size // LEAST_ROW_BYTES


def as_rows(values: Sequence[bytes], dimension: int) -> NDArray[np.float32]:
    """Return stored values as float32 rows of shape ``(len(values), dimension)``."""
    return np.frombuffer(b"".join(values), np.float16).reshape(-1, dimension).astype(np.float32)
