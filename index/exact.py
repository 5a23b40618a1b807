"""Exact search: every vector compared. What small indexes use alone, and a large one for what its graph lacks yet.

Rows are float32 in one matrix, 1.5 kB each at 384 dimensions, so that a query is one product. Not safe for use from
two threads at once: the caller holds one guard around every call, as for the graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Up to so many vectors exact search is as fast as the graph and needs no build and no saved file. Medians of thread
# time for the 100 nearest, one core, exact against graph: of 384 dimensions 0.41 against 0.72 ms at 4,000 and 1.42
# against 1.17 at 8,000; of 1,024 dimensions 0.65 against 1.60 ms at 3,000 and 1.57 against 1.94 at 5,000.
SHORT_DIMENSION = 512
EXACT_SHORT = 7_000
EXACT_LONG = 5_000
SMALLEST_CAPACITY = 64
GROWTH = 1.5
# Rows are given back when no more than this share of the room is used: while a graph is built, those of thousands.
LEAST_USED = 0.25
# Stored vectors are unit vectors rounded to float16; one farther off is no vector of any model.
NORM_TOLERANCE = 0.01


def exact_up_to(dimension: int) -> int:
    """Return how many vectors of a dimension are searched faster without a graph than with one."""
    return EXACT_SHORT if dimension <= SHORT_DIMENSION else EXACT_LONG


def are_unit(rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say for each row whether it is finite and of length one."""
    with np.errstate(over="ignore", invalid="ignore"):
        norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    near: NDArray[np.bool_] = np.abs(norms - 1.0) <= NORM_TOLERANCE  # false for not-a-number
    return near


def checked_rows(labels: Sequence[int], rows: NDArray[np.float32], dimension: int) -> None:
    """Raise IndexDamaged unless there is one unit row of the dimension for each label, and no label twice."""
    if rows.shape != (len(labels), dimension) or not are_unit(rows).all():
        raise IndexDamaged(f"Vectors of shape {rows.shape} do not fit {len(labels)} labels of {dimension}.")
    if len(set(labels)) != len(labels):
        raise IndexDamaged("A label came twice in one batch of vectors.")


def checked_query(vector: NDArray[np.float32], dimension: int) -> None:
    """Raise IndexDamaged unless a query is one unit vector of the dimension."""
    if vector.shape != (dimension,) or not are_unit(vector[None]).all():
        raise IndexDamaged(f"A query of shape {vector.shape} does not fit vectors of dimension {dimension}.")


class Flat:
    """Unit vectors under integer labels, all of them alive."""

    def __init__(self, dimension: int) -> None:
        """Make an empty one."""
        self.dimension = dimension
        self._rows = np.empty((SMALLEST_CAPACITY, dimension), np.float32)
        self._labels = np.empty(SMALLEST_CAPACITY, np.int64)
        self._places: dict[int, int] = {}

    def __len__(self) -> int:
        """Return the number of labels."""
        return len(self._places)

    def __contains__(self, label: int) -> bool:
        """Say whether a label is here."""
        return label in self._places

    @property
    def room(self) -> int:
        """Rows that memory is held for."""
        return len(self._rows)

    @property
    def labels(self) -> list[int]:
        """Every label, in no order that means anything."""
        return list(self._places)

    def add(self, labels: Sequence[int], rows: NDArray[np.float32]) -> None:
        """Add labels that are not here yet, with rows of shape ``(len(labels), dimension)``."""
        checked_rows(labels, rows, self.dimension)
        count = len(self)
        self._make_room(count + len(labels))
        self._rows[count : count + len(labels)] = rows
        self._labels[count : count + len(labels)] = labels
        self._places.update((label, count + place) for place, label in enumerate(labels))

    def _make_room(self, needed: int) -> None:
        if needed > self.room:
            self._resize(int(needed * GROWTH))

    def _resize(self, capacity: int) -> None:
        held, rows = len(self), np.empty((capacity, self.dimension), np.float32)
        rows[:held] = self._rows[:held]
        self._rows, self._labels = rows, np.resize(self._labels, capacity)

    def remove(self, label: int) -> None:
        """Remove a label; one that is not here is no error. The last row takes its place."""
        place = self._places.pop(label, None)
        if place is None:
            return
        last = len(self)
        if place != last:
            moved = int(self._labels[last])
            self._rows[place] = self._rows[last]
            self._labels[place] = moved
            self._places[moved] = place
        if self.room > SMALLEST_CAPACITY and last < LEAST_USED * self.room:
            self._resize(max(SMALLEST_CAPACITY, int(last * GROWTH)))

    def newest(self, count: int) -> tuple[list[int], NDArray[np.float32]]:
        """Return up to ``count`` labels and a copy of their rows, those that are cheapest to remove."""
        start = max(0, len(self) - count)
        return self._labels[start : len(self)].tolist(), self._rows[start : len(self)].copy()

    def nearest(self, vector: NDArray[np.float32], count: int) -> list[int]:
        """Return the ``count`` labels nearest to a unit vector of shape ``(dimension,)``, nearest first."""
        checked_query(vector, self.dimension)
        found = len(self)
        return [int(self._labels[place]) for place in best(self._rows[:found] @ vector, count)]


def best(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Return the places of the ``count`` highest scores, highest first; equal ones in the order of their places."""
    places = np.arange(len(scores))
    if count < len(scores):
        places = np.sort(np.argpartition(-scores, count - 1)[:count]) if count else places[:0]
    return places[np.argsort(-scores[places], kind="stable")]
