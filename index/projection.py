"""Vectors made shorter for the graph, along the axes on which the vectors of a root differ most. Pure.

A graph only proposes, and what it proposes is scored by the whole vectors; so it may see them from an angle. The axes
are the principal ones, of the vectors as they are and not of their differences from the mean, because their products
are what counts. What an axis fewer would leave out of a passage becomes one more number, so that short rows are of
length one too; of a query it is nought, as if the two parts that are left out had nothing in common.

Of MiniLM 192 numbers are enough instead of 384. Among 170,508 passages of real code and for 732 questions and first
lines of documentation, the ten nearest were always among the 320 that are nearest by short rows: `bench.breadths`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Of the squared length of a passage, in the mean. Of the ten nearest of those 732 questions among 8,000, 20,000 and
# 170,508 passages 1.0000, .9997 and .9993 are among the 100 nearest by rows of this share, and at least nine of ten of
# each question; with .86 .9985, .9975 and .9907, and four of ten of one.
WANTED_SHARE = 0.92
# Functions of another kind than the axes were found for; below this it is time to look for others.
LEAST_SHARE = 0.89
# hnswlib's fastest loops take so many numbers at a time.
STEP = 16
# Shorter vectors, and those that can be made shorter by less, gain nothing that would be noticed.
LEAST_DIMENSION = 128
MOST_OF_DIMENSION = 0.75
# Rows that the axes are found from.
SAMPLE_ROWS = 10_000
# What float32 makes of products of unit rows.
_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class Projection:
    """Makes unit rows of ``width`` numbers of those of ``dimension``.

    ``axes`` are orthonormal columns, of shape ``(dimension, width - 1)``.
    """

    axes: NDArray[np.float32]

    @property
    def dimension(self) -> int:
        """Numbers of a whole row."""
        return int(self.axes.shape[0])

    @property
    def width(self) -> int:
        """Numbers of a short row."""
        return int(self.axes.shape[1]) + 1

    def is_sound(self) -> bool:
        """Say whether short rows of unit rows are unit rows: what comes from a file may be anything."""
        with np.errstate(all="ignore"):
            products = self.axes.T @ self.axes
        return bool((np.abs(products - np.eye(len(products), dtype=np.float32)) <= _TOLERANCE).all())

    def passages(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return short unit rows of shape ``(n, width)`` for unit rows of shape ``(n, dimension)``."""
        short = rows @ self.axes
        rest = np.sqrt(np.maximum(0.0, 1.0 - np.einsum("ij,ij->i", short, short)))
        return np.column_stack((short, rest)).astype(np.float32)

    def query(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the short form of a unit vector: its products with short rows are near those of the whole ones."""
        return np.append(vector @ self.axes, np.float32(0.0))


def width_of(dimension: int, projection: Projection | None) -> int:
    """Return how many numbers a graph holds of a vector of so many."""
    return projection.width if projection else dimension


def rows_of(vectors: NDArray[np.float32], projection: Projection | None) -> NDArray[np.float32]:
    """Return what a graph holds of passages' vectors of shape ``(n, dimension)``: short rows, or the vectors."""
    return projection.passages(vectors) if projection else vectors


def kept_shares(short: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return for each short row what share of the squared length of the whole one its axes keep."""
    return np.subtract(1.0, np.square(short[:, -1]), dtype=np.float32)


def fitted(moments: NDArray[np.float64], others: NDArray[np.float64]) -> Projection | None:
    """Return the projection for two halves of a sample of unit rows, each as its transposed product with itself.

    None where it would not make them shorter by much. How many axes are needed is seen on the half that they were not
    found from: few rows lie along axes of their own. Principal axes: Pearson, "On lines and planes of closest fit"
    (1901), here without taking off the mean.
    """
    dimension = len(moments)
    if dimension < LEAST_DIMENSION or not others.any():
        return None
    kept = np.cumsum(np.einsum("ij,ij->j", found := _axes(moments), others @ found)) / np.trace(others)
    # One number more for what is left out.
    width = -(-(int(np.searchsorted(kept, WANTED_SHARE)) + 2) // STEP) * STEP
    if width > MOST_OF_DIMENSION * dimension:
        return None
    return Projection(np.ascontiguousarray(_axes(moments + others)[:, : width - 1], np.float32))


def _axes(moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the principal axes as columns, the one along which rows lie most first."""
    axes: NDArray[np.float64] = np.linalg.eigh(moments).eigenvectors[:, ::-1]
    return axes
