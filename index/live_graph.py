"""The vectors of one root, kept at a sequence number of the change log: most in a graph, the newest compared exactly.

One thread follows the log; others ask for proposals, each from its own snapshot of the catalogue. A snapshot may be a
few commits ahead of this state or behind it: the labels that changed in between are proposed as well, so that every
answer is that of its snapshot. Proposes labels and no more; the catalogue decides what is alive and what it scores.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pyroaring import BitMap64

from .catalogue import live_labels, vectors_of
from .change_log import changes_after, last_change, reaches_back
from .errors import IndexDamaged
from .exact import Flat, are_unit
from .machine import give_memory_back
from .vector_cache import as_rows
from .vectors import Graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from .generations import Shelf
    from .graph_links import Links
    from .store import Database

# Changes looked at in one go: some milliseconds, so that nobody waits long for the guard.
CHANGES_PER_STEP = 256
# Labels of the last changes are remembered for snapshots begun before them. A search lasts milliseconds, a thousand
# changes come every second at most; a snapshot older than this is answered by exact search.
REMEMBERED = 20_000
# More changes than this between a snapshot and this state are compared exactly instead of proposed one by one.
MOST_BETWEEN = 4_000
# Number and label of each, ascending: as tuples those that are remembered would be 3 MB.
_NO_CHANGES = np.empty((0, 2), np.int64)


class Space(NamedTuple):
    """Which vectors: the model's number in the cache, its identity, and the length of its vectors."""

    model: int
    identity: str
    dimension: int


class LiveGraph:
    """Labels with vectors of one space, those and only those that were alive at ``sequence``."""

    def __init__(self, space: Space, *, guard: contextlib.AbstractContextManager[object]) -> None:
        """Begin empty; ``guard`` is held around every use that another thread could meet."""
        self.space = space
        self.guard = guard
        self.graph: Graph | None = None
        self.flat = Flat(space.dimension)
        self.sequence = -1
        self.saved_at = -1
        self.library = ""
        self._recent = _NO_CHANGES
        self._remembers_after = -1

    def open(self, catalogue: Database, shelf: Shelf) -> None:
        """Take up the newest generation that can be trusted and all changes after it; without one, every vector."""
        if not self._restore(catalogue, shelf):
            self._fill(catalogue)
        self.follow(catalogue)
        give_memory_back()

    def _restore(self, catalogue: Database, shelf: Shelf) -> bool:
        """Take up the newest generation that is whole, whose vectors are there and whose changes are still logged."""
        for generation, links in shelf.verified(catalogue, model=self.space.identity, dimension=self.space.dimension):
            rows = stored_rows(catalogue, self.space, links)
            if rows is None or not reaches_back(catalogue, generation.sequence):
                continue
            with contextlib.suppress(IndexDamaged):
                graph = Graph.restored(links, rows)
                self.replace(graph, Flat(self.space.dimension), sequence=generation.sequence)
                self.saved_at, self.library = generation.sequence, generation.library
                return True
        return False

    def replace(self, graph: Graph | None, flat: Flat, *, sequence: int) -> None:
        """Go over to another graph at once."""
        with self.guard:
            self.graph, self.flat = graph, flat
            if sequence != self.sequence:
                self.sequence = self._remembers_after = sequence
                self._recent = _NO_CHANGES

    def _fill(self, catalogue: Database) -> None:
        """Read every live vector, for exact search until there is a graph."""
        sequence = last_change(catalogue)
        flat = Flat(self.space.dimension)
        for labels in in_steps(sorted(live_labels(catalogue))):
            fit, rows = fit_rows(catalogue, self.space, labels)
            flat.add(fit, rows)
        self.replace(None, flat, sequence=sequence)

    def follow(self, catalogue: Database) -> None:
        """Take up every change since ``sequence``. For the one thread that keeps this state."""
        if not reaches_back(catalogue, self.sequence):
            self._fill(catalogue)
        while changes := changes_after(catalogue, self.sequence, count=CHANGES_PER_STEP):
            labels = sorted({label for _, label in changes})
            values = dict(zip(*fit_rows(catalogue, self.space, labels), strict=True))
            with self.guard:
                self._take_up(labels, values)
                self._recent = np.concatenate((self._recent, np.asarray(changes, np.int64)))[-REMEMBERED:]
                if len(self._recent) == REMEMBERED:
                    self._remembers_after = int(self._recent[0, 0]) - 1
                self.sequence = changes[-1][0]

    def _take_up(self, labels: Sequence[int], values: dict[int, NDArray[np.float32]]) -> None:
        new = [label for label in values if label not in self.flat and not (self.graph and label in self.graph)]
        if new:
            self.flat.add(new, np.stack([values[label] for label in new]))
        for label in labels:
            if self.graph is not None:
                self.graph.mark(label, alive=label in values)
            if label not in values:
                self.flat.remove(label)

    @property
    def alive(self) -> int:
        """Number of labels that may be proposed."""
        return len(self.flat) + (self.graph.alive if self.graph else 0)

    def live_labels(self) -> BitMap64:
        """Return the labels that may be proposed. For the thread that keeps this state."""
        held = BitMap64(self.flat.labels)
        return held | (self.graph.labels - self.graph.dead) if self.graph else held

    def propose(self, catalogue: Database, vector: NDArray[np.float32], count: int) -> list[int] | None:
        """Return labels near a unit vector for the snapshot that ``catalogue`` is in; None asks for exact search."""
        seen = last_change(catalogue)
        with self.guard:
            between = self._between(seen)
            if between is None or self.sequence < 0:
                return None
            near = self.graph.nearest(vector, count) if self.graph else []
            if self.graph and not near and self.graph.alive:
                return None
            near += self.flat.nearest(vector, count)
            applied = self.sequence
        if seen > applied:
            later = changes_after(catalogue, applied, count=MOST_BETWEEN + 1)
            if not later or later[0][0] != applied + 1 or len(later) > MOST_BETWEEN:
                return None
            between = [label for _, label in later]
        return list(dict.fromkeys(near + between))

    def _between(self, seen: int) -> list[int] | None:
        """Return the labels of changes that a snapshot does not see yet, None where they are not remembered."""
        if seen >= self.sequence:
            return []
        if seen < self._remembers_after or self.sequence - seen > MOST_BETWEEN:
            return None
        first = int(np.searchsorted(self._recent[:, 0], seen, side="right"))
        labels: list[int] = self._recent[first:, 1].tolist()
        return labels


