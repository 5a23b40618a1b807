"""What a saved graph consists of: the links between labels and the axes of its short rows, as checked bytes. Pure.

The vectors lie in the vector cache already; kept a second time, and twice for two generations, they would take five
times the space of everything else. What comes back from bytes is safe to walk: every link leads to a point that exists
on its level, so that no file, however it came about, can make the graph read outside its memory.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from .errors import IndexDamaged
from .projection import Projection, rows_of, width_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_MAGIC = b"fsgraph2"
# magic, count, dimension, axes, m, ef_construction, entry point, its level, links on the ground, blocks above.
_HEADER = struct.Struct("<8sQIIIIIIQQ")
# A point reaches level l with probability 16^-l: above this lies damage, not chance.
MOST_LEVELS = 63
MOST_LINKS = 256
# hnswlib's mark of a deleted point: the lowest bit of the third byte of its record.
_DEAD_BIT = 16
_COUNT_MASK = 0xFFFF


class Layout(NamedTuple):
    """hnswlib's record of one point on the ground level: count and mark, ``2 m`` links, the row, the label."""

    width: int
    m: int

    @property
    def links(self) -> int:
        """Bytes before the row."""
        return 4 + 8 * self.m

    @property
    def label(self) -> int:
        """Bytes before the label."""
        return self.links + 4 * self.width

    @property
    def size(self) -> int:
        """Bytes of the record."""
        return self.label + 8

    def joined(self, links: Links, rows: NDArray[np.float32]) -> NDArray[np.int8]:
        """Return the records of all points."""
        records = np.zeros((len(links.labels), self.size), np.uint8)
        heads = np.zeros((len(links.labels), 1 + 2 * self.m), np.uint32)
        heads[:, 0] = links.counts.astype(np.uint32) | (links.dead.astype(np.uint32) << _DEAD_BIT)
        heads[:, 1:][_filled(links.counts, self.m)] = links.ground
        records[:, : self.links] = heads.view(np.uint8)
        records[:, self.links : self.label] = rows.view(np.uint8)
        records[:, self.label :] = links.labels[:, None].view(np.uint8)
        return records.reshape(-1).view(np.int8)


def _filled(counts: NDArray[np.uint16], m: int) -> NDArray[np.bool_]:
    filled: NDArray[np.bool_] = np.arange(2 * m) < counts[:, None]
    return filled


