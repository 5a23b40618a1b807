"""Vectors for tests: clustered unit rows as stored, that is rounded to float16, and exact answers over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

CLUSTERS = 40


def unit_rows(count: int, dimension: int, *, seed: int = 0) -> NDArray[np.float32]:
    """Return rows around common centres, as texts about common topics are, exactly representable in float16."""
    centres = np.random.default_rng(0).standard_normal((CLUSTERS, dimension))
    chance = np.random.default_rng(seed + 1)
    rows = centres[chance.integers(0, CLUSTERS, count)] + 0.9 * chance.standard_normal((count, dimension))
    stored: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
    return stored.astype(np.float32)


def lean_rows(count: int, dimension: int, *, seed: int = 0, rank: int = 24) -> NDArray[np.float32]:
    """Return rows as `unit_rows` does that lie near a space of few dimensions, as those of a model do."""
    inside = np.linalg.qr(np.random.default_rng(0).standard_normal((dimension, rank)))[0]
    rows = unit_rows(count, rank, seed=seed) @ inside.T
    rows += 0.2 / np.sqrt(dimension) * np.random.default_rng(seed + 1).standard_normal(rows.shape)
    stored: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
    return stored.astype(np.float32)


def exact(rows: NDArray[np.float32], labels: Iterable[int], query: NDArray[np.float32], count: int = 10) -> set[int]:
    """Return the labels of the ``count`` rows nearest to a query, where a label is the number of its row."""
    chosen = np.fromiter(labels, np.int64)
    return set(chosen[np.argsort(-(rows[chosen] @ query), kind="stable")[:count]].tolist())
