"""pygls as this project needs it: its traps closed, its dispatch fed one message at a time. Knows no feature.

Every override says what goes wrong without it; each was met in pygls 2.1.1.
"""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any

import attrs
from lsprotocol import types
from pygls.exceptions import FeatureRequestError, JsonRpcException, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.workspace import TextDocument

from .greeting import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    NOTEBOOKS,
    PARSE_ERROR,
    REQUESTS,
    SERVER_NAME,
)
from .protocol import VERSION

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Generator

    from pygls.server import ServerErrors

    from .framing import Outgoing
    from .greeting import Greeting

_logger = logging.getLogger(__name__)

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


def _lines(document: TextDocument) -> tuple[str, ...]:
    return tuple(_LINE.findall(document.source))


# pygls uses str.splitlines, which also ends a line at form feeds and five more characters that end none for an editor:
# every edit below one of them would land on a wrong line.
TextDocument.lines = property(_lines)  # type: ignore[method-assign, assignment]


@attrs.define
class _OwnRequest:
    """A request of ours; without a type of its own, pygls would turn its parameters into tuples with mangled names."""

    id: Any
    method: str
    params: Any = None
    jsonrpc: str = "2.0"


class Refusal(JsonRpcException):
    """An error for the client: a code and one sentence."""

    def __init__(self, code: int, sentence: str) -> None:
        """Carry no traceback."""
        super().__init__(sentence, code)


class Protocol(LanguageServerProtocol):
    """The protocol of one connection; ``ended`` is to be given its exit status."""

    ended: asyncio.Future[int]

    def get_message_type(self, method: str) -> type[Any] | None:  # type: ignore[override]
        """Return the type a message is read into."""
        return _OwnRequest if method in REQUESTS else super().get_message_type(method)

    def knows(self, method: object) -> bool:
        """Say whether there is a handler; pygls reads the parameters first, and fails on those it does not know."""
        return method == types.CANCEL_REQUEST or method in self.fm.features or method in self.fm.builtin_features

    def is_shut_down(self) -> bool:
        """Say whether the client has asked for the end."""
        return self._shutdown

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: object) -> None:  # type: ignore[override]
        """End the loop; pygls would raise SystemExit out of it and close a stream that answers still go to."""
        self.end(0 if self._shutdown else 1)

    def end(self, status: int) -> None:
        """Have the process leave with a status."""
        if not self.ended.done():
            self.ended.set_result(status)

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *_: object) -> Generator[Any, Any, None]:
        """Cancel what runs; pygls changes the dictionary of pending requests while it walks through it."""
        yield self.fm.features[types.SHUTDOWN], (), None
        self._shutdown = True
        for request_id, future in list(self._request_futures.items()):
            if request_id != self.msg_id:
                future.cancel()

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Run a command inside the request's own task; pygls runs it beside, where no cancellation reaches it."""
        handler = self.fm.commands.get(params.command)
        if handler is None:
            raise Refusal(INVALID_PARAMS, f"There is no command {params.command!r}.")
        return await handler(*(params.arguments or ()))

    def forget_finished(self) -> None:
        """Drop what is done; pygls keeps an entry for every notification, which is one for every keystroke."""
        for request_id in [key for key, future in self._request_futures.items() if future.done()]:
            del self._request_futures[request_id]


class Server(LanguageServer):
    """The server of one connection."""

    protocol: Protocol

    def __init__(self) -> None:
        """Prepare; nothing is registered yet."""
        super().__init__(
            SERVER_NAME,
            VERSION,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            notebook_document_sync=types.NotebookDocumentSyncOptions(
                [types.NotebookDocumentFilterWithNotebook(one["notebook"]) for one in NOTEBOOKS["notebookSelector"]]
            ),
            protocol_cls=Protocol,
        )

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """Log; pygls would send a message to the client, and fail again, for ever, where the client has gone."""
        if source is not FeatureRequestError:  # a request's answer has told it
            _logger.error("%s: %s", source.__name__, error)


class _Nowhere:
    def write(self, data: bytes) -> None:
        pass

    def close(self) -> None:
        pass


def open_connection(server: Server, greeting: Greeting, outgoing: Outgoing) -> None:
    """Bring pygls to where the client believes it is: initialized, with the answer already given."""
    # pygls is shown the one thing it needs of the client's capabilities: it rejects a greeting with any malformed part.
    message = {
        "jsonrpc": "2.0",
        "id": 0,
        "method": types.INITIALIZE,
        "params": {"capabilities": {"general": {"positionEncodings": [greeting.encoding]}}},
    }
    server.protocol.set_writer(_Nowhere())
    server.protocol.handle_message(server.protocol.structure_message(message))
    server.protocol.set_writer(outgoing)


def receive(server: Server, body: bytes, outgoing: Outgoing) -> None:
    """Dispatch one message; whatever it holds, a request is answered and nothing is raised."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        outgoing.refuse(None, PARSE_ERROR, "The message is no JSON.")
        return
    if not isinstance(message, dict):
        outgoing.refuse(None, INVALID_REQUEST, "The message is no JSON object.")
        return
    if not isinstance(message.get("id"), str | int | None):
        outgoing.refuse(None, INVALID_REQUEST, "The id of a message must be a number or a text.")
        return
    try:
        _dispatch(server.protocol, message)
    except Exception as error:
        if "method" in message and "id" in message:
            _refuse(outgoing, message, error)
        else:
            _logger.exception("A message could not be handled")
    server.protocol.forget_finished()


def _dispatch(protocol: Protocol, message: dict[str, Any]) -> None:
    method = message.get("method")
    if method == types.INITIALIZE:
        raise Refusal(INVALID_REQUEST, "The server is initialized already.")
    if protocol.is_shut_down() and "id" in message and method is not None:
        raise Refusal(INVALID_REQUEST, "The server is shut down; only exit may follow.")
    if method is not None and not protocol.knows(method):
        if "id" in message:
            raise Refusal(METHOD_NOT_FOUND, f"There is no request {method!r}.")
        return
    protocol.handle_message(protocol.structure_message({"jsonrpc": "2.0"} | message))


def _refuse(outgoing: Outgoing, message: dict[str, Any], error: Exception) -> None:
    if isinstance(error, Refusal):
        outgoing.refuse(message["id"], error.code, error.message)
    elif isinstance(error, JsonRpcInvalidParams):
        outgoing.refuse(message["id"], INVALID_PARAMS, f"The parameters of {message['method']} are not as specified.")
    else:
        _logger.exception("A request could not be read")
        outgoing.refuse(message["id"], INVALID_REQUEST, "The request is not as specified.")
