"""Short rows: unit rows whose products are near those of the whole ones, or none where nothing is gained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.index.projection import (
    LEAST_DIMENSION,
    MOST_OF_DIMENSION,
    STEP,
    WANTED_SHARE,
    Projection,
    fitted,
    kept_shares,
)
from tests.index.vector_sets import lean_rows, unit_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIMENSION = 256
LEAN = lean_rows(2000, DIMENSION)


def projection_of(rows: NDArray[np.float32]) -> Projection | None:
    first, second = rows[::2].astype(float), rows[1::2].astype(float)
    return fitted(first.T @ first, second.T @ second)


def check(rows: NDArray[np.float32], *, others: NDArray[np.float32]) -> Projection:
    """Rows like those that a projection was found from become unit rows of the promised length and share."""
    projection = projection_of(rows)
    assert projection is not None
    assert projection.is_sound()
    assert projection.dimension == rows.shape[1]
    assert projection.width % STEP == 0
    assert projection.width <= MOST_OF_DIMENSION * projection.dimension
    short = projection.passages(others)
    assert short.shape == (len(others), projection.width)
    assert short.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(short, axis=1), 1, atol=1e-2)
    assert kept_shares(short).mean() >= WANTED_SHARE - 0.02
    return projection


def test_rows_that_lie_near_few_axes_become_short() -> None:
    projection = check(LEAN, others=lean_rows(500, DIMENSION, seed=5))
    assert projection.width <= DIMENSION // 4


def test_product_of_a_query_and_a_short_row_is_near_that_of_the_whole_ones() -> None:
    projection = check(LEAN, others=LEAN)
    queries = lean_rows(50, DIMENSION, seed=9)
    short = np.stack([projection.query(query) for query in queries])
    assert short.shape == (50, projection.width)
    assert np.abs(short @ projection.passages(LEAN).T - queries @ LEAN.T).max() < 0.1


@pytest.mark.parametrize(
    "rows",
    [
        unit_rows(2000, DIMENSION),
        lean_rows(2000, LEAST_DIMENSION - 1),
        unit_rows(60, DIMENSION),
        LEAN[:1],
        LEAN[:0],
    ],
    ids=["that differ everywhere", "that are short", "fewer than axes", "one", "none"],
)
def test_rows_that_gain_nothing_stay_whole(rows: NDArray[np.float32]) -> None:
    assert projection_of(rows) is None


@pytest.mark.parametrize("number", [np.nan, np.inf, 3e38, 1.5])
def test_axes_that_are_none_are_told(number: float) -> None:
    projection = check(LEAN, others=LEAN)
    assert not Projection(np.full_like(projection.axes, number)).is_sound()
    wrong = projection.axes.copy()
    wrong[3, 2] = number
    assert not Projection(wrong).is_sound()
