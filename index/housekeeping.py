"""What indexes take on the disk, and how vectors that nobody uses any more are dropped. Never touches a user's source.

A vector is used while some root has a function for it under that root's model. One that nobody uses is kept for a
while, for the day its branch is back; what is dropped too early costs its embedding, nothing else.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .catalogue import ALIVE
from .errors import IndexFailure
from .vector_cache import open_vector_cache

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .home import Home
    from .store import Database

DAY_SECONDS = 86_400
# Longer than a branch is usually left alone.
UNUSED_DAYS = 30
# Beyond this, what has been unused for longest goes at once: some 4 million vectors of 384 dimensions.
MOST_VECTOR_BYTES = 4 << 30
# One transaction: others who write to the cache wait for it.
VECTORS_PER_DROP = 2_000


@dataclass(frozen=True, slots=True)
class Stored:
    """One index on the disk: its folder, and its root where the catalogue tells it."""

    folder: Path
    root: Path | None

    @property
    def is_gone(self) -> bool:
        """Whether its root is known and not there now."""
        return self.root is not None and not self.root.is_dir()


def disk_bytes(folder: Path) -> int:
    """Return what the files below a folder take."""
    return sum(_bytes_of(os.path.join(above, name)) for above, _, names in os.walk(folder) for name in names)


def cache_bytes(home: Home) -> int:
    """Return what the caches that all roots share take."""
    caches = (home.vector_cache, home.extraction_cache)
    return sum(_bytes_of(path) for cache in caches for path in home.folder.glob(f"{cache.name}*"))


def _bytes_of(path: str | Path) -> int:
    """Return what a file takes, which in a sparse one is less than its size."""
    try:
        return os.lstat(path).st_blocks * 512
    except OSError:
        return 0


def today() -> int:
    """Return the number of the day."""
    return int(time.time()) // DAY_SECONDS


def stored_indexes(home: Home) -> list[Stored]:
    """Return every index there is; raises IndexFailure where the vector cache cannot be opened."""
    with contextlib.closing(open_vector_cache(home.vector_cache)) as cache:
        return [Stored(path.parent, _root_of(home, path, cache)) for path in _catalogues(home)]


def _catalogues(home: Home) -> list[Path]:
    return sorted((home.folder / "indexes").glob("*/catalogue.db"))


def _root_of(home: Home, path: Path, cache: Database) -> Path | None:
    with contextlib.suppress(IndexFailure), _attached(cache, path):
        root = Path(cache.rows("SELECT value FROM other.setting WHERE name = 'root'")[0][0])
        # A path that is no text was not stored byte for byte.
        return root if home.index_of(root) == path.parent else None
    return None


@contextlib.contextmanager
def _attached(cache: Database, path: Path) -> Iterator[None]:
    cache.attach(path, "other")
    try:
        yield
    finally:
        cache.detach("other")


def drop_unused_vectors(
    home: Home, *, day: int, unused_days: int = UNUSED_DAYS, most_bytes: int = MOST_VECTOR_BYTES
) -> int:
    """Drop vectors unused for so many days, and those unused for longest while the cache is too large.

    ``day`` is today's number. Returns how many went. Raises IndexFailure, having dropped none, where an index cannot be
    read: it may use any of them.
    """
    with contextlib.closing(open_vector_cache(home.vector_cache)) as cache:
        _note_used(cache, _catalogues(home))
        with cache.transaction():
            cache.rows(f"DELETE FROM unused WHERE vector NOT IN (SELECT id FROM vector WHERE {_IS_UNUSED})")
            cache.rows(f"INSERT OR IGNORE INTO unused SELECT id, ? FROM vector WHERE {_IS_UNUSED}", (day,))
        old = cache.rows("SELECT COUNT(*) FROM unused WHERE day <= ?", (day - unused_days,))[0][0]
        return _drop(cache, max(old, _too_many(cache, most_bytes)))


_IS_UNUSED = (
    "NOT EXISTS (SELECT 1 FROM temp.used WHERE used.digest = vector.digest AND used.model IN ('', vector.model))"
)


def _note_used(cache: Database, catalogues: list[Path]) -> None:
    """Collect what every root has functions for; a root that never had a model may come to use any."""
    cache.rows("CREATE TEMP TABLE used (digest BLOB, model, PRIMARY KEY (digest, model)) WITHOUT ROWID")
    for path in catalogues:
        with _attached(cache, path):
            cache.rows(
                "INSERT OR IGNORE INTO used SELECT digest, COALESCE((SELECT id FROM model JOIN other.setting"
                " ON setting.name = 'model' AND model.identity = setting.value), '')"
                f" FROM other.passage WHERE {ALIVE}"
            )


def _too_many(cache: Database, most_bytes: int) -> int:
    """Return how many vectors fewer would make the cache small enough."""
    pages, free, size = (cache.rows(f"PRAGMA {name}")[0][0] for name in ("page_count", "freelist_count", "page_size"))
    taken = (pages - free) * size
    count = cache.rows("SELECT COUNT(*) FROM vector")[0][0]
    return -(-count * (taken - most_bytes) // taken) if taken > most_bytes else 0


def _drop(cache: Database, count: int) -> int:
    dropped = 0
    while dropped < count:
        with cache.transaction():
            gone = cache.rows(
                "DELETE FROM unused WHERE vector IN (SELECT vector FROM unused ORDER BY day, vector LIMIT ?)"
                " RETURNING vector",
                (min(VECTORS_PER_DROP, count - dropped),),
            )
            cache.many("DELETE FROM vector WHERE id = ?", gone)
        if not gone:
            break
        dropped += len(gone)
    return dropped
