"""The service's HTTP doors: decode, call, encode. No indexing and no process life here.

All bodies are JSON. Errors are ``{"error": {"kind", "message"}}``: 400 for what the caller can mend, 409 for an index
in other hands, 507 for a disk that refuses, 500 for an error of our own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import time
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from ..index.errors import (
    FuncseekError,
    IndexBusy,
    ModelError,
    QueryError,
    RootError,
    RootGone,
    ServiceError,
    StillReading,
    StorageFailure,
)
from ..index.home import Home
from ..index.housekeeping import cache_bytes, disk_bytes
from .bodies import desk_request, draft_request, number, search_query, similar_request, text, texts
from .protocol import (
    PROTOCOL,
    VERSION,
    DraftJson,
    HealthJson,
    OutlinedJson,
    RootJson,
    ServiceAnswerJson,
    StoredRootJson,
    error_body,
    shown,
)
from .rerankers import chosen_reranker, name_of
from .results import coverage_json, located, model_notices

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from concurrent.futures import ThreadPoolExecutor

    from starlette.requests import Request
    from starlette.responses import Response

    from ..index.hits import Answer
    from .model import Model
    from .places import Places
    from .reranking import Reranking
    from .roots import Roots
    from .worker import Worker

_logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# The longest a caller may wait in one request; it asks again.
MAX_WAIT_SECONDS = 60.0
MAX_BODY_BYTES = 1 << 20
# The largest file that is searched, each byte of it written in six as JSON may.
MAX_TEXT_BYTES = 16 << 20
# A file saved just before its functions are asked about is read in less than a second.
SAVE_SECONDS = 5.0

OWN_FAULT = "The service failed on an error of its own; see its log (`funcseek status`) and report it."

_STATUS_OF = {QueryError: 400, RootError: 400, ModelError: 400, IndexBusy: 409, StorageFailure: 507}


# Phases in which a root is not brought up to date.
_WITHOUT_WORK = ("gone", "failed", "closed")


class Changes:
    """A flag for coroutines that any thread can raise."""

    def __init__(self) -> None:
        """Bind to no loop yet."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._event = asyncio.Event()

    def bind(self) -> None:
        """Belong to the running loop from now on."""
        self._loop = asyncio.get_running_loop()

    def tell(self) -> None:
        """Wake every waiter; may be called from any thread, also after the loop has ended."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, is_true: Callable[[], bool], *, timeout_seconds: float) -> bool:
        """Wait until a condition on what the threads tell holds; say whether it came to hold in time."""
        deadline = time.monotonic() + min(timeout_seconds, MAX_WAIT_SECONDS)
        while True:
            event = self._event
            if is_true():
                return True
            try:
                # Not wait_for: in Python 3.11 it swallows a cancellation that comes with the event.
                async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                    await event.wait()
            except TimeoutError:
                return is_true()


class Doors:
    """The handlers, over one service's roots and model."""

    def __init__(
        self,
        places: Places,
        roots: Roots,
        model: Model,
        *,
        reranking: Reranking,
        changes: Changes,
        threads: ThreadPoolExecutor,
    ) -> None:
        """Hold what the handlers call; ``threads`` run what blocks."""
        self._places = places
        self._roots = roots
        self._model = model
        self._reranking = reranking
        self._changes = changes
        self._threads = threads

    async def _call(self, function: Callable[..., Result], *arguments: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(function, *arguments))

    async def health(self, _: dict[str, Any]) -> HealthJson:
        """Say who the service is and what it holds."""
        home = Home(self._places.cache)
        roots = [
            StoredRootJson(**root_json(worker), disk_bytes=await self._call(disk_bytes, home.index_of(worker.root)))
            for worker in self._roots.workers()
        ]
        return HealthJson(
            version=VERSION,
            protocol=PROTOCOL,
            pid=os.getpid(),
            log=str(self._places.log),
            model=self._model.name,
            model_reason=self._model.reason,
            model_problem=self._model.problem,
            reranker=await self._call(self._reranker),
            shared_bytes=await self._call(cache_bytes, home),
            roots=roots,
        )

    def _reranker(self) -> str | None:
        with contextlib.suppress(ModelError):
            choice = chosen_reranker(self._places)
            return None if choice is None else name_of(choice)
        return None

    async def open(self, body: dict[str, Any]) -> RootJson:
        """Open a root and return its state."""
        worker, _ = await self._call(self._roots.open, text(body, "path"))
        return root_json(worker)

    async def wait(self, body: dict[str, Any]) -> RootJson:
        """Return the state of a root once its revision differs from ``revision``, or after ``wait_seconds``."""
        seen, patience = int(number(body, "revision", -1)), number(body, "wait_seconds", 0.0)
        worker, _ = await self._call(self._roots.open, text(body, "path"))
        await self._changes.until(lambda: worker.state.revision != seen, timeout_seconds=patience)
        return root_json(worker)

    async def rescan(self, body: dict[str, Any]) -> RootJson:
        """Have every file of a root looked at again."""
        worker, _ = await self._call(self._roots.open, text(body, "path"))
        worker.rescan()
        return root_json(worker)

    async def focus(self, body: dict[str, Any]) -> dict[str, bool]:
        """Have a file read and embedded before all that waits, because somebody has opened it."""
        worker, below = await self._call(self._roots.open, text(body, "path"))
        if below:
            worker.focus(below)
        return {"focused": bool(below)}

    async def sync(self, body: dict[str, Any]) -> RootJson:
        """Return a root's state once everything saved before this request is indexed.

        Raises RootGone for a root that is gone, StillReading where it takes longer than ``wait_seconds``.
        """
        patience = number(body, "wait_seconds", 0.0)
        worker, _ = await self._call(self._roots.open, text(body, "path"))
        cookie = await self._call(worker.cookie)
        await self._changes.until(
            lambda: worker.state.synced >= cookie or worker.state.phase in _WITHOUT_WORK, timeout_seconds=patience
        )
        state = worker.state
        if state.synced >= cookie:
            return root_json(worker)
        if state.phase in _WITHOUT_WORK:
            raise RootGone(state.problem or f"{worker.root} is being closed; try again.")
        raise StillReading(
            f"{worker.root} is still being read ({state.files_done} of {state.files_total} files);"
            " wait for it, or search what is indexed so far without --fresh."
        )

    async def pause(self, body: dict[str, Any]) -> dict[str, bool]:
        """Have a root, or every root where no path is given, embed nothing, or go on with it."""
        is_paused = body.get("is_paused")
        if not isinstance(is_paused, bool):
            raise QueryError(f"'is_paused' must be true or false; the request has {is_paused!r}.")
        root = None
        if body.get("path") is not None:
            worker, _ = await self._call(self._roots.open, text(body, "path"))
            root = worker.root
        await self._call(partial(self._roots.pause, root, is_paused=is_paused))
        return {"is_paused": is_paused}

    async def close(self, body: dict[str, Any]) -> dict[str, bool]:
        """Stop indexing a root."""
        worker, _ = await self._call(self._roots.open, text(body, "path"))
        await self._call(self._roots.close, worker.root)
        return {"closed": True}

    async def reload_model(self, _: dict[str, Any]) -> dict[str, bool]:
        """Take up a model that was installed or removed, or another reranker."""
        self._reranking.forget()
        self._model.forget()
        await self._call(self._roots.drafts.forget_all)
        for worker in self._roots.workers():
            worker.reload_model()
        return {"reloading": True}

    async def search(self, body: dict[str, Any]) -> ServiceAnswerJson:
        """Answer a query over folders and files, waiting up to ``wait_seconds`` for their first scan."""
        query = search_query(body)
        patience = number(body, "wait_seconds", 0.0)
        parts = await self._call(self._roots.open_all, texts(body, "paths"))
        if not parts:
            raise QueryError("No folder to search was given; give at least one path.")
        await self._until_read([worker for worker, _ in parts], patience)
        answer = await self._call(self._roots.search, parts, query, desk_request(body))
        if query.is_reranked:
            answer = await self._reranking.rerank(answer, query)
        return self._answer_json(query.text, answer, [worker for worker, _ in parts])

    async def similar(self, body: dict[str, Any]) -> ServiceAnswerJson:
        """Answer with the functions like the one at a place, or like those in a text."""
        request = similar_request(body)
        parts = await self._call(self._roots.open_all, request.paths)
        if not parts and not request.path:
            raise QueryError("No folder to search was given; give at least one path.")
        home = None
        if request.position is not None:
            home = await self._call(self._roots.home_of, request.path, [] if parts else [request.path])
            parts = parts or [(home[0], "")]
        await self._until_read([worker for worker, _ in parts], request.wait_seconds)
        if home is not None and not await self._call(self._roots.is_current, *home):
            with contextlib.suppress(StillReading):  # what is asked about says so
                await self.sync({"path": str(home[0].root), "wait_seconds": SAVE_SECONDS})
        found = await self._call(self._roots.similar, parts, request, home)
        return self._answer_json(found.title, found.answer, [worker for worker, _ in parts])

    async def draft(self, body: dict[str, Any]) -> DraftJson:
        """Take up what an editor has not saved of a document, or that it has closed it."""
        return await self._call(self._roots.draft, draft_request(body))

    async def outline(self, body: dict[str, Any]) -> dict[str, list[OutlinedJson]]:
        """Return the functions in a text."""
        content = text(body, "text").encode("utf-8", "replace")
        outline = partial(self._roots.drafts.outline, path=text(body, "path"), language=text(body, "language"))
        return {"functions": await self._call(outline, content)}

    async def _until_read(self, workers: list[Worker], patience: float) -> None:
        await self._changes.until(
            lambda: all(worker.state.is_searchable or worker.state.phase in _WITHOUT_WORK for worker in workers),
            timeout_seconds=patience,
        )

    def _answer_json(self, query: str, answer: Answer, workers: list[Worker]) -> ServiceAnswerJson:
        pending = sum(worker.state.pending_files for worker in workers)
        return ServiceAnswerJson(
            query=query,
            results=[located(hit) for hit in answer.hits],
            coverage=coverage_json(answer.coverage, pending_files=pending),
            model=answer.model,
            reranker=answer.reranker,
            generation=answer.generation,
            is_confident=answer.is_confident,
            notices=self._notices(answer, workers),
        )

    def _notices(self, answer: Answer, workers: list[Worker]) -> list[str]:
        notices = model_notices(answer, self._model.lacking)
        for worker in workers:
            notices += worker.notices()
        return notices


