"""The HTTP side of the embeddings endpoint: reads bodies, waits for vectors, answers. Decides nothing about a request.

What takes time (JSON, tokens, vectors) happens in threads, so that the loop always answers ``/health``.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from .batching import Batcher, Closed, QueueFull
from .embedding_requests import Asked, Refusal, answer, asked, check_model, encoded

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from concurrent.futures import Future

    from numpy.typing import NDArray
    from starlette.types import ASGIApp, Receive, Scope, Send

    from ..index.embedder import Encoder
    from .embedding_requests import Card
    from .guard import Guard

_logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# 2,048 functions of 900 characters are 2 MB; the rest of a text beyond 16 kB is not read anyway.
MAX_BODY_BYTES = 8 << 20
# Bodies are held while they are read and wait for a thread: this many of full size are 2 GB.
MAX_REQUESTS = 256
# For JSON and tokens, a fiftieth of the work.
THREADS = 2
# A thread takes half a millisecond to wake, which is longer than a body of this size needs.
SMALL_BYTES = 4 << 10
# There is nobody left to read it.
_GONE = Response(status_code=499)


class Embeddings:
    """The handlers, over one encoder. Passages share batches; queries are few, short and waited for, and go by them."""

    def __init__(self, encoder: Encoder, card: Card, *, max_waiting: int, max_requests: int = MAX_REQUESTS) -> None:
        """Start the threads; at most ``max_waiting`` passages wait, and as many queries."""
        self._encoder = encoder
        self._card = card
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        self._passages = Batcher(encoder.embed_tokens, name="passages", max_waiting=max_waiting)
        self._queries = Batcher(self._embed_queries, name="queries", max_waiting=max_waiting)
        self._requests = 0
        self._max_requests = max_requests

    def leave(self) -> None:
        """Embed nothing any more but what is in a batch; whoever waits is told."""
        self._passages.close()
        self._queries.close()

    def close(self) -> None:
        """End the threads."""
        self.leave()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def health(self, _: Request) -> Response:
        """Say that the server lives."""
        return _json({"status": "ok"})

    async def models(self, _: Request) -> Response:
        """List the one model."""
        return _json({"object": "list", "data": [self._model()]})

    async def model(self, request: Request) -> Response:
        """Describe the model by any of its names."""
        check_model(request.path_params["name"], self._card)
        return _json(self._model())

    def _model(self) -> dict[str, object]:
        # The last two fields are vLLM's and ours; OpenAI's clients leave them alone.
        return {
            "id": self._card.name, "object": "model", "created": 0, "owned_by": "funcseek",
            "max_model_len": self._card.max_tokens, "dimension": self._card.dimension,
        }  # fmt: skip

    async def embed(self, request: Request) -> Response:
        """Answer one request for vectors."""
        if self._requests >= self._max_requests:
            raise _busy(1)
        self._requests += 1
        try:
            return await self._embed(request)
        finally:
            self._requests -= 1

    async def _embed(self, request: Request) -> Response:
        raw = await _body(request)
        wanted, tokens = await self._call(lambda: self._read(raw), size=len(raw))
        rows = await _unless_gone(request, self._submitted(wanted, tokens))
        count = sum(map(len, tokens))
        body = await self._call(lambda: answer(rows, wanted, model=self._card.name, tokens=count), size=rows.nbytes)
        return Response(body, media_type="application/json")

    async def _call(self, function: Callable[[], Result], *, size: int) -> Result:
        if size <= SMALL_BYTES:
            return function()
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)

    def _read(self, raw: bytes) -> tuple[Asked, list[list[int]]]:
        """Return a request and the tokens of its inputs."""
        wanted = asked(raw, self._card)
        if wanted.tokens:
            return wanted, wanted.tokens
        if wanted.is_query:
            return wanted, [self._encoder.query_tokens(text) for text in wanted.texts]
        return wanted, self._encoder.passage_tokens(wanted.texts)

    def _submitted(self, wanted: Asked, tokens: Sequence[list[int]]) -> Future[NDArray[np.float32]]:
        try:
            if wanted.is_query and wanted.texts:
                return self._queries.submit(wanted.texts)
            return self._passages.submit(tokens)
        except QueueFull as full:
            raise _busy(full.retry_after_seconds) from full
        except Closed as closed:
            raise _leaving() from closed

    def _embed_queries(self, texts: list[str]) -> NDArray[np.float32]:
        return np.stack([self._encoder.embed_query(text) for text in texts])


def _leaving() -> Refusal:
    return Refusal(503, "The server is leaving; ask again when it is back.", kind="server_error")


def _busy(seconds: int) -> Refusal:
    return Refusal(
        429,
        f"Too much waits to be embedded; ask again in {seconds} s.",
        kind="requests",
        code="rate_limit_exceeded",
        headers={"Retry-After": str(seconds)},
    )


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise Refusal(413, f"The body is larger than {MAX_BODY_BYTES} bytes; send fewer texts at a time.")
        parts.append(part)
    return b"".join(parts)


async def _unless_gone(request: Request, work: Future[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Wait for vectors; once the caller has hung up, cancel them and raise ClientDisconnect.

    Raises Refusal where the server leaves before they are there.
    """
    rows, gone = asyncio.wrap_future(work), asyncio.ensure_future(_disconnected(request))
    either: set[asyncio.Future[Any]] = {rows, gone}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not rows.done():
            raise ClientDisconnect
        if rows.cancelled():
            raise _leaving()
        return rows.result()
    finally:
        rows.cancel()
        gone.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def application(embeddings: Embeddings, guard: Guard) -> ASGIApp:
    """Return the ASGI application."""
    doors = {
        ("/v1/embeddings", "POST"): embeddings.embed,
        ("/v1/models", "GET"): embeddings.models,
        ("/v1/models/{name:path}", "GET"): embeddings.model,
        ("/health", "GET"): embeddings.health,
    }
    routes = [Route(path, _door(handler), methods=[method]) for (path, method), handler in doors.items()]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _no_such_door})

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            guard.check(scope["path"], Headers(scope=scope))
        except Refusal as refusal:
            await _refused(refusal)(scope, receive, send)
            return
        await app(scope, receive, send)

    return guarded


def _door(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except Refusal as refusal:
            return _refused(refusal)
        except ClientDisconnect:
            return _GONE
        except Exception:
            _logger.exception("A request to %s failed", request.url.path)
            return _refused(Refusal(500, "The server failed on an error of its own; see its log.", kind="server_error"))

    return answered


def _no_such_door(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 (what it is registered for)
    message = {
        404: f"There is no {request.url.path[:80]!r} here; there are /v1/embeddings, /v1/models and /health.",
        405: f"{request.method} is not what this address takes.",
    }.get(error.status_code, error.detail)
    return _refused(Refusal(error.status_code, message, headers=error.headers))


def _refused(refusal: Refusal) -> Response:
    return _json(refusal.body, refusal.status, headers=dict(refusal.headers))


def _json(body: Mapping[str, object], status: int = 200, *, headers: dict[str, str] | None = None) -> Response:
    return Response(encoded(body), status, headers=headers, media_type="application/json")
