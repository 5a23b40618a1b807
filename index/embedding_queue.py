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

# About a third of a second on two cores: the longest a saved file waits behind a batch that has begun.
BATCH_PASSAGES = 32


def embed_batch(
    catalogue: Database, cache: Database, embedder: Embedder, batch: Sequence[tuple[int, bytes, str]], *, model: int
) -> list[int]:
    """Embed some (label, digest, text) and return their labels."""
    if batch:
        rows = embedder.embed_passages([text for _, _, text in batch])
        keep_vectors(cache, model, [(digest, row) for (_, digest, _), row in zip(batch, rows, strict=True)])
        settle_passages(catalogue, [label for label, _, _ in batch])
    return [label for label, _, _ in batch]
