"""One editor's connection from the greeting to the end: reads messages, and sees to it that the process leaves.

It leaves after ``exit``, when stdin ends, and when the client's process is gone though something holds its pipe open.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
import time
from typing import TYPE_CHECKING

from .calls import Calls
from .following import Followers
from .framing import FramingError
from .handlers import Handlers
from .language_server import Server, open_connection, receive
from .places import places
from .session import Session
from .window import Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from .framing import Incoming, Outgoing
    from .greeting import Greeting

_logger = logging.getLogger(__name__)

# An end of stdin is noticed at once; this is for a client that died and left its pipe to a child of its own.
CLIENT_CHECK_SECONDS = 1.0

LEFT, BROKEN = 0, 4


def serve(greeting: Greeting, incoming: Incoming, outgoing: Outgoing, *, client_process: int | None) -> int:
    """Serve until the editor leaves; returns the exit status."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # it logs every refused request with a traceback
    return asyncio.run(_serve(greeting, incoming, outgoing, greeting.client_process or client_process))


async def _serve(greeting: Greeting, incoming: Incoming, outgoing: Outgoing, client_process: int | None) -> int:
    loop = asyncio.get_running_loop()
    server, handlers = server_for(greeting)
    server.protocol.ended = loop.create_future()
    open_connection(server, greeting, outgoing)
    handlers.take(greeting)

    def call(function: Callable[..., None], *values: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(function, *values)

    def read() -> None:
        try:
            while (body := incoming.body()) is not None:
                call(receive, server, body, outgoing)
            call(server.protocol.end, LEFT)
        except (FramingError, OSError):
            _logger.exception("The client's messages cannot be read")
            call(server.protocol.end, BROKEN)

    threading.Thread(target=read, name="read", daemon=True).start()
    if client_process is not None and _is_alive(client_process):
        threading.Thread(target=_outlive, args=(client_process,), name="client", daemon=True).start()
    return await server.protocol.ended


def server_for(greeting: Greeting) -> tuple[Server, Handlers]:
    """Return a server for a client, with everything registered that the greeting promised."""
    server = Server()
    calls, window = Calls(places()), Window(server, greeting)
    handlers = Handlers(Session(server, calls, greeting.encoding), window, Followers(calls, window), greeting=greeting)
    handlers.register(server)
    return server, handlers


def _outlive(process: int) -> None:
    while _is_alive(process):
        time.sleep(CLIENT_CHECK_SECONDS)
    # Not through the loop: it may be blocked in a pipe that nobody reads any more.
    os._exit(LEFT)


def _is_alive(process: int) -> bool:
    # A client in another container has no process here; it is not watched at all.
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
