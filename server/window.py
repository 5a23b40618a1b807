"""What the server says to the editor of its own accord: warnings, progress, questions about settings.

Asks for nothing the client has not offered, and waits for no answer longer than a moment.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from .greeting import STATUS_CHANGED
from .settings import SECTION

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from .greeting import Greeting
    from .language_server import Server

_logger = logging.getLogger(__name__)

# Some clients never answer what they do not know; a search waits for the settings as long as this.
ANSWER_SECONDS = 2.0
# How long a person may look at a choice before it is given up.
CHOICE_SECONDS = 600.0


class Window:
    """The client's user interface."""

    def __init__(self, server: Server, greeting: Greeting) -> None:
        """Say nothing yet."""
        self._server = server
        self._greeting = greeting
        self._warned: set[str] = set()
        self._tokens = itertools.count(1)
        # What to do when the user cancels a progress that is shown.
        self._cancelled: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {}

    def warn(self, sentence: str) -> None:
        """Show a warning, each sentence once."""
        if sentence not in self._warned:
            self._warned.add(sentence)
            self._server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, sentence))

    def tell(self, sentence: str) -> None:
        """Show a message that is no warning."""
        self._server.window_show_message(types.ShowMessageParams(types.MessageType.Info, sentence))

    def tell_status(self, line: dict[str, Any]) -> None:
        """Tell the state of the folders to a client that has said that it shows it."""
        if self._greeting.capability("experimental", "funcseek", "statusChanged") is True:
            self._server.protocol.notify(STATUS_CHANGED, line)

    @property
    def can_show_documents(self) -> bool:
        """Whether the client opens a document when it is asked to."""
        return self._greeting.capability("window", "showDocument", "support") is True

    async def choose(self, sentence: str, titles: list[str]) -> str | None:
        """Let the user choose one of some titles; None where none was chosen."""
        params = types.ShowMessageRequestParams(
            types.MessageType.Info, sentence, [types.MessageActionItem(title) for title in titles]
        )
        asked = self._server.window_show_message_request_async(params)
        _, chosen = await _answered(asked, timeout_seconds=CHOICE_SECONDS)
        return chosen.title if chosen else None

    async def show_document(self, uri: str, selection: dict[str, Any]) -> None:
        """Open a document and select a part of it."""
        start, end = (types.Position(**selection[end]) for end in ("start", "end"))
        params = types.ShowDocumentParams(uri, take_focus=True, selection=types.Range(start, end))
        await _answered(self._server.window_show_document_async(params))

    async def refresh_lenses(self) -> None:
        """Have the client ask for code lenses again, where it can."""
        if self._greeting.capability("workspace", "codeLens", "refreshSupport") is True:
            await _answered(self._server.workspace_code_lens_refresh_async(None))

    async def cancel_progress(self, token: object) -> None:
        """Do what cancelling a progress means; one that has ended, or is not ours, cannot be cancelled."""
        cancelled = self._cancelled.pop(token, None) if isinstance(token, str) else None
        if cancelled is not None:
            await cancelled()

    async def begin_progress(
        self, title: str, *, cancelled: Callable[[], Coroutine[Any, Any, None]]
    ) -> Progress | None:
        """Show a progress at 0 %, which calls ``cancelled`` when the user cancels it; None where the client cannot."""
        if not self._greeting.capability("window", "workDoneProgress"):
            return None
        token = f"funcseek/{next(self._tokens)}"
        created = self._server.protocol.send_request_async(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(token)
        )
        is_answered, _ = await _answered(created)
        if not is_answered:
            return None
        self._cancelled[token] = cancelled
        return Progress(self._server, token, title, ended=lambda: self._cancelled.pop(token, None))

    async def configuration(self) -> Any:
        """Return our section of the client's settings; None where it offers none."""
        if not self._greeting.capability("workspace", "configuration"):
            return None
        item = types.ConfigurationItem(section=SECTION)
        _, found = await _answered(self._server.workspace_configuration_async(types.ConfigurationParams([item])))
        return found[0] if found else None

    async def follow_configuration(self) -> None:
        """Ask to be told when our settings change, where the client wants to be asked."""
        if not self._greeting.capability("workspace", "didChangeConfiguration", "dynamicRegistration"):
            return
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        registration = types.Registration(id=method, method=method, register_options={"section": SECTION})
        await _answered(self._server.client_register_capability_async(types.RegistrationParams([registration])))


class Progress:
    """One progress in the client's window, from its beginning; it must be ended."""

    def __init__(self, server: Server, token: str, title: str, *, ended: Callable[[], object]) -> None:
        """Begin; ``ended`` is called at the end."""
        self._server = server
        self._token = token
        self._percentage = 0
        self._ended = ended
        self._tell(types.WorkDoneProgressBegin(title=title, cancellable=True, percentage=0))

    def report(self, message: str, percentage: int) -> None:
        """Show how far it is; a percentage never falls, as the protocol demands."""
        self._percentage = max(self._percentage, min(percentage, 100))
        self._tell(types.WorkDoneProgressReport(message=message, percentage=self._percentage, cancellable=True))

    def end(self, message: str) -> None:
        """End."""
        self._ended()
        self._tell(types.WorkDoneProgressEnd(message=message))

    def _tell(self, value: Any) -> None:
        self._server.progress(types.ProgressParams(self._token, value))


async def _answered(question: Awaitable[Any], *, timeout_seconds: float = ANSWER_SECONDS) -> tuple[bool, Any]:
    """Return whether a client answered a request, and with what."""
    try:
        # Not wait_for: in Python 3.11 it loses a cancellation that comes together with the answer.
        async with asyncio.timeout(timeout_seconds):
            return True, await question
    except (JsonRpcException, TimeoutError) as error:
        _logger.warning("The client did not answer a request: %s", str(error) or "no answer in time")
        return False, None
