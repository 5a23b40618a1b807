"""Answers ``initialize`` before pygls is loaded, because loading it takes most of a second. Standard library only.

What is promised here must be what ``handlers`` registers; a test compares this answer with the one pygls would give.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .protocol import VERSION

if TYPE_CHECKING:
    from .framing import Incoming, Outgoing

SERVER_NAME = "funcseek"

SEARCH, SIMILAR = "funcseek/search", "funcseek/similar"
STATUS, REINDEX = "funcseek/status", "funcseek/reindex"
PAUSE, RESUME = "funcseek/pause", "funcseek/resume"
REQUESTS = (SEARCH, SIMILAR, STATUS, REINDEX, PAUSE, RESUME)
COMMANDS = {request.replace("/", "."): request for request in REQUESTS}
# Sent to clients that say in `capabilities.experimental.funcseek.statusChanged` that they show it.
STATUS_CHANGED = "funcseek/statusChanged"
NOTIFICATIONS = (STATUS_CHANGED,)
# The command of a client that shows functions like the one at a position, which it lists in
# `capabilities.experimental.commands.commands`; and ours, for every other client.
SHOW_SIMILAR, PICK_SIMILAR = "funcseek.showSimilar", "funcseek.pickSimilar"
# Of no kind of change that an editor offers: it changes nothing.
ACTION_KIND = "funcseek.similar"

# What we can count in; a client that offers nothing counts in the default.
ENCODINGS = ("utf-8", "utf-16", "utf-32")
DEFAULT_ENCODING = "utf-16"

# Codes of JSON-RPC and of the Language Server Protocol.
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL_ERROR = -32700, -32600, -32601, -32602, -32603
NOT_INITIALIZED, REQUEST_FAILED = -32002, -32803

INCREMENTAL_SYNC = 2
# The notebooks whose cells we are to be told of: Jupyter's, as VS Code and those after it call them.
NOTEBOOKS: dict[str, Any] = {"notebookSelector": [{"notebook": "jupyter-notebook"}]}


@dataclass(frozen=True, slots=True)
class Greeting:
    """The parameters of ``initialize``, which may hold anything: read them through the methods."""

    params: dict[str, Any] = field(default_factory=dict)

    @property
    def encoding(self) -> str:
        """The first of the client's position encodings that we can count in, as pygls chooses."""
        offered = self.capability("general", "positionEncodings")
        usable = (name for name in offered if name in ENCODINGS) if isinstance(offered, list) else ()
        return next(iter(usable), DEFAULT_ENCODING)

    @property
    def client_process(self) -> int | None:
        """Process id of the client."""
        found = self.params.get("processId")
        return found if isinstance(found, int) and found > 0 else None

    def capability(self, *names: str) -> Any:
        """Return one of the client's capabilities, None where any level of it is missing."""
        found: Any = self.params.get("capabilities")
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        return found


def answer(greeting: Greeting) -> dict[str, Any]:
    """Return the result of ``initialize``."""
    has_notebooks = greeting.capability("notebookDocument") is not None
    return {
        "serverInfo": {"name": SERVER_NAME, "version": VERSION},
        "capabilities": {
            "positionEncoding": greeting.encoding,
            "textDocumentSync": {"openClose": True, "change": INCREMENTAL_SYNC},
            **({"notebookDocumentSync": NOTEBOOKS} if has_notebooks else {}),
            "workspaceSymbolProvider": {"resolveProvider": False},
            "executeCommandProvider": {"commands": [*COMMANDS, PICK_SIMILAR]},
            "codeActionProvider": {"codeActionKinds": [ACTION_KIND]},
            "codeLensProvider": {"resolveProvider": False},
            "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
            "experimental": {"funcseek": {"requests": list(REQUESTS), "notifications": list(NOTIFICATIONS)}},
        },
    }


def greet(incoming: Incoming, outgoing: Outgoing) -> Greeting | None:
    """Answer the client's ``initialize`` and return it; None where the client leaves instead. Raises FramingError."""
    while (body := incoming.body()) is not None:
        message = _decoded(body)
        method, request_id = message.get("method"), message.get("id")
        if method == "exit":
            return None
        params = message.get("params")
        if method == "initialize" and request_id is not None and isinstance(params, dict):
            greeting = Greeting(params)
            outgoing.send(id=request_id, result=answer(greeting))
            return greeting
        if request_id is not None:
            _refuse(outgoing, request_id, method)
    return None


def _refuse(outgoing: Outgoing, request_id: Any, method: Any) -> None:
    if method == "initialize":
        outgoing.refuse(request_id, INVALID_PARAMS, "The parameters of initialize must be an object.")
    else:
        outgoing.refuse(request_id, NOT_INITIALIZED, "The first request must be initialize.")


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}
