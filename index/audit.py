"""Says whether a graph can be trusted to propose: live labels find themselves, queries what exact search finds.

Changes nothing, and reads in steps, so that whoever runs it can do something else in between.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

from .live_graph import fit_rows, in_steps
from .search import POOL

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from numpy.typing import NDArray

    from .live_graph import Space
    from .store import Database
    from .vectors import Graph

# One audit for each generation: with 0.3 % of the labels out of reach, as in-place updates leave them, every fifth one
# draws such a label. 32 queries place the mean recall within 0.02.
SELF_QUERIES = 64
EXACT_QUERIES = 32
NEAREST = 10
LEAST_RECALL = 0.9
# Scores closer than this are ties: which of two equal passages is named does not matter.
TIE = 1e-4
LABELS_PER_STEP = 2048


def audit(graph: Graph, catalogue: Database, space: Space) -> Generator[None, None, str | None]:
    """Yield between steps of some ten milliseconds; return what is wrong with the graph, None where nothing is."""
    alive = (graph.labels - graph.dead).to_array()
    sample = random.Random(len(alive)).sample(alive, min(SELF_QUERIES, len(alive)))  # noqa: S311 (no secret)
    labels, rows = fit_rows(catalogue, space, sample)
    if not labels:
        return None
    lost = 0
    for label, row in zip(labels, rows, strict=True):
        near = graph.nearest(row, POOL)
        lost += label not in near and not (_scores(catalogue, space, near, row) >= row @ row - TIE).any()
        yield
    if lost:
        return f"{lost} of {len(labels)} labels do not find themselves"
    queries = rows[:EXACT_QUERIES]
    least = yield from _least_scores(catalogue, space, alive, queries)
    found = []
    for query, bound in zip(queries, least, strict=True):
        scores = _scores(catalogue, space, graph.nearest(query, POOL), query)
        found.append(min(NEAREST, (scores >= bound - TIE).sum()))
        yield
    recall = float(np.mean(found)) / min(NEAREST, len(alive))
    return None if recall >= LEAST_RECALL else f"its recall is {recall:.2f}"


def _scores(
    catalogue: Database, space: Space, labels: Sequence[int], query: NDArray[np.float32]
) -> NDArray[np.float32]:
    scores: NDArray[np.float32] = fit_rows(catalogue, space, labels)[1] @ query
    return scores


def _least_scores(
    catalogue: Database, space: Space, alive: Sequence[int], queries: NDArray[np.float32]
) -> Generator[None, None, NDArray[np.float32]]:
    """Return for each query the score of the last that belongs to its nearest, by exact search over all labels."""
    best = np.empty((len(queries), 0), np.float32)
    for step in in_steps(alive, LABELS_PER_STEP):
        best = np.hstack([best, queries @ fit_rows(catalogue, space, step)[1].T])
        best = -np.partition(-best, min(NEAREST, best.shape[1]) - 1)[:, :NEAREST]
        yield
    least: NDArray[np.float32] = best.min(axis=1)
    return least
