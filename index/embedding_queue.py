"""Gives passages their vectors, a small batch at a time, so that a saved file or a query never waits for long.

Vectors reach the cache before the catalogue says they are there; a kill in between costs the batches that are underway.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from .catalogue import settle_passages
from .embedder import Apart
from .vector_cache import keep_vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from .embedder import Embedder
    from .store import Database

    # Label, digest, text.
    Passage = tuple[int, bytes, str]

# Where a batch begins: a large model on the processor is done with so many in some seconds.
FIRST_PASSAGES = 8
# The longest that a saved file should wait behind a batch that has begun. A GPU gives some thousand passages their
# vectors in that time, a large model on the processor two.
BATCH_SECONDS = 0.33
LEAST_PASSAGES, MOST_PASSAGES = 2, 8192


class BatchSize:
    """How many passages take about `BATCH_SECONDS`, told by how long batches took."""

    def __init__(self) -> None:
        """Begin small: no model says how fast it is."""
        self.passages = FIRST_PASSAGES

    def took(self, count: int, seconds: float) -> None:
        """Double it after a batch of this size that took less than half the time, cut it to the time after twice."""
        if seconds > 2 * BATCH_SECONDS:
            self.passages = max(LEAST_PASSAGES, int(min(self.passages, count) * BATCH_SECONDS / seconds))
        elif seconds < BATCH_SECONDS / 2 and count >= self.passages:
            self.passages = min(MOST_PASSAGES, 2 * self.passages)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A ``share``-th of a full batch that is being embedded: its rows to come, and the model's seconds for them."""

    passages: Sequence[Passage]
    share: int = 1
    rows: Future[tuple[NDArray[np.float32], float]] = field(default_factory=Future)

    def run(self, embedder: Embedder, after: _Begun | None = None) -> None:
        """Embed, once the batch before is done; what goes wrong is raised to whoever wants the rows."""
        try:
            if after is not None:
                after.rows.exception()
            began = time.monotonic()
            rows = embedder.embed_passages([text for _, _, text in self.passages])
            self.rows.set_result((rows, time.monotonic() - began))
        except BaseException as error:
            self.rows.set_exception(error)


class Batches:
    """Passages on their way through one model. A model elsewhere has the next batch while one is being stored.

    Belongs to one thread. ``waiting`` returns up to so many passages without a vector, the most urgent first.
    """

    def __init__(self, embedder: Embedder, waiting: Callable[[int], Sequence[Passage]]) -> None:
        """Begin with nothing underway."""
        self._embedder = embedder
        self._is_apart = isinstance(embedder, Apart)
        self._waiting = waiting
        self._size = BatchSize()
        self._ahead: _Begun | None = None

    @property
    def is_underway(self) -> bool:
        """Whether the model is at work while nobody waits for it."""
        return self._ahead is not None and not self._ahead.rows.done()

    def next(self, count: int | None = None, *, share: int = 1) -> tuple[Sequence[Passage], NDArray[np.float32]]:
        """Return the next passages with their rows, none where nothing waits; raises ModelError.

        At most ``count``, by default as many as a ``share``-th of a batch that takes its full time. Nothing is begun
        ahead of a smaller one: what is saved meanwhile should not find the model at work.
        """
        wanted = count or max(1, self._size.passages // share)
        batch, self._ahead = self._ahead or self._begun(self._waiting(wanted), share=share), None
        if batch is None:
            return (), np.empty((0, self._embedder.dimension), np.float32)
        if count is None and share == 1 and self._is_apart:
            known = {label for label, *_ in batch.passages}
            others = [one for one in self._waiting(wanted + len(known)) if one[0] not in known]
            self._ahead = self._begun(others[:wanted], after=batch)
        try:
            rows, seconds = batch.rows.result()
        except BaseException:
            self._ahead = None
            raise
        self._size.took(batch.share * len(rows), batch.share * seconds)
        return batch.passages, rows

    def _begun(self, passages: Sequence[Passage], *, share: int = 1, after: _Begun | None = None) -> _Begun | None:
        if not passages:
            return None
        batch = _Begun(passages, share)
        if self._is_apart:
            # A daemon: whoever ends waits for no model.
            threading.Thread(target=batch.run, args=(self._embedder, after), name="embed", daemon=True).start()
        else:
            batch.run(self._embedder)
        return batch


def store_batch(
    catalogue: Database, cache: Database, passages: Sequence[Passage], rows: NDArray[np.float32], *, model: int
) -> list[int]:
    """Keep the rows of some passages and return their labels."""
    labels = [label for label, _, _ in passages]
    if labels:
        keep_vectors(cache, model, [(digest, row) for (_, digest, _), row in zip(passages, rows, strict=True)])
        settle_passages(catalogue, labels)
    return labels
