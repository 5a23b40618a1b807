"""The one reranker of the service: loaded when it is first asked for, and run in a thread of its own.

No search ever waits for it, nor for its thread: whatever is wrong with it, or however slow it is, the first answer
stands, and one sentence says why it was not reranked.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ..index.drafts import NO_ROOT
from ..index.errors import FuncseekError
from ..index.reranking import judged, rerank, unranked

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from ..index.hits import Answer, Query
    from .consents import Consents
    from .rerankers import LoadedReranker

_logger = logging.getLogger(__name__)

# Less than a client waits for an answer. A model of 0.6B takes about so long on two cores that do nothing else.
MOST_SECONDS = 75.0
# One that runs and one that waits: whoever comes third would wait for answers that nobody wants any more.
MOST_UNDER_WAY = 2

_BUSY = "the reranker is busy with other searches; ask again in a moment."
_SLOW = f"the reranker took longer than {MOST_SECONDS:.0f} s; choose a GPU, an endpoint or a smaller model."
_UNSAVED = "a document that is no file is among the results, and stays on this machine; save it or close it."
_OWN_FAULT = "the reranker failed on an error of its own; see the service's log (`funcseek status`) and report it."


def reranked(answer: Answer, query: Query, loaded: LoadedReranker, *, consents: Consents) -> Answer:
    """Return an answer in its new order, or as it was where code of one of its hits may not go to the reranker.

    Raises ModelError.
    """
    roots = dict.fromkeys(answer.hits[place].root for place in judged(answer))
    if loaded.host and NO_ROOT in roots:
        return unranked(answer, query, _UNSAVED)
    withheld = (consents.withheld(root, loaded.host, purpose="reranked") for root in roots)
    if why := next(filter(None, withheld), None):
        return unranked(answer, query, why)
    return rerank(answer, query, loaded.reranker)


class Reranking:
    """Reranks one answer after the other. Belongs to one event loop, but for ``forget``."""

    def __init__(
        self, load: Callable[[], LoadedReranker], consents: Consents, *, most_seconds: float = MOST_SECONDS
    ) -> None:
        """Remember how to load it; nothing is loaded yet."""
        self._load = load
        self._consents = consents
        self._most_seconds = most_seconds
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rerank")
        self._under_way: list[Future[Answer]] = []
        self._loaded: LoadedReranker | None = None

    async def rerank(self, answer: Answer, query: Query) -> Answer:
        """Return an answer in its new order, or as it was with the reason."""
        self._under_way = [one for one in self._under_way if not one.done()]
        if len(self._under_way) >= MOST_UNDER_WAY:
            return unranked(answer, query, _BUSY)
        future = self._thread.submit(self._work, answer, query)
        self._under_way.append(future)
        try:
            async with asyncio.timeout(self._most_seconds):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            return unranked(answer, query, _SLOW)

    def forget(self) -> None:
        """Load anew when it is asked for next: another one was chosen."""
        self._thread.submit(self._close)

    def close(self) -> None:
        """Let go of the model, once it has answered."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=False)

    def _work(self, answer: Answer, query: Query) -> Answer:
        try:
            if self._loaded is None:
                self._loaded = self._load()
            return reranked(answer, query, self._loaded, consents=self._consents)
        except FuncseekError as error:
            _logger.warning("%s", error)
            return unranked(answer, query, str(error))
        except Exception:
            # Whatever it was, the first answer is right.
            _logger.exception("The reranker failed")
            return unranked(answer, query, _OWN_FAULT)

    def _close(self) -> None:
        if self._loaded is not None:
            self._loaded.reranker.close()
            self._loaded = None