@dataclass(frozen=True, slots=True)
class Links:
    """A graph of ``n`` points without vectors, each array in the order the points were added.

    ``counts`` says how many of ``ground`` are each point's; ``upper`` has one row of ``1 + m`` for each level of a
    point above the ground: a count, then links. Vectors have ``dimension`` numbers, and the rows between which the
    links lead are those that ``projection`` makes of them, or the vectors.
    """

    dimension: int
    projection: Projection | None
    m: int
    ef_construction: int
    entry: int
    top_level: int
    labels: NDArray[np.uint64]
    dead: NDArray[np.bool_]
    levels: NDArray[np.uint8]
    counts: NDArray[np.uint16]
    ground: NDArray[np.uint32]
    upper: NDArray[np.uint32]

    @classmethod
    def of(cls, state: Mapping[str, object], *, dimension: int, projection: Projection | None) -> Self:
        """Take the links out of hnswlib's pickled state."""
        count, m = int(state["cur_element_count"]), int(state["M"])  # type: ignore[call-overload]
        shape = Layout(width_of(dimension, projection), m)
        records = np.asarray(state["data_level0"]).view(np.uint8).reshape(count, shape.size)
        heads = np.ascontiguousarray(records[:, : shape.links]).view(np.uint32)
        counts = (heads[:, 0] & _COUNT_MASK).astype(np.uint16)
        return cls(
            dimension=dimension,
            projection=projection,
            m=m,
            ef_construction=int(state["ef_construction"]),  # type: ignore[call-overload]
            entry=int(state["enterpoint_node"]) if count else 0,  # type: ignore[call-overload]
            top_level=max(0, int(state["max_level"])),  # type: ignore[call-overload]
            labels=np.ascontiguousarray(records[:, shape.label :]).view(np.uint64).reshape(-1),
            dead=(heads[:, 0] >> _DEAD_BIT & 1).astype(bool),
            levels=np.asarray(state["element_levels"])[:count].astype(np.uint8),
            counts=counts,
            ground=heads[:, 1:][_filled(counts, m)],
            upper=np.asarray(state["link_lists"]).view(np.uint32).reshape(-1, 1 + m).copy(),
        )

    @property
    def width(self) -> int:
        """Numbers of a row that the links lead between."""
        return width_of(self.dimension, self.projection)

    def rows(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows, of shape ``(n, width)``, of vectors of shape ``(n, dimension)``."""
        return rows_of(vectors, self.projection)

    def packed(self) -> bytes:
        """Return the bytes to save."""
        axes = self.projection.axes if self.projection else np.empty((self.dimension, 0), np.float32)
        header = _HEADER.pack(
            _MAGIC, len(self.labels), self.dimension, axes.shape[1], self.m, self.ef_construction, self.entry,
            self.top_level, len(self.ground), len(self.upper),
        )  # fmt: skip
        parts = (self.labels, self.dead, self.levels, self.counts, self.ground, self.upper, axes)
        return header + b"".join(part.tobytes() for part in parts)

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """Read what ``packed`` returned; raises IndexDamaged for anything that is not a whole, walkable graph."""
        if len(data) < _HEADER.size:
            raise IndexDamaged("A saved graph is cut off; it is built anew.")
        magic, count, dimension, axes, m, breadth, entry, top, ground, upper = _HEADER.unpack_from(data)
        size = _HEADER.size + 12 * count + 4 * ground + 4 * (1 + m) * upper + 4 * dimension * axes
        if magic != _MAGIC or not 2 <= m <= MOST_LINKS or size != len(data) or not 0 <= entry < max(1, count):
            raise IndexDamaged("A saved graph has a header that is not its own; it is built anew.")
        labels, dead, levels, counts, links0, links1, numbers = _arrays(
            data, (np.uint64, count), (np.uint8, count), (np.uint8, count), (np.uint16, count),
            (np.uint32, ground), (np.uint32, upper * (1 + m)), (np.float32, dimension * axes),
        )  # fmt: skip
        projection = Projection(numbers.reshape(dimension, axes)) if axes else None
        if projection and not projection.is_sound():
            raise IndexDamaged("A saved graph has axes that are none; it is built anew.")
        links = cls(
            dimension, projection, m, breadth, entry, top,
            labels=labels, dead=dead.astype(bool), levels=levels,
            counts=counts, ground=links0, upper=links1.reshape(-1, 1 + m),
        )  # fmt: skip
        if not links.are_walkable():
            raise IndexDamaged("A saved graph has links that lead nowhere; it is built anew.")
        return links

    def are_walkable(self) -> bool:
        """Say whether a walk from the entry point can only meet points that exist, on the level where they are met."""
        count, levels = len(self.labels), self.levels
        if not count or levels.max() > MOST_LEVELS or not (np.diff(np.sort(self.labels)) > 0).all():
            return False
        if not levels[self.entry] == levels.max() == self.top_level:
            return False
        if self.counts.max() > 2 * self.m or self.counts.sum(dtype=np.int64) != len(self.ground):
            return False
        return bool((self.ground < count).all()) and self._is_upper_walkable(count)

    def _is_upper_walkable(self, count: int) -> bool:
        owners = np.repeat(np.arange(count), self.levels)
        if len(owners) != len(self.upper):
            return False
        # Blocks of one point follow each other from level 1 upwards.
        first = np.cumsum(self.levels, dtype=np.int64) - self.levels
        level = np.arange(len(owners)) - first[owners] + 1
        used = np.arange(self.m) < self.upper[:, :1]
        targets = np.where(used, self.upper[:, 1:], self.entry)
        if (self.upper[:, 0] > self.m).any() or (targets >= count).any():
            return False
        return bool((~used | (self.levels[targets] >= level[:, None])).all())


def _arrays(data: bytes, *shapes: tuple[type[np.generic], int]) -> list[NDArray[Any]]:
    """Take one array after another out of the bytes behind the header, each a copy of its own, aligned."""
    found = []
    at = _HEADER.size
    for kind, count in shapes:
        found.append(np.frombuffer(data, kind, count, at).copy())
        at += found[-1].nbytes
    return found
