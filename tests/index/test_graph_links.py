"""Saved links: what was packed comes back, and nothing that could lead a walk astray does."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.index.errors import IndexDamaged
from funcseek.index.graph_links import Links
from funcseek.index.projection import Projection
from funcseek.index.vectors import Graph
from tests.index.vector_sets import unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT, DIMENSION = 1500, 8
ROWS = unit_rows(COUNT, DIMENSION)


def links_of(count: int = COUNT) -> Links:
    graph = Graph(DIMENSION)
    graph.add(range(10, 10 + count), ROWS[:count])
    graph.mark(12, alive=False)
    return graph.links()


LINKS = links_of()
PACKED = LINKS.packed()


def test_links_come_back_from_their_bytes() -> None:
    again = Links.unpacked(PACKED)
    assert again.packed() == PACKED
    # In which order they were added is the threads' own affair.
    assert again.labels[again.dead.nonzero()].tolist() == [12]


def test_saved_links_are_a_tenth_of_the_vectors_of_a_model() -> None:
    assert len(PACKED) / COUNT < 160  # a row of 384 float32 has 1,536


def first_upper(links: Links) -> int:
    """Return the place of a point that has a level above the ground, but not the top one."""
    return int(np.flatnonzero((links.levels == 1) & (np.arange(len(links.levels)) != links.entry))[0])


def with_target(links: Links, target: int) -> Links:
    upper = links.upper.copy()
    block = int(np.cumsum(links.levels, dtype=np.int64)[first_upper(links)]) - 1
    assert upper[block, 0] > 0
    upper[block, 1] = target
    return replace(links, upper=upper)


def ground_point(links: Links) -> int:
    return int(np.flatnonzero(links.levels == 0)[0])


@pytest.mark.parametrize(
    "damaged",
    [
        lambda links: replace(links, ground=np.where(np.arange(len(links.ground)) == 7, COUNT, links.ground)),
        lambda links: replace(links, entry=ground_point(links)),
        lambda links: replace(links, entry=COUNT + 5),
        lambda links: replace(links, top_level=links.top_level + 1),
        lambda links: replace(links, labels=np.zeros_like(links.labels)),
        lambda links: replace(links, counts=np.roll(links.counts, 1) + np.uint16(40)),
        lambda links: replace(links, levels=np.full_like(links.levels, 200)),
        lambda links: with_target(links, COUNT),
        lambda links: with_target(links, ground_point(links)),
        lambda links: replace(links, projection=Projection(np.ones((DIMENSION, 3), np.float32))),
    ],
    ids=["link past the end", "entry on the ground", "no entry", "level that is not there", "same label",
         "too many links", "too many levels", "upper link past the end", "upper link to the ground",
         "axes that are none"],
)  # fmt: skip
def test_links_that_lead_nowhere_are_refused(damaged: Callable[[Links], Links]) -> None:
    with pytest.raises(IndexDamaged):
        Links.unpacked(damaged(LINKS).packed())


@pytest.mark.parametrize(
    # The whole size differs from run to run, and must not be a test's name.
    "size",
    [0, 1, 30, 55, 56, pytest.param(len(PACKED) // 2, id="half"), pytest.param(len(PACKED) - 1, id="most")],
)
def test_truncated_bytes_are_refused(size: int) -> None:
    with pytest.raises(IndexDamaged):
        Links.unpacked(PACKED[:size])


def test_whatever_damage_passes_the_check_can_be_walked() -> None:
    """No keyed hash stands before this check here: whoever passes it must be searched without a crash."""
    chance = random.Random(4)
    passed = 0
    for _ in range(300):
        data = bytearray(PACKED)
        for _ in range(chance.choice([1, 1, 8])):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            graph = Graph.restored(Links.unpacked(bytes(data)), ROWS)
        except IndexDamaged:
            continue
        passed += 1
        for row in ROWS[:20]:
            graph.nearest(row, 10)
        graph.add([10**6], ROWS[:1])
    assert passed > 20
