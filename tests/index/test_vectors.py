"""The graph and its fences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.index.errors import IndexDamaged, StorageFailure
from funcseek.index.vectors import SMALLEST_CAPACITY, Graph

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

DIMENSION = 32


def unit_rows(count: int, *, seed: int = 0) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def graph_of(rows: NDArray[np.float32]) -> Graph:
    graph = Graph(DIMENSION)
    graph.add(range(len(rows)), rows)
    return graph


def test_nearest_agrees_with_exact_search() -> None:
    rows, queries = unit_rows(3000), unit_rows(50, seed=1)
    graph = graph_of(rows)
    recalls = [
        len(set(graph.nearest(query, 10)) & set(np.argsort(-(rows @ query))[:10].tolist())) / 10 for query in queries
    ]
    assert np.mean(recalls) >= 0.99


def test_growing_past_the_capacity_keeps_every_label() -> None:
    rows = unit_rows(SMALLEST_CAPACITY + 500)
    graph = graph_of(rows[:1000])
    graph.add(range(1000, len(rows)), rows[1000:])
    assert all(graph.nearest(rows[label], 1) == [label] for label in range(0, len(rows), 97))


def test_marked_label_is_not_proposed_until_it_is_back() -> None:
    rows = unit_rows(100)
    graph = graph_of(rows)
    graph.mark(7, alive=False)
    graph.mark(7, alive=False)
    assert 7 not in graph.nearest(rows[7], 100)
    assert (graph.alive, set(graph.dead)) == (99, {7})
    graph.mark(7, alive=True)
    assert graph.nearest(rows[7], 1) == [7]


def test_more_neighbours_than_labels_is_no_error() -> None:
    graph = graph_of(unit_rows(3))
    assert sorted(graph.nearest(unit_rows(1)[0], 50)) == [0, 1, 2]
    assert Graph(DIMENSION).nearest(unit_rows(1)[0], 5) == []


@pytest.mark.parametrize("rows", [np.zeros((1, 8), np.float32), np.full((1, DIMENSION), np.nan, np.float32)])
def test_vectors_that_do_not_fit_are_refused(rows: NDArray[np.float32]) -> None:
    with pytest.raises(IndexDamaged):
        Graph(DIMENSION).add([1], rows)


def test_short_query_is_refused() -> None:
    with pytest.raises(IndexDamaged):
        graph_of(unit_rows(3)).nearest(np.zeros(4, np.float32), 1)


def test_saved_graph_loads_with_its_marks(tmp_path: Path) -> None:
    rows = unit_rows(200)
    graph = graph_of(rows)
    graph.mark(3, alive=False)
    graph.save(tmp_path / "g")
    loaded = Graph.loaded(tmp_path / "g", DIMENSION, dead=set(graph.dead))
    assert (loaded.labels, loaded.dead) == (graph.labels, frozenset({3}))
    assert loaded.nearest(rows[5], 1) == [5]
    assert 3 not in loaded.nearest(rows[3], 199)


def test_save_to_a_full_disk_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(StorageFailure):
        graph_of(unit_rows(2000)).save(tmp_path / "full")
