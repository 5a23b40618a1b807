"""Models on any endpoint of the OpenAI kind: SGLang, vLLM, TEI, llama.cpp, our own. The only importer of httpx2.

Sends code to the host the user named and to no other: no redirect is followed, and what is on this machine is reached
without a proxy. The key is only ever in one header. Knows no root and asks for no consent; the caller does.
"""

from __future__ import annotations

import json
import logging
import time
from functools import partial
from ssl import SSLError
from typing import TYPE_CHECKING

import httpx2

from .endpoint import address_of
from .errors import ModelAway, ModelError
from .refusals import check_status
from .remote_encoder import RemoteEncoder, first_contact
from .remote_reranker import RemoteReranker
from .retries import Patience, patiently

if TYPE_CHECKING:
    from .endpoint import Address, Endpoint

# A saved file may wait behind passages and a person behind a query. One request takes its time on a slow processor.
FOR_PASSAGES = Patience(attempts=4, total_seconds=10.0, answer_seconds=120.0)
FOR_QUERIES = Patience(attempts=2, total_seconds=3.0, answer_seconds=10.0)
# The first answer stands meanwhile, and thirty documents take a slow server some seconds.
FOR_RERANKING = Patience(attempts=2, total_seconds=3.0, answer_seconds=20.0)
CONNECT_SECONDS = 3.0
# uvicorn closes a connection after 5 idle seconds; one that is just being closed fails.
IDLE_SECONDS = 4.0
# 32 vectors of 4,096 numbers, each written out with 25 characters, are 3.3 MB.
MAX_ANSWER_BYTES = 32 << 20

_SLOW = "did not answer in time; see whether its server is overloaded, the work goes on when it is back."

# It would write a line for every request.
logging.getLogger("httpx2").setLevel(logging.WARNING)


def connect(
    endpoint: Endpoint, *, key: str = "", passages: Patience = FOR_PASSAGES, queries: Patience = FOR_QUERIES
) -> RemoteEncoder:
    """Return an encoder over an endpoint, after a first exchange that shows its model and dimension.

    ``key`` comes from the environment (FUNCSEEK_ENDPOINT_KEY). Raises ModelAway where the endpoint may be there later,
    ModelError where something has to be changed first.
    """
    line = Line(address_of(endpoint.url), _checked_key(key))
    try:
        contact = patiently(partial(first_contact, line, endpoint, seconds=passages.answer_seconds), passages)
    except BaseException:
        line.close()
        raise
    return RemoteEncoder(endpoint, line, contact, passages=passages, queries=queries)


def connect_reranker(endpoint: Endpoint, *, key: str = "", patience: Patience = FOR_RERANKING) -> RemoteReranker:
    """Return a reranker over an endpoint, to which nothing is said yet; raises ModelError for one that cannot be used.

    Of the endpoint only the URL and the model count.
    """
    return RemoteReranker(endpoint, Line(address_of(endpoint.url), _checked_key(key)), patience)


def _checked_key(key: str) -> str:
    stripped = key.strip()
    if not (stripped.isascii() and stripped.isprintable() and " " not in stripped):
        # What the client itself says of a bad header repeats it.
        raise ModelError("FUNCSEEK_ENDPOINT_KEY holds what no key can; set it to the key alone.")
    return stripped


class Line:
    """A connection to one address: one request, one answer, and what went wrong as an error of ours."""

    def __init__(self, address: Address, key: str) -> None:
        """Connect to nothing yet."""
        self.address = address
        self.host = address.host
        self._key = key
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        self._client = httpx2.Client(
            headers=headers | ({"Authorization": f"Bearer {key}"} if key else {}),
            follow_redirects=False,
            # The same certificates wherever it is; the client itself would read the user's only with the proxy.
            verify=httpx2.create_ssl_context(),
            # A proxy of the user's; what is on this machine needs none.
            trust_env=not address.is_local,
            limits=httpx2.Limits(keepalive_expiry=IDLE_SECONDS),
        )

    def close(self) -> None:
        """End all connections."""
        self._client.close()

    def post(self, body: dict[str, object], *, seconds: float) -> bytes:
        """Return the answer to a request for vectors; raises ModelAway, TooLong, ModelError."""
        return self._ask("POST", self.address.embeddings, json.dumps(body).encode(), seconds=seconds)

    def rerank(self, body: dict[str, object], *, seconds: float) -> bytes:
        """Return the answer to a request for scores; raises as ``post`` does."""
        return self._ask("POST", self.address.rerank, json.dumps(body).encode(), seconds=seconds)

    def get_models(self, *, seconds: float) -> bytes:
        """Return the list of models; raises as ``post`` does."""
        return self._ask("GET", self.address.models, None, seconds=seconds)

    def _ask(self, method: str, url: str, content: bytes | None, *, seconds: float) -> bytes:
        timeout = httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS), pool=None)
        latest = time.monotonic() + seconds
        try:
            with self._client.stream(method, url, content=content, timeout=timeout) as response:
                body = self._whole(response, latest)
        except httpx2.TimeoutException as error:
            raise ModelAway(f"{self.host} {_SLOW}") from error
        except httpx2.HTTPError as error:
            raise self._cut_off(error) from error
        check_status(response.status_code, body, headers=response.headers, host=self.host, key=self._key)
        return body

    def _whole(self, response: httpx2.Response, latest: float) -> bytes:
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > MAX_ANSWER_BYTES:
                raise ModelError(
                    f"{self.host} answered with more than {MAX_ANSWER_BYTES >> 20} MB; use another server."
                )
            # The client's own limit is for each part: a byte a second would never end.
            if time.monotonic() > latest:
                raise ModelAway(f"{self.host} {_SLOW}")
        return bytes(body)

    def _cut_off(self, error: httpx2.HTTPError) -> ModelError:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, SSLError):
                return ModelError(
                    f"{self.host} has no encrypted connection that can be trusted; check its certificate."
                )
            cause = cause.__cause__ or cause.__context__
        if isinstance(error, httpx2.ConnectError):
            return ModelAway(f"{self.host} cannot be reached; start its server or correct the endpoint.")
        return ModelAway(f"{self.host} broke off its answer; see its log, the work goes on when it is back.")
