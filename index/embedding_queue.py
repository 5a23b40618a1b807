"""Gives passages their vectors, a small batch at a time, so that a saved file or a query never waits for long.

Vectors reach the cache before the catalogue says they are there; a kill in between costs one batch of work, no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .catalogue import settle_passages
from .vector_cache import keep_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .embedder import Embedder
    from .store import Database

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


def embed_batch(
    catalogue: Database, cache: Database, embedder: Embedder, batch: Sequence[tuple[int, bytes, str]], *, model: int
) -> list[int]:
    """Embed some (label, digest, text) and return their labels."""
    if batch:
        rows = embedder.embed_passages([text for _, _, text in batch])
        keep_vectors(cache, model, [(digest, row) for (_, digest, _), row in zip(batch, rows, strict=True)])
        settle_passages(catalogue, [label for label, _, _ in batch])
    return [label for label, _, _ in batch]
