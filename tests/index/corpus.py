"""A catalogue whose texts are numbers and whose vectors are rows: what a graph sees of a root, without any source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from funcseek.index.catalogue import FileRecord, live_labels, open_catalogue, pending_passages
from funcseek.index.embedding_queue import store_batch
from funcseek.index.entries import Entry, Text, Words
from funcseek.index.generations import Shelf
from funcseek.index.keys import KEY_BYTES
from funcseek.index.live_graph import Space
from funcseek.index.replacement import remove_file, replace_file
from funcseek.index.vector_cache import model_number, open_vector_cache
from funcseek.parsers import extract, language_named
from tests.index.vector_sets import unit_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from funcseek.index.store import Database

KEY = b"k" * KEY_BYTES
TEXTS = 6000


class RowEmbedder:
    """The text of a number has the row of that number; another ``identity`` has other rows."""

    name = "rows"

    def __init__(self, *, dimension: int, identity: str = "rows") -> None:
        self.dimension = dimension
        self.identity = identity
        self.rows: NDArray[np.float32] = unit_rows(TEXTS, dimension, seed=len(identity))

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self.rows[int(text)]
        return row


class Corpus:
    """One root's catalogue: files that hold numbered texts."""

    def __init__(self, folder: Path, *, dimension: int = 16, identity: str = "rows") -> None:
        self.folder = folder
        self.embedder = RowEmbedder(dimension=dimension, identity=identity)
        self.cache = open_vector_cache(folder / "vectors.db")
        self.catalogue = self.connection()
        self.space = Space(model_number(self.cache, identity), identity, dimension)
        self.shelf = Shelf(folder / "graph", KEY)
        language = language_named("python")
        assert language is not None
        (self._function,) = extract(b"def f(): pass\n", language).functions

    def connection(self) -> Database:
        """Open another connection to the catalogue."""
        return open_catalogue(self.folder / "catalogue.db", self.folder / "vectors.db")

    def write(self, path: str, texts: Iterable[int]) -> None:
        """Make a file hold these texts and embed what is new."""
        self.write_all({path: texts})

    def write_all(self, files: Mapping[str, Iterable[int]]) -> None:
        """Make files hold these texts, in one transaction, and embed what is new."""
        with self.catalogue.transaction():
            for path, texts in files.items():
                record = FileRecord(path, 1, 2, 3, 4, b"", "python", None)
                entries = [Entry(self._function, _text(text)) for text in texts]
                replace_file(self.catalogue, record, entries, model=self.space.model)
        while batch := pending_passages(self.catalogue, 32):
            rows = self.embedder.embed_passages([text for _, _, text in batch])
            store_batch(self.catalogue, self.cache, batch, rows, model=self.space.model)

    def remove(self, path: str) -> None:
        """Remove a file."""
        with self.catalogue.transaction():
            remove_file(self.catalogue, path)

    def live(self) -> set[int]:
        """Return the live labels."""
        return live_labels(self.catalogue)

    def rows_of(self, labels: Iterable[int]) -> NDArray[np.float32]:
        """Return the rows of labels, in their order."""
        digests: dict[int, bytes] = dict(self.catalogue.rows("SELECT label, digest FROM passage"))
        return self.embedder.rows[[int.from_bytes(digests[label], "big") for label in labels]]

    def exact(self, query: NDArray[np.float32], count: int = 10) -> set[int]:
        """Return the live labels nearest to a query."""
        labels = sorted(self.live())
        order = np.argsort(-(self.rows_of(labels) @ query), kind="stable")
        return {labels[place] for place in order[:count]}


def _text(number: int) -> Text:
    return Text(str(number), number.to_bytes(16, "big"), Words(*[str(number)] * 7), number.to_bytes(8, "big"))
