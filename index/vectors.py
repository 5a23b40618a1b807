"""The HNSW graph: proposes labels near a vector. The only importer of hnswlib, and the fence around its traps.

The graph is derived and disposable: the catalogue says which labels are alive, the vector cache what they score. Labels
are appended and marked, never replaced or updated in place, because both leave points that no query can reach.
Not safe for use from two threads at once: the caller holds one guard around every call.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

import hnswlib
import numpy as np
from pyroaring import BitMap64

from .errors import IndexDamaged
from .exact import checked_query, checked_rows
from .graph_links import Layout, Links
from .machine import usable_cores
from .projection import kept_shares, rows_of, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .projection import Projection

LIBRARY = f"hnswlib {version('hnswlib')}"


class Parameters(NamedTuple):
    """Links of a point, breadth while building."""

    m: int
    ef_construction: int


# A breadth of 400 while building takes twice as long as one of 200, which makes the first index of 15,000 functions 5 %
# longer. In a graph of that size it finds .0006 more of the ten nearest, in a large one half of what is missed: see
# `EF_SEARCH`. More links are worth less: in a trial 32 of them with a breadth of 200, in as much time, missed more.
SMALL, LARGE = Parameters(16, 200), Parameters(16, 400)
LARGE_FROM = 30_000
# Breadths of a search, each from so many labels on. Recall@10 of 732 questions and first lines of documentation among
# 170,508 passages of real code, by `python -m bench.breadths`: in short rows built with a breadth of 200 a breadth of
# 320 finds .9893 of the ten nearest and 640 finds .9960, built with 400 they find .9944 and .9980, in 1.67 and 2.33 ms.
# (In whole vectors, built with 200, 320 finds .9915 in 2.14 ms.) Of 20,000 such passages 320 finds .9984. Among
# 500,000 made-up ones, by `python -m bench.index`, 960 finds .9985 and at least six of ten; in a trial 640 found .9950,
# and nothing at all for single questions.
EF_SEARCH = ((0, 320), (LARGE_FROM, 640), (300_000, 960))
# Of short rows so many times as many are proposed as are wanted, because their order is not that of the vectors.
OVERSAMPLING = 1.5
# Room for growth, so that resizing, which copies everything, is rare.
GROWTH = 1.5
SMALLEST_CAPACITY = 1024
SEED = 100


def parameters_for(count: int) -> Parameters:
    """Return the parameters to build a graph of so many labels with."""
    return LARGE if count >= LARGE_FROM else SMALL


def breadth_for(count: int) -> int:
    """Return the breadth to search a graph of so many labels with."""
    return max(breadth for least, breadth in EF_SEARCH if count >= least)


class Graph:
    """Unit vectors of one dimension under integer labels, each alive or marked dead.

    Where there is a ``projection``, the rows it makes of the vectors are held in their place.
    """

    def __init__(
        self,
        dimension: int,
        *,
        capacity: int = SMALLEST_CAPACITY,
        parameters: Parameters | None = None,
        projection: Projection | None = None,
    ) -> None:
        """Make an empty graph, with the parameters that suit its capacity where none are given."""
        self.dimension = dimension
        self.projection = projection
        self.parameters = parameters or parameters_for(capacity)
        # Bitmaps, because a set of 150,000 labels is 10 MB, and everybody who asks for them would get another.
        self._labels = BitMap64()
        self._dead = BitMap64()
        self._kept = 0.0
        self._index = hnswlib.Index(space="ip", dim=width_of(dimension, projection))
        m, ef_construction = self.parameters
        self._index.init_index(max(capacity, SMALLEST_CAPACITY), M=m, ef_construction=ef_construction, random_seed=SEED)

    @classmethod
    def restored(cls, links: Links, rows: NDArray[np.float32]) -> Graph:
        """Join links that ``graph_links`` has checked with the rows of their labels, shape ``(n, links.width)``.

        Goes through hnswlib's own pickling, into a fresh object: its file format has no checks, and an object whose
        load failed crashes at the next call. Raises IndexDamaged where the parts do not fit.
        """
        labels = links.labels.tolist()
        checked_rows(labels, rows, links.width)
        parameters = Parameters(links.m, links.ef_construction)
        graph = cls(links.dimension, parameters=parameters, projection=links.projection)
        fresh = hnswlib.Index.__new__(hnswlib.Index)
        try:
            fresh.__setstate__((_state(links, rows, like=graph._index.__getstate__()[0]),))
        except RuntimeError as error:
            raise IndexDamaged(f"The saved graph does not fit {LIBRARY} ({error}); it is built anew.") from error
        graph._index = fresh
        graph._labels = BitMap64(labels)
        graph._dead = BitMap64(links.labels[links.dead].tolist())
        graph._note_kept(rows)
        return graph

    def links(self) -> Links:
        """Return a copy of everything but the vectors. Copies the whole graph on the way, with Python held still."""
        state = self._index.__getstate__()[0]
        return Links.of(state, dimension=self.dimension, projection=self.projection)

    @property
    def alive(self) -> int:
        """Number of labels a query may return."""
        return len(self._labels) - len(self._dead)

    @property
    def dead(self) -> BitMap64:
        """Labels that are marked and still take space; a copy."""
        return self._dead.copy()

    @property
    def labels(self) -> BitMap64:
        """Every label in the graph, alive or dead; a copy."""
        return self._labels.copy()

    @property
    def dead_share(self) -> float:
        """Share of the labels that are marked."""
        return len(self._dead) / max(1, len(self._labels))

    @property
    def kept_share(self) -> float:
        """Mean share of a vector's squared length that its row keeps, over all labels."""
        return self._kept / len(self._labels) if self._labels and self.projection else 1.0

    def _note_kept(self, rows: NDArray[np.float32]) -> None:
        if self.projection:
            self._kept += float(kept_shares(rows).sum(dtype=np.float64))

    def __len__(self) -> int:
        """Return the number of labels, alive or dead."""
        return len(self._labels)

    def __contains__(self, label: int) -> bool:
        """Say whether a label is in the graph, alive or dead."""
        return label in self._labels

    def is_alive(self, label: int) -> bool:
        """Say whether a query may return a label."""
        return label in self._labels and label not in self._dead

    def add(self, labels: Sequence[int], rows: NDArray[np.float32]) -> None:
        """Append labels that are not in the graph yet, with rows of shape ``(len(labels), dimension)``."""
        checked_rows(labels, rows, self.dimension)
        if any(label in self._labels for label in labels):
            raise IndexDamaged("A label was added to the graph twice; in-place updates lose points.")
        if not labels:
            return
        self._make_room(len(labels))
        held = rows_of(rows, self.projection)
        self._index.add_items(held, np.asarray(labels, np.uint64), num_threads=usable_cores())
        self._labels.update(labels)
        self._note_kept(held)

    def _make_room(self, count: int) -> None:
        needed = len(self._labels) + count
        if needed > self._index.get_max_elements():
            self._index.resize_index(int(needed * GROWTH))

    def mark(self, label: int, *, alive: bool) -> bool:
        """Show or hide a label of the graph, and say whether that changed it; unknown labels are no error."""
        if label not in self._labels or alive == (label not in self._dead):
            return False
        if alive:
            self._index.unmark_deleted(label)
            self._dead.discard(label)
        else:
            self._index.mark_deleted(label)
            self._dead.add(label)
        return True

    def nearest(self, vector: NDArray[np.float32], count: int) -> list[int]:
        """Return ``count`` or more live labels near a unit vector of shape ``(dimension,)``, or all; nearest first.

        Nearest by what the graph holds of them: score the vectors. Returns none where hnswlib cannot fill the answer;
        the exact path serves then.
        """
        checked_query(vector, self.dimension)
        if self.projection:
            vector, count = self.projection.query(vector), int(OVERSAMPLING * count)
        wanted = min(count, self.alive)
        if wanted == 0:
            return []
        # Set at every query: a restored graph has another, and 10 where nobody ever set it.
        self._index.set_ef(max(wanted, breadth_for(len(self._labels))))
        try:
            labels, _ = self._index.knn_query(vector, k=wanted, num_threads=1)
        except RuntimeError:  # fewer than ``wanted`` were reachable
            return []
        return [int(label) for label in labels[0]]


def _state(links: Links, rows: NDArray[np.float32], *, like: dict[str, object]) -> dict[str, object]:
    """Return the pickled state of a graph, given that of an empty one with the same parameters."""
    count = len(links.labels)
    shape = Layout(links.width, links.m)
    return like | {
        "max_elements": max(int(count * GROWTH), SMALLEST_CAPACITY),
        "cur_element_count": count,
        "ep_added": True,
        "enterpoint_node": links.entry,
        "max_level": links.top_level,
        "has_deletions": bool(links.dead.any()),
        "label_lookup_external": links.labels,
        "label_lookup_internal": np.arange(count, dtype=np.uint32),
        "element_levels": links.levels.astype(np.int32),
        "data_level0": shape.joined(links, rows),
        "link_lists": links.upper.reshape(-1).view(np.int8),
    }
