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

from .settings import SECTION

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from .greeting import Greeting
    from .language_server import Server

_logger = logging.getLogger(__name__)

# Some clients never answer what they do not know; a search waits for the settings as long as this.
ANSWER_SECONDS = 2.0


class Window:
    """The client's user interface."""

    def __init__(self, server: Server, greeting: Greeting) -> None:
        """Say nothing yet."""
        self._server = server
        self._greeting = greeting
        self._warned: set[str] = set()
        self._tokens = itertools.count(1)

    def warn(self, sentence: str) -> None:
        """Show a warning, each sentence once."""
        if sentence not in self._warned:
            self._warned.add(sentence)
            self._server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, sentence))

    async def begin_progress(self, title: str) -> Progress | None:
        """Show a progress at 0 %; None where the client cannot."""
        if not self._greeting.capability("window", "workDoneProgress"):
            return None
        token = f"funcseek/{next(self._tokens)}"
        created = self._server.protocol.send_request_async(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(token)
        )
        is_answered, _ = await _answered(created)
        return Progress(self._server, token, title) if is_answered else None

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

    def __init__(self, server: Server, token: str, title: str) -> None:
        """Begin."""
        self._server = server
        self._token = token
        self._percentage = 0
        # The service indexes for every window: one of them cannot stop it.
        self._tell(types.WorkDoneProgressBegin(title=title, cancellable=False, percentage=0))

    def report(self, message: str, percentage: int) -> None:
        """Show how far it is; a percentage never falls, as the protocol demands."""
        self._percentage = max(self._percentage, min(percentage, 100))
        self._tell(types.WorkDoneProgressReport(message=message, percentage=self._percentage, cancellable=False))

    def end(self, message: str) -> None:
        """End."""
        self._tell(types.WorkDoneProgressEnd(message=message))

    def _tell(self, value: Any) -> None:
        self._server.progress(types.ProgressParams(self._token, value))


async def _answered(question: Awaitable[Any]) -> tuple[bool, Any]:
    """Return whether a client answered a request, and with what."""
    try:
        # Not wait_for: in Python 3.11 it loses a cancellation that comes together with the answer.
        async with asyncio.timeout(ANSWER_SECONDS):
            return True, await question
    except (JsonRpcException, TimeoutError) as error:
        _logger.warning("The client did not answer a request: %s", str(error) or "no answer in time")
        return False, None
