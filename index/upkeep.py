"""Background work on the live graph, in steps that keep nobody waiting: grow it, rebuild it, audit it, save it.

Belongs to the thread that follows the log. A rebuild fills a graph that nobody uses yet while the old one serves, and
is swapped in whole. Between two steps the caller takes up whatever was committed meanwhile.
"""

from __future__ import annotations

import logging
import random
import time
from typing import TYPE_CHECKING

import numpy as np

from .audit import audit
from .change_log import prune_changes
from .exact import Flat, exact_up_to
from .live_graph import fit_rows, in_steps
from .machine import give_memory_back, usable_cores
from .projection import LEAST_SHARE, SAMPLE_ROWS, fitted
from .vectors import LIBRARY, Graph, parameters_for

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from .generations import Shelf
    from .live_graph import LiveGraph
    from .projection import Projection
    from .store import Database

_logger = logging.getLogger(__name__)

# Marked labels cost time in every query and memory for ever; above this share of them the graph is built anew.
MOST_DEAD = 0.30
# Labels added in one step: at 100,000 labels 0.3 s of work on a busy machine, which all cores share.
LABELS_PER_STEP = 256
# Labels added under one hold of the guard, for each core: a search waits for some milliseconds at most. hnswlib begins
# threads only for more than four each.
LABELS_PER_CORE = 5
# A generation is due after so many changes, and after a share of what the last one holds: replaying a change at start
# costs some 10 µs, while a generation copies and writes the links of the whole graph.
CHANGES_PER_GENERATION = 5_000
SHARE_PER_GENERATION = 0.25
# Between two holds: without a pause this thread takes the guard again before one that waits for it has woken up.
PAUSE_SECONDS = 0.0002
# An index that needs no graph keeps this much of the log for readers in other processes.
KEPT_CHANGES = 10_000


