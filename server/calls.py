"""Calls to the background service from coroutines: each blocks a daemon thread of its own, never the editor's loop.

Daemon threads, because anything else would keep the process alive until the service has answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, TypeVar

from ..index.errors import ServiceError
from .client import connect, running

if TYPE_CHECKING:
    from collections.abc import Callable

    from .client import Client
    from .places import Places

Answer = TypeVar("Answer")


class Calls:
    """The calls of one editor. A service that has gone is started again by the next call."""

    def __init__(self, places: Places) -> None:
        """Connect to nothing yet."""
        self._places = places
        self._starting = threading.Lock()

    async def ask(self, question: Callable[[Client], Answer]) -> Answer:
        """Ask on a connection of its own and return the answer; when cancelled, hang up at once."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        call = _Call(self._client)

        def work() -> None:
            try:
                found = call.ask(question)
            except Exception as error:
                _tell(loop, _fail, answer, error)
            else:
                _tell(loop, _succeed, answer, found)

        threading.Thread(target=work, name="call", daemon=True).start()
        try:
            return await answer
        except asyncio.CancelledError:
            call.hang_up()
            raise

    def _client(self) -> Client:
        if client := running(self._places):
            return client
        # One starts a service and the others wait for it, instead of each starting its own.
        with self._starting:
            return connect(self._places)


class _Call:
    """One question; ``hang_up`` is called from another thread than ``ask``."""

    def __init__(self, connected: Callable[[], Client]) -> None:
        self._connected = connected
        self._client: Client | None = None
        self._is_over = False

    def ask(self, question: Callable[[Client], Answer]) -> Answer:
        with self._connected() as client:
            self._client = client
            if self._is_over:
                raise ServiceError("The request was cancelled.")
            return question(client)

    def hang_up(self) -> None:
        self._is_over = True
        if self._client is not None:
            self._client.close()


def _tell(loop: asyncio.AbstractEventLoop, outcome: Callable[..., None], *values: object) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits
        loop.call_soon_threadsafe(outcome, *values)


def _succeed(answer: asyncio.Future[Answer], found: Answer) -> None:
    if not answer.done():
        answer.set_result(found)


def _fail(answer: asyncio.Future[Answer], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
