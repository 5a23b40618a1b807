"""What the language server answers and what it reacts to: each message's handler, and its errors as one sentence.

Requests are coroutines, because only those can be cancelled while they wait. What is registered here is promised in
`greeting`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from ..index.errors import FuncseekError, QueryError, RootError
from .folders import initial_uris
from .greeting import (
    ACTION_KIND,
    COMMANDS,
    INTERNAL_ERROR,
    INVALID_PARAMS,
    PAUSE,
    PICK_SIMILAR,
    REINDEX,
    REQUEST_FAILED,
    RESUME,
    SEARCH,
    SIMILAR,
    STATUS,
)
from .language_server import Refusal
from .outline import actions, is_wanted, lenses
from .picking import pick
from .session import not_local
from .settings import section_of, settings_from

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from .following import Followers
    from .greeting import Greeting
    from .language_server import Server
    from .session import Session
    from .window import Window

_logger = logging.getLogger(__name__)

OWN_ERROR = "funcseek failed on an error of its own; see the language server's log and report it."


class Handlers:
    """The handlers of one connection."""

    def __init__(self, session: Session, window: Window, followers: Followers, *, greeting: Greeting) -> None:
        """Hold what the handlers call."""
        self._greeting = greeting
        # Until the client has said so, nothing may be asked of it.
        self._is_initialized = False
        self._session = session
        self._window = window
        self._followers = followers
        # A loop keeps no task alive by itself.
        self._reactions: set[asyncio.Task[None]] = set()
        # Held while the client is asked for its settings: a search made after a change must see it.
        self._configuring = asyncio.Lock()

    def register(self, server: Server) -> None:
        """Have the server call the handlers."""
        requests: dict[str, Callable[[Any], Awaitable[Any]]] = {
            SEARCH: self._search, SIMILAR: self._similar, STATUS: self._status, REINDEX: self._reindex,
            PAUSE: partial(self._pause, is_paused=True), RESUME: partial(self._pause, is_paused=False),
        }  # fmt: skip
        for method, handler in requests.items():
            server.feature(method)(_answering(handler))
        for command, method in COMMANDS.items():
            server.command(command)(_commanded(_answering(requests[method])))
        server.command(PICK_SIMILAR)(_commanded(_answering(self._pick)))
        server.feature(types.WORKSPACE_SYMBOL)(_answering(self._symbols))
        kinds = types.CodeActionOptions(code_action_kinds=[ACTION_KIND])
        server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)(_answering(self._code_actions))
        server.feature(types.TEXT_DOCUMENT_CODE_LENS)(_answering(self._code_lenses))
        server.feature(types.INITIALIZED)(self._reacting(self._initialized))
        server.feature(types.TEXT_DOCUMENT_DID_OPEN)(self._reacting(self._opened))
        server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)(self._reacting(self._notebook_opened))
        for change in (
            types.TEXT_DOCUMENT_DID_CHANGE, types.TEXT_DOCUMENT_DID_CLOSE,
            types.NOTEBOOK_DOCUMENT_DID_CHANGE, types.NOTEBOOK_DOCUMENT_DID_CLOSE,
        ):  # fmt: skip
            server.feature(change)(lambda _: self._buffers_changed())
        server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(self._reacting(self._folders_changed))
        server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(self._reacting(self._configuration_changed))
        server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)(self._reacting(self._progress_cancelled))
        server.feature(types.SHUTDOWN)(lambda *_: self._followers.stop())

    def take(self, greeting: Greeting) -> None:
        """Take up the folders and settings of ``initialize``."""
        for uri in initial_uris(greeting):
            self._add(uri)
        self._configure(greeting.params.get("initializationOptions"))

    async def _search(self, params: Any) -> dict[str, Any]:
        async with self._configuring:
            pass
        return await self._followed(self._session.search(params))

    async def _similar(self, params: Any) -> dict[str, Any]:
        async with self._configuring:
            pass
        return await self._followed(self._session.similar(params))

    async def _status(self, _: Any) -> dict[str, Any]:
        return await self._followed(self._session.status())

    async def _reindex(self, params: Any) -> dict[str, Any]:
        return await self._followed(self._session.reindex(params))

    async def _pause(self, params: Any, *, is_paused: bool) -> dict[str, Any]:
        return await self._followed(self._session.pause(params, is_paused=is_paused))

    async def _symbols(self, params: types.WorkspaceSymbolParams) -> list[dict[str, Any]]:
        async with self._configuring:
            pass
        return await self._session.symbols(params.query)

    async def _code_actions(self, params: types.CodeActionParams) -> list[dict[str, Any]]:
        # Asked of its own accord, an editor would show a light bulb in every function.
        is_unasked = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
        only = params.context.only
        if is_unasked or not is_wanted(None if only is None else [str(getattr(kind, "value", kind)) for kind in only]):
            return []
        uri, start = params.text_document.uri, params.range.start
        place = {"line": start.line, "character": start.character}
        return actions(await self._session.functions(uri), uri, place, self._greeting)

    async def _code_lenses(self, params: types.CodeLensParams) -> list[dict[str, Any]]:
        if not self._session.settings.code_lens:
            return []
        uri = params.text_document.uri
        return list(lenses(await self._session.functions(uri), uri, self._greeting))

    async def _pick(self, params: Any) -> dict[str, Any]:
        answer = await self._similar(params)
        self._start(pick(self._window, answer))
        return answer

    async def _followed(self, answer: Awaitable[dict[str, Any]]) -> dict[str, Any]:
        """Wait for an answer; it may have come from a service that was started again and knows no follower."""
        answered = await answer
        self._followers.follow(self._session.folders())
        return answered

    async def _opened(self, params: types.DidOpenTextDocumentParams) -> None:
        await self._open(params.text_document.uri)

    async def _notebook_opened(self, params: types.DidOpenNotebookDocumentParams) -> None:
        await self._open(params.notebook_document.uri)

    async def _open(self, uri: str) -> None:
        # Only a hint: a service that cannot be reached is told of where somebody waits for it.
        with contextlib.suppress(FuncseekError):
            await self._session.focus(uri)
        self._buffers_changed()

    def _buffers_changed(self) -> None:
        self._session.buffers.soon(lambda: self._start(self._tell_buffers()))

    async def _tell_buffers(self) -> None:
        # Only so that it is embedded in time: who asks tells it again, and is told what is wrong.
        with contextlib.suppress(FuncseekError):
            await self._session.tell_buffers()

    async def _progress_cancelled(self, params: types.WorkDoneProgressCancelParams) -> None:
        try:
            await self._window.cancel_progress(params.token)
        except FuncseekError as error:
            self._window.warn(str(error))

    async def _initialized(self, _: Any) -> None:
        self._is_initialized = True
        self._followers.follow(self._session.folders())
        async with self._configuring:
            self._configure(await self._window.configuration())
        await self._window.follow_configuration()

    async def _folders_changed(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            self._session.remove(folder.uri)
        for folder in params.event.added:
            self._add(folder.uri)
        self._followers.follow(self._session.folders())

    async def _configuration_changed(self, params: types.DidChangeConfigurationParams) -> None:
        async with self._configuring:
            pulled = await self._window.configuration()
            self._configure(params.settings if pulled is None else pulled)

    def _reacting(self, handler: Callable[[Any], Coroutine[Any, Any, None]]) -> Callable[[Any], None]:
        """Return the handler in a task of ours: pygls fails on a notification's task that is cancelled at the end."""
        return lambda params: self._start(handler(params))

    def _start(self, reaction: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(reaction)
        self._reactions.add(task)
        task.add_done_callback(self._reactions.discard)

    def _add(self, uri: str) -> None:
        if self._session.add(uri) is None:
            self._window.warn(not_local(uri))

    def _configure(self, values: Any) -> None:
        section = section_of(values)
        if section is not None:
            before = self._session.settings
            self._session.settings, problems = settings_from(section)
            if self._is_initialized and before.code_lens != self._session.settings.code_lens:
                self._start(self._window.refresh_lenses())
            for problem in problems:
                self._window.warn(problem)


def _answering(handler: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
    """Return the handler with every error as the one sentence an editor shows."""

    async def answer(params: Any) -> Any:
        try:
            return await handler(params)
        except (QueryError, RootError) as error:
            raise Refusal(INVALID_PARAMS, str(error)) from error
        except FuncseekError as error:
            raise Refusal(REQUEST_FAILED, str(error)) from error
        except Exception as error:
            _logger.exception("A handler failed")
            raise Refusal(INTERNAL_ERROR, OWN_ERROR) from error

    return answer


def _commanded(handler: Callable[[Any], Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Return the handler as a command: its argument is the request's parameters, or a query and perhaps a limit."""

    async def command(*arguments: Any) -> Any:
        if arguments and not isinstance(arguments[0], dict):
            return await handler(dict(zip(("query", "limit"), arguments, strict=False)))
        return await handler(arguments[0] if arguments else None)

    return command
