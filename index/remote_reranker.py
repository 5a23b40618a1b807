"""The Reranker over an endpoint: a query and documents into requests, answers into likelihoods. Imports no client.

The server puts the query and a document together as its model wants them. Speaks through a ``Line`` of `remote`, as the
encoder over an endpoint does, so that the same holds of hosts, keys and retries.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from .credentials import masked_text
from .errors import ModelAway, ModelError
from .refusals import TooLong
from .rerank_answers import as_likelihoods, scores
from .reranker import MAX_QUERY_CHARACTERS
from .retries import patiently

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .endpoint import Endpoint
    from .remote import Line
    from .retries import Patience

# Below it there is no text left to judge.
SHORTEST_CUT_CHARACTERS = 32
# What most servers call the documents, and what TEI does.
FIELD, OTHER_FIELD = "documents", "texts"


class RemoteReranker:
    """A Reranker whose model is somewhere else; ``host`` is where, with its port."""

    def __init__(self, endpoint: Endpoint, line: Line, patience: Patience) -> None:
        """Take an endpoint; nothing is said to it yet."""
        self.name = endpoint.model
        self.host = line.host
        self.is_local = line.address.is_local
        self._model = endpoint.model
        self._line = line
        self._patience = patience
        self._field = FIELD

    def relevances(self, query: str, documents: Sequence[str]) -> list[float]:
        """Return for each document how likely it is what the query asks for; raises ModelAway, ModelError.

        A document that the server finds too long counts up to where it takes it.
        """
        asked = _clean(query[:MAX_QUERY_CHARACTERS])
        return as_likelihoods(self._scores(asked, [_clean(document) for document in documents]))

    def close(self) -> None:
        """End all connections."""
        self._line.close()

    def _scores(self, query: str, documents: Sequence[str]) -> list[float]:
        if not documents:
            return []
        try:
            return patiently(partial(self._answer, query, documents), self._patience)
        except TooLong:
            if len(documents) == 1 and len(documents[0]) < 2 * SHORTEST_CUT_CHARACTERS:
                raise
        if len(documents) == 1:
            return self._scores(query, [documents[0][: len(documents[0]) // 2]])
        middle = len(documents) // 2
        return [*self._scores(query, documents[:middle]), *self._scores(query, documents[middle:])]

    def _answer(self, query: str, documents: Sequence[str]) -> list[float]:
        try:
            body = self._asked(query, documents)
        except ModelAway:
            raise
        except ModelError as error:
            # TEI names the field that it misses.
            if self._field == OTHER_FIELD or f"`{OTHER_FIELD}`" not in str(error):
                raise
            self._field = OTHER_FIELD
            body = self._asked(query, documents)
        return scores(body, len(documents), host=self.host)

    def _asked(self, query: str, documents: Sequence[str]) -> bytes:
        told = {"model": self._model, "query": query, self._field: list(documents), "top_n": len(documents)}
        return self._line.rerank(told, seconds=self._patience.answer_seconds)


def _clean(text: str) -> str:
    # Documents hold no secret by then. A question may, and this is the last place before it leaves. Lone surrogates are
    # no UTF-8, C programs end a text at NUL, and many a server refuses an empty text.
    return masked_text(text).encode("utf-8", "replace").decode("utf-8").replace("\0", "") or " "