def root_json(worker: Worker) -> RootJson:
    """Return the state of a root as JSON."""
    return cast("RootJson", {"root": shown(str(worker.root)), **asdict(worker.state)})


def application(doors: Doors, *, leave: Callable[[], None], track: Callable[[int], None]) -> Starlette:
    """Return the ASGI application; ``leave`` ends the service, ``track`` is told +1 and -1 around every request."""

    async def depart(_: dict[str, Any]) -> dict[str, bool]:
        leave()
        return {"leaving": True}

    def door(handler: Callable[[dict[str, Any]], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            track(+1)
            try:
                return JSONResponse(await handler(await _body(request)))
            except FuncseekError as error:
                return JSONResponse(error_body(error), status_code=_status_of(error))
            except Exception:
                _logger.exception("A request to %s failed", request.url.path)
                return JSONResponse(error_body(ServiceError(OWN_FAULT)), status_code=500)
            finally:
                track(-1)

        return answer

    handlers: dict[str, Callable[[dict[str, Any]], Awaitable[Any]]] = {
        "health": doors.health, "open": doors.open, "wait": doors.wait, "rescan": doors.rescan, "sync": doors.sync,
        "focus": doors.focus, "pause": doors.pause, "close": doors.close, "search": doors.search,
        "similar": doors.similar, "draft": doors.draft, "outline": doors.outline,
        "model": doors.reload_model, "leave": depart,
    }  # fmt: skip
    routes = [Route(f"/{name}", door(handler), methods=["POST"]) for name, handler in handlers.items()]
    # For whoever looks after processes: it asks nothing of the indexes, and does not keep the service from leaving.
    return Starlette(routes=[Route("/health", _alive, methods=["GET"]), *routes])


async def _alive(_: Request) -> Response:
    return JSONResponse({"status": "ok", "version": VERSION, "pid": os.getpid()})


# Doors that take a whole document.
_WITH_TEXT = ("/draft", "/outline")


async def _body(request: Request) -> dict[str, Any]:
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > (limit := MAX_TEXT_BYTES if request.url.path in _WITH_TEXT else MAX_BODY_BYTES):
            raise QueryError(f"The request is larger than {limit} bytes; shorten the query.")
    try:
        body = _decode(raw)
    except (ValueError, RecursionError) as error:
        raise QueryError(f"The request is no JSON object ({error}).") from error
    return body


def _decode(raw: bytes) -> dict[str, Any]:
    body = json.loads(raw or b"{}")
    if not isinstance(body, dict):
        raise ValueError(f"it is a {type(body).__name__}")  # noqa: TRY004 (one kind of error for bad JSON)
    return body


def _status_of(error: FuncseekError) -> int:
    return next((status for kind, status in _STATUS_OF.items() if isinstance(error, kind)), 503)
