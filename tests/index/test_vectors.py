"""The graph and its fences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyroaring import BitMap64

from funcseek.index.errors import IndexDamaged
from funcseek.index.graph_links import Links
from funcseek.index.projection import fitted
from funcseek.index.vectors import (
    LARGE,
    LARGE_FROM,
    SMALL,
    SMALLEST_CAPACITY,
    Graph,
    Parameters,
    breadth_for,
    parameters_for,
)
from tests.index.vector_sets import exact, lean_rows, unit_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIMENSION = 32
ONE = unit_rows(1, DIMENSION)


def graph_of(rows: NDArray[np.float32]) -> Graph:
    graph = Graph(DIMENSION)
    graph.add(range(len(rows)), rows)
    return graph


def reloaded(graph: Graph, rows: NDArray[np.float32]) -> Graph:
    links = Links.unpacked(graph.links().packed())
    return Graph.restored(links, rows[links.labels])


def check(graph: Graph, rows: NDArray[np.float32], *, at_least: float = 0.99) -> None:
    """The graph proposes what exact search over its live labels finds, and no dead label."""
    alive = graph.labels - graph.dead
    queries = unit_rows(60, DIMENSION, seed=7)
    recalls = []
    for query in queries:
        near = graph.nearest(query, 10)
        assert alive.issuperset(BitMap64(near))
        recalls.append(len(exact(rows, alive, query).intersection(near)) / 10)
    assert np.mean(recalls) >= at_least
    assert min(recalls) >= 0.8


def test_nearest_agrees_with_exact_search() -> None:
    rows = unit_rows(3000, DIMENSION)
    check(graph_of(rows), rows)


def test_growing_past_the_capacity_keeps_every_label() -> None:
    rows = unit_rows(SMALLEST_CAPACITY + 500, DIMENSION)
    graph = graph_of(rows[:1000])
    graph.add(range(1000, len(rows)), rows[1000:])
    check(graph, rows)


def test_marked_label_is_not_proposed_until_it_is_back() -> None:
    rows = unit_rows(100, DIMENSION)
    graph = graph_of(rows)
    assert [graph.mark(7, alive=False), graph.mark(7, alive=False)] == [True, False]
    assert 7 not in graph.nearest(rows[7], 100)
    assert (graph.alive, set(graph.dead)) == (99, {7})
    assert graph.mark(7, alive=True)
    assert graph.nearest(rows[7], 1) == [7]


def test_mark_of_an_unknown_label_changes_nothing() -> None:
    assert not graph_of(unit_rows(3, DIMENSION)).mark(77, alive=False)


def test_more_neighbours_than_live_labels_is_no_error() -> None:
    graph = graph_of(unit_rows(100, DIMENSION))
    for label in range(3, 100):
        graph.mark(label, alive=False)
    assert sorted(graph.nearest(ONE[0], 50)) == [0, 1, 2]


def test_empty_graph_and_one_that_is_all_dead_propose_nothing() -> None:
    assert Graph(DIMENSION).nearest(ONE[0], 5) == []
    graph = graph_of(ONE)
    graph.mark(0, alive=False)
    assert graph.nearest(ONE[0], 5) == []


@pytest.mark.parametrize(
    "rows",
    [
        unit_rows(1, DIMENSION - 1),
        unit_rows(1, DIMENSION + 1),
        unit_rows(2, DIMENSION),
        np.zeros((1, DIMENSION), np.float32),
        2 * ONE,
        np.full((1, DIMENSION), np.nan, np.float32),
        np.full((1, DIMENSION), np.inf, np.float32),
    ],
    ids=["shorter", "longer", "too many", "zero", "long", "not a number", "infinite"],
)
def test_vectors_that_do_not_fit_are_refused(rows: NDArray[np.float32]) -> None:
    graph = graph_of(ONE)
    with pytest.raises(IndexDamaged):
        graph.add([1], rows)
    assert list(graph.labels) == [0]


@pytest.mark.parametrize(
    "query",
    [
        np.zeros(DIMENSION, np.float32),
        unit_rows(1, DIMENSION - 1)[0],
        unit_rows(1, DIMENSION + 1)[0],
        np.full(DIMENSION, np.nan, np.float32),
        ONE,
    ],
    ids=["zero", "shorter", "longer", "not a number", "a matrix"],
)
def test_query_that_does_not_fit_is_refused(query: NDArray[np.float32]) -> None:
    with pytest.raises(IndexDamaged):
        graph_of(ONE).nearest(query, 1)


@pytest.mark.parametrize("labels", [(5, 5), (0, 5)], ids=["within the batch", "in the graph"])
def test_label_that_comes_twice_is_refused(labels: tuple[int, int]) -> None:
    graph = graph_of(ONE)
    with pytest.raises(IndexDamaged, match="twice"):
        graph.add(labels, unit_rows(2, DIMENSION))
    assert len(graph) == 1


def test_restored_graph_proposes_what_the_live_one_does() -> None:
    rows = unit_rows(2500, DIMENSION)
    graph = graph_of(rows)
    for label in range(0, 2500, 5):
        graph.mark(label, alive=False)
    again = reloaded(graph, rows)
    assert (again.labels, again.dead, again.parameters) == (graph.labels, graph.dead, graph.parameters)
    for query in unit_rows(50, DIMENSION, seed=3):
        assert again.nearest(query, 20) == graph.nearest(query, 20)


def test_restored_graph_goes_on_growing_and_unmarking() -> None:
    rows = unit_rows(3000, DIMENSION)
    graph = graph_of(rows[:1500])
    graph.mark(4, alive=False)
    again = reloaded(graph, rows)
    again.add(range(1500, 3000), rows[1500:])
    again.mark(4, alive=True)
    check(again, rows)
    check(reloaded(again, rows), rows)


def test_graph_of_short_rows_proposes_the_nearest_and_comes_back_from_its_bytes() -> None:
    rows = lean_rows(3000, 256)
    moments = (rows.T @ rows).astype(float) / 2
    graph = Graph(256, projection=fitted(moments, moments))
    graph.add(range(2000), rows[:2000])
    graph.mark(5, alive=False)
    links = Links.unpacked(graph.links().packed())
    assert links.width < 128
    again = Graph.restored(links, links.rows(rows[links.labels]))
    assert again.kept_share == pytest.approx(graph.kept_share, abs=1e-3)
    for grown in (graph, again):
        grown.add(range(2000, 3000), rows[2000:])
        alive = grown.labels - grown.dead
        for query in lean_rows(60, 256, seed=7):
            near = grown.nearest(query, 100)
            assert alive.issuperset(BitMap64(near))
            assert len(exact(rows, alive, query).intersection(near)) >= 9


def test_parameters_of_a_saved_graph_are_its_own() -> None:
    rows = unit_rows(50, DIMENSION)
    graph = Graph(DIMENSION, parameters=Parameters(32, 200))
    graph.add(range(50), rows)
    assert reloaded(graph, rows).parameters == Parameters(32, 200)
    assert [parameters_for(LARGE_FROM - 1), parameters_for(LARGE_FROM)] == [SMALL, LARGE]


def test_larger_graph_is_searched_as_broadly_as_a_smaller_one_or_more() -> None:
    breadths = [breadth_for(count) for count in (0, 100_000, 500_000)]
    assert breadths == sorted(set(breadths))


def test_rows_of_other_labels_are_refused_when_a_graph_is_restored() -> None:
    links = graph_of(unit_rows(20, DIMENSION)).links()
    with pytest.raises(IndexDamaged):
        Graph.restored(links, unit_rows(19, DIMENSION))
    with pytest.raises(IndexDamaged):
        Graph.restored(links, unit_rows(20, DIMENSION + 1))