class Upkeep:
    """Keeps one live graph fast, right and saved."""

    def __init__(self, live: LiveGraph, catalogue: Database, shelf: Shelf, *, exact_labels: int | None = None) -> None:
        """Prepare; up to ``exact_labels`` labels there is no graph, by default as many as was measured."""
        self._live = live
        self._catalogue = catalogue
        self._shelf = shelf
        self._exact_labels = exact_up_to(live.space.dimension) if exact_labels is None else exact_labels
        self._work: Iterator[None] | None = None
        self._fault: str | None = None

    @property
    def is_behind(self) -> bool:
        """Whether more vectors are compared exactly than in an index that needs no graph."""
        return len(self._live.flat) > self._exact_labels

    def step(self) -> bool:
        """Do the next piece of work; say whether there was any. Raises StorageFailure where a graph cannot be saved."""
        if self._work is None:
            self._work = self._all_work()
        try:
            next(self._work)
        except StopIteration:
            self._work = None
            return False
        except BaseException:
            self._work = None
            raise
        return True

    def _all_work(self) -> Iterator[None]:
        while True:
            if reason := self._reason_to_rebuild():
                _logger.info("Building the graph of %d labels anew: %s", self._live.alive, reason)
                yield from self._rebuild()
            elif self._live.graph is not None and len(self._live.flat) >= LABELS_PER_STEP:
                self._grow()
                yield
            elif self._is_generation_due():
                yield from self._save()
            else:
                self._shorten_log()
                return

    def _reason_to_rebuild(self) -> str | None:
        graph = self._live.graph
        if graph is None:
            return "there is none" if self._live.alive > self._exact_labels else None
        if self._fault:
            return self._fault
        if graph.dead_share > MOST_DEAD:
            return f"{len(graph.dead)} labels are dead"
        wanted, has = parameters_for(self._live.alive), graph.parameters
        # One that was built for more labels stays: a size that goes up and down must not cost a graph each time.
        if has.m != wanted.m or has.ef_construction < wanted.ef_construction:
            return "its size calls for other parameters"
        if graph.kept_share < LEAST_SHARE:
            return f"its axes keep {graph.kept_share:.2f} of its vectors"
        if self._live.library != LIBRARY:
            return f"{self._live.library} made it"
        return None

    def _rebuild(self) -> Iterator[None]:
        live, dimension = self._live, self._live.space.dimension
        self._fault = None
        graph: Graph | None = None
        if live.alive > self._exact_labels:
            labels = live.live_labels().to_array()
            projection = yield from self._projection(labels)
            graph = Graph(dimension, capacity=len(labels), projection=projection)
            for step in in_steps(labels, LABELS_PER_STEP):
                graph.add(*fit_rows(self._catalogue, live.space, step))
                yield
        flat = Flat(dimension)
        alive = live.live_labels()
        if graph is not None:
            for label in graph.labels - alive:
                graph.mark(label, alive=False)
        for step in in_steps((alive - graph.labels if graph else alive).to_array(), LABELS_PER_STEP):
            flat.add(*fit_rows(self._catalogue, live.space, step))
        live.replace(graph, flat, sequence=live.sequence)
        live.library, live.saved_at = LIBRARY, -1
        give_memory_back()

    def _projection(self, labels: Sequence[int]) -> Generator[None, None, Projection | None]:
        """Return the projection that suits the vectors of some labels, None for none."""
        space = self._live.space
        halves = np.zeros((2, space.dimension, space.dimension))
        sample = random.Random(len(labels)).sample(labels, min(SAMPLE_ROWS, len(labels)))  # noqa: S311 (no secret)
        for step in in_steps(sorted(sample), LABELS_PER_STEP):
            _, rows = fit_rows(self._catalogue, space, step)
            for half, some in zip(halves, (rows[::2], rows[1::2]), strict=True):
                half += some.T @ some
            yield
        return fitted(*halves)

    def _grow(self) -> bool:
        """Move some labels from exact search into the graph; say whether any are left."""
        live = self._live
        assert live.graph is not None  # noqa: S101 (the caller looked)
        hold = LABELS_PER_CORE * usable_cores()
        for _ in range(min(LABELS_PER_STEP, len(live.flat)) // hold + 1):
            with live.guard:
                labels, rows = live.flat.newest(hold)
                live.graph.add(labels, rows)
                for label in labels:
                    live.flat.remove(label)
            time.sleep(PAUSE_SECONDS)
        return len(live.flat) > 0

    def _is_generation_due(self) -> bool:
        live = self._live
        if live.graph is None or live.saved_at == live.sequence:
            return False
        due = max(CHANGES_PER_GENERATION, int(SHARE_PER_GENERATION * len(live.graph)))
        return live.saved_at < 0 or live.sequence - live.saved_at >= due

    def _save(self) -> Iterator[None]:
        live = self._live
        assert live.graph is not None  # noqa: S101 (the caller looked)
        sequence = live.sequence
        fault = yield from audit(live.graph, self._catalogue, live.space)
        if fault and live.sequence != sequence:
            # What was committed between two steps looks like a fault; the next audit tells.
            return
        if fault:
            self._distrust(fault)
            return
        while live.graph is not None and self._grow():
            yield
        if live.graph is None:
            return
        # In the same step as the last of them: where labels keep coming, more of them are there at the next.
        space = live.space
        self._shelf.publish(
            self._catalogue, live.graph.links(), sequence=live.sequence, model=space.identity, library=live.library
        )
        live.saved_at = live.sequence
        give_memory_back()

    def _distrust(self, fault: str) -> None:
        """Have a graph that failed its audit rebuilt; one that was just built gives way to exact search."""
        _logger.error("The graph failed its audit: %s", fault)
        if self._live.saved_at < 0:
            self._exact_labels = 2 * self._live.alive
        self._fault = fault

    def _shorten_log(self) -> None:
        if self._live.graph is None:
            prune_changes(self._catalogue, contained=self._live.sequence - KEPT_CHANGES)
