"""The HNSW graph: proposes labels near a vector. The only importer of hnswlib, and the fence around its traps.

The graph is derived and disposable: the catalogue says which labels are alive, the vector cache what they score. Labels
are appended and marked, never replaced or updated in place, because both leave points that no query can reach.
Not safe for use from two threads at once: the caller holds one guard around every call.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import hnswlib
import numpy as np

from .errors import IndexDamaged, StorageFailure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

# Links per point and breadth while building; 100 for the latter measured worse recall at 100,000 points and more.
M = 16
EF_CONSTRUCTION = 200
# Below 160 the mean recall still looks fine while single queries find none of their ten nearest.
EF_SEARCH = 200
# Room for growth, so that resizing, which copies everything, is rare.
GROWTH = 1.5
SMALLEST_CAPACITY = 1024
SEED = 100


class Graph:
    """Unit vectors of one dimension under integer labels, each alive or marked dead."""

    def __init__(self, dimension: int, *, capacity: int = SMALLEST_CAPACITY) -> None:
        """Make an empty graph."""
        self.dimension = dimension
        self._labels: set[int] = set()
        self._dead: set[int] = set()
        self._index = hnswlib.Index(space="ip", dim=dimension)
        self._index.init_index(max(capacity, SMALLEST_CAPACITY), M=M, ef_construction=EF_CONSTRUCTION, random_seed=SEED)
        self._index.set_ef(EF_SEARCH)

    @classmethod
    def loaded(cls, path: Path, dimension: int, *, dead: set[int]) -> Graph:
        """Load what ``save`` wrote. The caller has verified the bytes: hnswlib crashes on damaged ones.

        ``dead`` names the labels that were marked when it was saved. Raises IndexDamaged where the file does not fit.
        """
        graph = cls(dimension)
        fresh = hnswlib.Index(space="ip", dim=dimension)
        try:
            fresh.load_index(str(path))
        except RuntimeError as error:
            raise IndexDamaged(f"{path} cannot be loaded ({error}); it is built anew.") from error
        fresh.set_ef(EF_SEARCH)  # load_index resets it to 10
        graph._index = fresh
        graph._dead = set(dead)
        graph._labels = {int(label) for label in fresh.get_ids_list()}
        return graph

    @property
    def alive(self) -> int:
        """Number of labels a query may return."""
        return len(self._labels) - len(self._dead)

    @property
    def dead(self) -> frozenset[int]:
        """Labels that are marked and still take space."""
        return frozenset(self._dead)

    @property
    def labels(self) -> frozenset[int]:
        """Every label in the graph, alive or dead."""
        return frozenset(self._labels)

    def __contains__(self, label: int) -> bool:
        """Say whether a label is in the graph, alive or dead."""
        return label in self._labels

    def add(self, labels: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Append labels that are not in the graph yet, with rows of shape ``(len(labels), dimension)``."""
        if vectors.shape != (len(labels), self.dimension) or not np.isfinite(vectors).all():
            raise IndexDamaged(f"Vectors of shape {vectors.shape} do not fit {len(labels)} labels of {self.dimension}.")
        if not labels:
            return
        self._make_room(len(labels))
        self._index.add_items(vectors, np.asarray(labels, np.uint64))
        self._labels.update(labels)

    def _make_room(self, count: int) -> None:
        needed = len(self._labels) + count
        if needed > self._index.get_max_elements():
            self._index.resize_index(int(needed * GROWTH))

    def mark(self, label: int, *, alive: bool) -> bool:
        """Show or hide a label of the graph, and say whether that changed it; unknown labels are no error."""
        if label not in self._labels or alive == (label not in self._dead):
            return False
        if alive:
            self._index.unmark_deleted(label)
            self._dead.discard(label)
        else:
            self._index.mark_deleted(label)
            self._dead.add(label)
        return True

    def nearest(self, vector: NDArray[np.float32], count: int) -> list[int]:
        """Return up to ``count`` live labels near a unit vector of shape ``(dimension,)``, nearest first.

        Returns fewer, even none, where hnswlib cannot fill the answer; the exact path serves then.
        """
        if vector.shape != (self.dimension,):
            raise IndexDamaged(f"A query of shape {vector.shape} does not fit a graph of dimension {self.dimension}.")
        wanted = min(count, self.alive)
        if wanted == 0:
            return []
        try:
            labels, _ = self._index.knn_query(vector, k=wanted, num_threads=1)
        except RuntimeError:  # fewer than ``wanted`` were reachable
            return []
        return [int(label) for label in labels[0]]

    def save(self, path: Path) -> int:
        """Write the graph and return its size in bytes; raises StorageFailure.

        hnswlib reports no write error, so the size is compared with the one it must have.
        """
        try:
            self._index.save_index(str(path))
            with open(path, "rb") as file:
                os.fsync(file.fileno())
            size = path.stat().st_size
        except (OSError, RuntimeError) as error:
            raise StorageFailure(f"The graph could not be saved at {path}: {error}.") from error
        if size != self._index.index_file_size():
            raise StorageFailure(f"The disk that holds {path} is full; free some space and it goes on by itself.")
        return int(size)
