"""The background service's life: one for each user, born on demand, gone when idle. Answers nothing itself.

A lock held for life makes start-up races harmless: the loser leaves without a word, and its client finds the winner's
socket. Whoever holds the lock may remove a stale socket, because no living service can own it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import logging.handlers
import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import uvicorn

from ..index.code_index import Home
from ..index.errors import StorageFailure
from ..index.machine import spare_memory
from .application import Changes, Doors, application
from .consents import Consents
from .model import Model
from .models import load_model
from .peers import OwnSocket
from .places import Places, checked_socket
from .rerankers import load_reranker
from .reranking import Reranking
from .roots import Roots
from .solitude import alone
from .tidying import Tidying

if TYPE_CHECKING:
    from starlette.applications import Starlette

_logger = logging.getLogger(__name__)

# After the last request of the last client; an editor always has one open.
IDLE_SECONDS = 600.0
# How often leaving is considered.
IDLE_CHECK_SECONDS = 1.0
# Searches that run at once; more would only share the same two cores.
SEARCH_THREADS = 4
LOG_BYTES = 2 << 20


class Life:
    """When to leave: on request, or when nothing was asked and nothing is being done for a while."""

    def __init__(self, idle_seconds: float) -> None:
        """Start counting now."""
        self._idle_seconds = idle_seconds
        self._requests = 0
        self._last = time.monotonic()
        self._leaving = False

    def track(self, change: int) -> None:
        """Note that a request came (+1) or was answered (-1)."""
        self._requests += change
        self._last = time.monotonic()

    def leave(self) -> None:
        """Leave as soon as the present requests are answered."""
        self._leaving = True

    def is_over(self, *, is_busy: bool) -> bool:
        """Say whether it is time to go."""
        if self._leaving:
            return True
        if is_busy or self._requests:
            self._last = time.monotonic()
        return time.monotonic() - self._last > self._idle_seconds


def serve(
    places: Places, *, idle_seconds: float = IDLE_SECONDS, is_foreground: bool = False, is_polled: bool = False
) -> bool:
    """Run the service until it is idle or told to leave; False where another one already runs.

    ``is_polled``: look through the roots now and then and watch none.

    Raises StorageFailure where its folders cannot be used.
    """
    lock = alone(places)
    if lock is None:
        return False
    try:
        spare_memory()
        _log_to(places, is_foreground=is_foreground)
        _run(places, idle_seconds, is_polled=is_polled)
    finally:
        lock.release()
    return True


def _run(places: Places, idle_seconds: float, *, is_polled: bool) -> None:
    listener = _listen(places)
    changes = Changes()
    model = Model(lambda: load_model(places, is_apart=True), Consents(places.consents))
    roots = Roots(Home(places.cache), model, changed=changes.tell, is_polled=is_polled)
    reranking = Reranking(lambda: load_reranker(places), Consents(places.consents))
    life = Life(idle_seconds)
    threads = ThreadPoolExecutor(SEARCH_THREADS, thread_name_prefix="search")
    # uvicorn catches these while it serves, and raises them again when it has done: the default would end us there.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: life.leave())
    try:
        doors = Doors(places, roots, model, reranking=reranking, changes=changes, threads=threads)
        app = application(doors, leave=life.leave, track=life.track)
        _logger.info("Serving at %s as process %d", places.socket, os.getpid())
        tidying = Tidying(Home(places.cache))
        asyncio.run(_serve(app, listener, changes, roots=roots, life=life, tidying=tidying))
    finally:
        _logger.info("Leaving")
        roots.close_all()
        reranking.close()
        threads.shutdown(wait=False, cancel_futures=True)
        # Last: whoever asked us to leave waits for this, and may then delete or replace what we had open.
        with contextlib.suppress(OSError):
            places.socket.unlink()


async def _serve(
    app: Starlette, listener: socket.socket, changes: Changes, *, roots: Roots, life: Life, tidying: Tidying
) -> None:
    changes.bind()
    config = uvicorn.Config(app, lifespan="off", access_log=False, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)

    async def leave_when_over() -> None:
        while not life.is_over(is_busy=roots.are_busy()):
            if not roots.are_busy() and tidying.is_due():
                await asyncio.to_thread(tidying.run)
            await asyncio.sleep(IDLE_CHECK_SECONDS)
        server.should_exit = True

    waiting = asyncio.create_task(leave_when_over())
    try:
        await server.serve(sockets=[listener])
    finally:
        waiting.cancel()


def _listen(places: Places) -> socket.socket:
    path = checked_socket(places.socket)
    listener = OwnSocket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise StorageFailure(f"Cannot listen at {path}: {error.strerror}; make its folder writable for you.") from error
    return listener


def _log_to(places: Places, *, is_foreground: bool) -> None:
    handler: logging.Handler
    if is_foreground:
        handler = logging.StreamHandler()
    else:
        handler = logging.handlers.RotatingFileHandler(places.log, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
