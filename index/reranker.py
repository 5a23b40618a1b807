"""The promise every reranker keeps. Loads no model and imports no model library.

Implementations: ``yes_no_reranker`` in this process, ``remote_reranker`` at an endpoint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

# What is read of a query: a pasted function is a fair one, and the document behind it must be read too.
MAX_QUERY_CHARACTERS = 1_200


class Reranker(Protocol):
    """Reads a query and a document together, which costs a pass of a model for each pair. Any thread may call it."""

    @property
    def name(self) -> str:
        """The model's name as people know it."""

    def relevances(self, query: str, documents: Sequence[str]) -> list[float]:
        """Return for each document, in their order, how likely it is what the query asks for, from 0 to 1.

        Raises ModelAway where the same may succeed later, ModelError where something has to be changed first.
        """

    def close(self) -> None:
        """End all connections; there may be none."""
