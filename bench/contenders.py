"""Other libraries over the same vectors, used as their own documentation shows, each behind the same three calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import faiss
import hnswlib
import numpy as np
import usearch.index

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# As ours. hnswlib searches with a breadth of 10 where nobody sets one, faiss with 16, usearch with 64.
M, EF_CONSTRUCTION, EF = 16, 200, 200


class Contender(Protocol):
    """One library's index."""

    def widen(self, ef: int) -> None:
        """Set the breadth of a search."""

    def build(self, rows: NDArray[np.float32]) -> None:
        """Take in all rows, numbered from 0."""

    def nearest(self, query: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the ten nearest."""

    def save(self, path: Path) -> None:
        """Write the index to a file."""

    def load(self, path: Path, dimension: int) -> None:
        """Read it back."""


class Hnswlib:
    """hnswlib."""

    _index: Any

    def widen(self, ef: int) -> None:
        """Set the breadth of a search."""
        self._index.set_ef(ef)

    def build(self, rows: NDArray[np.float32]) -> None:
        """Take in all rows."""
        self._index = hnswlib.Index("cosine", rows.shape[1])
        self._index.init_index(len(rows), M=M, ef_construction=EF_CONSTRUCTION)
        self._index.add_items(rows, np.arange(len(rows)))

    def nearest(self, query: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the ten nearest."""
        found: NDArray[np.int64] = self._index.knn_query(query, 10, num_threads=1)[0][0].astype(np.int64)
        return found

    def save(self, path: Path) -> None:
        """Write the index."""
        self._index.save_index(str(path))

    def load(self, path: Path, dimension: int) -> None:
        """Read it back."""
        self._index = hnswlib.Index("cosine", dimension)
        self._index.load_index(str(path))
        self._index.set_ef(EF)


class Faiss:
    """faiss: its HNSW, or exact search over float16."""

    _index: Any

    def __init__(self, kind: str) -> None:
        """Choose ``hnsw`` or ``exact``."""
        self._kind = kind

    def widen(self, ef: int) -> None:
        """Set the breadth of a search; exact search has none."""
        if self._kind == "hnsw":
            self._index.hnsw.efSearch = ef

    def build(self, rows: NDArray[np.float32]) -> None:
        """Take in all rows."""
        if self._kind == "exact":
            half = faiss.ScalarQuantizer.QT_fp16
            self._index = faiss.IndexScalarQuantizer(rows.shape[1], half, faiss.METRIC_INNER_PRODUCT)
            self._index.train(rows[:1000])
        else:
            self._index = faiss.IndexHNSWFlat(rows.shape[1], M, faiss.METRIC_INNER_PRODUCT)
            self._index.hnsw.efConstruction = EF_CONSTRUCTION
        self._index.add(rows)

    def nearest(self, query: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the ten nearest."""
        found: NDArray[np.int64] = self._index.search(query[None], 10)[1][0]
        return found

    def save(self, path: Path) -> None:
        """Write the index."""
        faiss.write_index(self._index, str(path))

    def load(self, path: Path, dimension: int) -> None:
        """Read it back."""
        del dimension  # the file says it
        self._index = faiss.read_index(str(path))


class Usearch:
    """usearch, over float32 or float16."""

    _index: Any

    def __init__(self, kind: str) -> None:
        """Choose ``f32`` or ``f16``."""
        self._kind = kind

    def widen(self, ef: int) -> None:
        """Set the breadth of a search."""
        self._index.expansion_search = ef

    def build(self, rows: NDArray[np.float32]) -> None:
        """Take in all rows."""
        self._index = self._empty(rows.shape[1])
        self._index.add(np.arange(len(rows)), rows)

    def _empty(self, dimension: int) -> usearch.index.Index:
        return usearch.index.Index(
            ndim=dimension, metric="cos", dtype=self._kind, connectivity=M,
            expansion_add=EF_CONSTRUCTION, expansion_search=EF,
        )  # fmt: skip

    def nearest(self, query: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the ten nearest."""
        found: NDArray[np.int64] = self._index.search(query, 10, threads=1).keys.astype(np.int64)
        return found

    def save(self, path: Path) -> None:
        """Write the index."""
        self._index.save(str(path))

    def load(self, path: Path, dimension: int) -> None:
        """Read it back."""
        self._index = self._empty(dimension)
        self._index.load(str(path))


# Each with the breadths it is asked at, the library's own default first.
CONTENDERS: dict[str, tuple[Contender, tuple[int, ...]]] = {
    "hnswlib": (Hnswlib(), (10, EF)),
    "faiss HNSW": (Faiss("hnsw"), (16, EF)),
    "faiss exact f16": (Faiss("exact"), (0,)),
    "usearch f32": (Usearch("f32"), (64, EF)),
    "usearch f16": (Usearch("f16"), (64, EF)),
}
