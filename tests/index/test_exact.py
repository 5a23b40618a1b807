"""Exact search: right, whatever was added and removed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcseek.index.errors import IndexDamaged
from funcseek.index.exact import SMALLEST_CAPACITY, Flat, exact_up_to
from tests.index.vector_sets import exact, unit_rows

DIMENSION = 8
ROWS = unit_rows(200, DIMENSION)
QUERY = unit_rows(1, DIMENSION, seed=5)[0]


@given(st.lists(st.integers(0, 199), max_size=300), st.integers(0, 30))
def test_answers_are_those_of_a_plain_comparison(toggled: list[int], count: int) -> None:
    flat = Flat(DIMENSION)
    model: set[int] = set()
    for label in toggled:
        if label in model:
            flat.remove(label)
            model.remove(label)
        else:
            flat.add([label], ROWS[[label]])
            model.add(label)
    assert set(flat.labels) == model
    assert set(flat.nearest(QUERY, count)) == exact(ROWS, sorted(model), QUERY, count)


def test_nearest_come_in_order() -> None:
    flat = Flat(DIMENSION)
    flat.add(range(200), ROWS)
    near = flat.nearest(QUERY, 20)
    assert (np.diff(ROWS[near] @ QUERY) <= 0).all()


def test_rows_and_queries_that_do_not_fit_are_refused() -> None:
    flat = Flat(DIMENSION)
    with pytest.raises(IndexDamaged):
        flat.add([1], np.zeros((1, DIMENSION), np.float32))
    with pytest.raises(IndexDamaged):
        flat.add([1, 1], ROWS[:2])
    with pytest.raises(IndexDamaged):
        flat.nearest(QUERY[:-1], 1)
    assert len(flat) == 0


def test_newest_are_handed_on_with_their_rows() -> None:
    flat = Flat(DIMENSION)
    flat.add(range(200), ROWS)
    labels, rows = flat.newest(30)
    assert labels == list(range(170, 200))
    assert (rows == ROWS[170:]).all()
    assert flat.newest(1000)[0] == list(range(200))


def test_room_of_rows_that_moved_into_a_graph_is_given_back() -> None:
    flat = Flat(DIMENSION)
    flat.add(range(200), ROWS)
    full = flat.room
    for label in range(200, 3, -1):
        flat.remove(label - 1)
    assert flat.labels == [0, 1, 2]
    assert flat.room == SMALLEST_CAPACITY < full
    assert set(flat.nearest(QUERY, 2)) == exact(ROWS, [0, 1, 2], QUERY, 2)


def test_fewer_long_vectors_are_searched_exactly_than_short_ones() -> None:
    assert exact_up_to(1024) < exact_up_to(384)
