"""The Embedder over an endpoint: texts into requests, answers into rows. Speaks through a ``Line``, imports no client.

Every request carries one short text more, the probe. Its vector shows which model made an answer, so that a server
restarted with another one is found out at its first answer, whether or not we saw it go.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from .credentials import masked_text
from .embedding_answers import listed_models, told_model, unit_rows
from .errors import ModelAway, ModelError
from .refusals import TooLong, one_line
from .retries import patiently

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from .endpoint import Endpoint
    from .remote import Line
    from .retries import Patience

# Code has 3.5 (see `passages`): the estimate is rather too high than too low.
CHARACTERS_PER_TOKEN = 3
# TEI's own default for all that it computes at a time is 16,384: two requests fill it.
REQUEST_TOKENS = 8_192
# With the probe 32, which is all that TEI takes unless told otherwise.
REQUEST_TEXTS = 31
# Servers batch across requests: enough of them that the next batch lies there when one is done.
REQUESTS_AT_ONCE = 8

PROBE = "def read_lines(path):\n    return open(path).read().splitlines()"
# The same weights stay above it in any batch (bf16: .999); what falls below does not belong with what is stored.
SAME_MODEL_COSINE = 0.99
# Below it there is no text left to embed.
SHORTEST_CUT_CHARACTERS = 32


class Contact(NamedTuple):
    """What the first exchange showed: the model's name as its server says, whether it takes base64, the probe's row."""

    name: str
    form: str
    probe: NDArray[np.float32]


def first_contact(line: Line, endpoint: Endpoint, *, seconds: float) -> Contact:
    """Ask for the models and for the probe in both forms; raises ModelAway, ModelError."""
    listed = _listed(line, seconds)
    if listed and endpoint.model not in listed:
        names = one_line(", ".join(listed))
        raise ModelError(f"{line.host} has no model {endpoint.model!r}; name one of those it has: {names}.")
    body = line.post(_body(endpoint, [PROBE], "float"), seconds=seconds)
    probe = unit_rows(body, 1, host=line.host)[0]
    if endpoint.dimension not in (None, len(probe)):
        raise ModelError(
            f"{line.host} answers with vectors of {len(probe)} numbers where {endpoint.dimension} were asked for;"
            f" ask for {len(probe)} or use a server that can shorten them."
        )
    name = endpoint.model if listed else one_line(told_model(body)) or endpoint.model
    return Contact(name, _form(line, endpoint, probe, seconds=seconds), probe)


def _listed(line: Line, seconds: float) -> list[str]:
    """Return the models a server lists, none where it has no list; whatever else is wrong, the probe shows."""
    try:
        return listed_models(line.get_models(seconds=seconds))
    except ModelAway:
        raise
    except ModelError:
        return []


def _form(line: Line, endpoint: Endpoint, probe: NDArray[np.float32], *, seconds: float) -> str:
    """Return base64 where a server means the same by it as by numbers written out: a fifth of the bytes to read."""
    try:
        body = line.post(_body(endpoint, [PROBE], "base64"), seconds=seconds)
        row = unit_rows(body, 1, host=line.host)[0]
    except ModelAway:
        raise
    except ModelError:
        return "float"
    return "base64" if len(row) == len(probe) and row @ probe >= SAME_MODEL_COSINE else "float"


def _body(endpoint: Endpoint, texts: Sequence[str], form: str) -> dict[str, object]:
    body: dict[str, object] = {"model": endpoint.model, "input": list(texts), "encoding_format": form}
    return body if endpoint.dimension is None else body | {"dimensions": endpoint.dimension}


class RemoteEncoder:
    """An Embedder whose model is somewhere else.

    ``identity`` is made of the model's name as its server says it, dimensions, prompts and the length limit, not of the
    host: the same model on another machine keeps its vectors. Two models that their servers call by one name and that
    have one dimension are told apart only while this encoder lives, by ``probe``, the unit vector of ``PROBE``.
    """

    is_apart: Literal[True] = True

    def __init__(
        self, endpoint: Endpoint, line: Line, contact: Contact, *, passages: Patience, queries: Patience
    ) -> None:
        """Take an endpoint that has been spoken to."""
        self.name = contact.name
        self.probe = contact.probe
        self.dimension = len(contact.probe)
        self.identity = _identity(endpoint, contact)
        self.host = line.host
        self.is_local = line.address.is_local
        self._endpoint = endpoint
        self._line = line
        self._form = contact.form
        self._passages, self._queries = passages, queries
        self._lanes = ThreadPoolExecutor(REQUESTS_AT_ONCE, thread_name_prefix="endpoint")

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows of shape ``(len(texts), dimension)``; raises ModelAway, ModelError.

        A text that the server finds too long counts up to where it takes it.
        """
        sent = [self._clean(self._endpoint.passage_prompt, text) for text in texts]
        rows = np.empty((len(sent), self.dimension), np.float32)
        parts = list(_batches(sent))
        answers = self._lanes.map(lambda part: self._rows(sent[part], self._passages), parts)
        for part, answer in zip(parts, answers, strict=True):
            rows[part] = answer
        return rows

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector of shape ``(dimension,)``; raises ModelAway, sooner than for passages, ModelError."""
        vector: NDArray[np.float32] = self._rows([self._clean(self._endpoint.query_prompt, text)], self._queries)[0]
        return vector

    def close(self) -> None:
        """End all connections."""
        self._lanes.shutdown(cancel_futures=True)
        self._line.close()

    def _clean(self, prompt: str, text: str) -> str:
        # Lone surrogates are no UTF-8, C programs end a text at NUL, and many a server refuses an empty text.
        # Passages hold no secret by then. A question may, and this is the last place before it leaves.
        cut = masked_text(text)[: self._endpoint.max_characters].encode("utf-8", "replace").decode("utf-8")
        return (prompt + cut).replace("\0", "") or " "

    def _rows(self, texts: Sequence[str], patience: Patience) -> NDArray[np.float32]:
        try:
            return patiently(partial(self._answer, texts, patience.answer_seconds), patience)
        except TooLong:
            if len(texts) == 1 and len(texts[0]) < 2 * SHORTEST_CUT_CHARACTERS:
                raise
        if len(texts) == 1:
            return self._rows([texts[0][: len(texts[0]) // 2]], patience)
        middle = len(texts) // 2
        return np.concatenate([self._rows(part, patience) for part in (texts[:middle], texts[middle:])])

    def _answer(self, texts: Sequence[str], seconds: float) -> NDArray[np.float32]:
        body = self._line.post(_body(self._endpoint, [PROBE, *texts], self._form), seconds=seconds)
        rows = unit_rows(body, len(texts) + 1, host=self.host)
        if rows.shape[1] != self.dimension:
            raise ModelError(
                f"{self.host} answers with vectors of {rows.shape[1]} numbers where {self.dimension} were agreed on;"
                f" serve {self.name} there again."
            )
        if rows[0] @ self.probe < SAME_MODEL_COSINE:
            raise ModelError(f"{self.host} has another model than before; serve {self.name} there again.")
        return rows[1:]


def _identity(endpoint: Endpoint, contact: Contact) -> str:
    parts = (
        "endpoint", contact.name, endpoint.dimension, len(contact.probe), endpoint.query_prompt,
        endpoint.passage_prompt, endpoint.max_characters,
    )  # fmt: skip
    return sha256(json.dumps(parts).encode()).hexdigest()


def _batches(texts: Sequence[str]) -> Iterator[slice]:
    """Yield the texts of each request, in order: about ``REQUEST_TOKENS`` and at most ``REQUEST_TEXTS``."""
    start, tokens = 0, 0
    for place, text in enumerate(texts):
        size = len(text) // CHARACTERS_PER_TOKEN + 1
        if place > start and (tokens + size > REQUEST_TOKENS or place - start == REQUEST_TEXTS):
            yield slice(start, place)
            start, tokens = place, 0
        tokens += size
    if texts:
        yield slice(start, len(texts))