def in_steps(labels: Sequence[int], size: int = CHANGES_PER_STEP) -> Iterable[Sequence[int]]:
    """Cut labels into pieces of some milliseconds' work."""
    return (labels[start : start + size] for start in range(0, len(labels), size))


def fit_rows(catalogue: Database, space: Space, labels: Sequence[int]) -> tuple[list[int], NDArray[np.float32]]:
    """Return those labels that are alive with a usable vector, and their rows. Others are found by words only."""
    found = vectors_of(catalogue, space.model, labels)
    rows = as_rows([value for _, value in found if len(value) == 2 * space.dimension], space.dimension)
    whole = [label for label, value in found if len(value) == 2 * space.dimension]
    fit = are_unit(rows)
    return [label for label, is_fit in zip(whole, fit, strict=True) if is_fit], rows[fit]


def stored_rows(catalogue: Database, space: Space, links: Links) -> NDArray[np.float32] | None:
    """Return the rows of a saved graph's labels, alive or dead, in their order; None where one has no vector any more.

    Shape ``(n, links.width)``: never all vectors at once, which would take more memory than the graph.
    """
    rows = np.empty((len(links.labels), links.width), np.float32)
    order = np.argsort(links.labels)
    done = 0
    for step in in_steps(links.labels[order].tolist(), 4096):
        found = vectors_of(catalogue, space.model, step, dead_too=True)
        if len(found) != len(step) or any(len(value) != 2 * space.dimension for _, value in found):
            return None
        vectors = as_rows([value for _, value in sorted(found)], space.dimension)
        rows[order[done : done + len(step)]] = links.rows(vectors)
        done += len(step)
    return rows
