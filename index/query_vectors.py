"""The vector of a query's text, computed in a thread of its own while its words are looked for. Knows no index."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from .models import ENGLISH_ONLY

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    import numpy as np
    from numpy.typing import NDArray

    from .embedder import Embedder


class QueryVectors:
    """What each model makes of one text: several roots with one model share its vector. Used by one thread."""

    def __init__(self, text: str, untranslated: str = "") -> None:
        """Compute nothing yet. ``untranslated``: what was typed where ``text`` is its English, ``""`` elsewhere."""
        self._text = text
        self._typed = untranslated or text
        self._begun: dict[str, Future[NDArray[np.float32]]] = {}

    def begun(self, embedder: Embedder) -> Callable[[], NDArray[np.float32]]:
        """Begin to embed, and return what waits for the unit vector of shape ``(dimension,)``; it raises ModelError."""
        if embedder.identity not in self._begun:
            # Of this query only: one that is kept would have no threads in whoever forks.
            threads = ThreadPoolExecutor(1, "query")
            text = self._text if embedder.name in ENGLISH_ONLY else self._typed
            self._begun[embedder.identity] = threads.submit(embedder.embed_query, text)
            threads.shutdown(wait=False)
        return self._begun[embedder.identity].result
