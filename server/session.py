"""What one editor has open and how it wants to be served: folders, settings, buffers. Speaks no JSON-RPC.

Every question to the service goes through `Calls`, so that none blocks the loop; results are placed in that thread too,
because placing them reads files.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..index.errors import DraftsLost, QueryError, RootError
from .buffers import MOST_CHARACTERS, UNTITLED, Buffers
from .convert import text_of, utf8
from .filters import search_filters, similar_filters
from .folders import folder_at, holds, outermost, path_of
from .items import Desk, names_first, root_state, search_answer, symbol
from .likenesses import Document, document_uri, pointed_at, shown_text
from .notebooks import HOST, ReadCells, cells_in, functions_in, notebook_text, screen_of
from .outline import Outline
from .protocol import CoverageJson, OutlinedJson, RootJson, SearchRequest, ServiceAnswerJson, SimilarRequest
from .settings import NARROWING, Settings, known_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .buffers import Opened
    from .calls import Calls
    from .client import Client
    from .folders import Folder
    from .language_server import Server
    from .notebooks import Cell

    Request = SearchRequest | SimilarRequest

NO_FOLDER = "No folder is open; open one to search it."


def not_local(uri: str) -> str:
    """Return the sentence on a folder that only the editor can read."""
    return f"{uri} is not on this machine's disks; it cannot be searched."


class Session:
    """The state of one editor's connection, and the questions asked in it."""

    def __init__(self, server: Server, calls: Calls, encoding: str) -> None:
        """Begin with no folder and the default settings."""
        self.settings = Settings()
        self.calls = calls
        self.buffers = Buffers(self._documents, self.folders)
        self._server = server
        self._encoding = encoding
        self._folders: dict[str, Folder | None] = {}
        self._cells = ReadCells()

    def add(self, uri: str) -> Folder | None:
        """Add a folder; return it, None where it is not on this machine's disks."""
        folder = self._folders[uri] = folder_at(uri)
        self.buffers.forget()
        return folder

    def remove(self, uri: str) -> None:
        """Forget a folder; the service goes on indexing it for whoever else has it open."""
        self._folders.pop(uri, None)
        self.buffers.forget()

    def folders(self) -> list[Folder]:
        """Return the folders that can be searched."""
        return [folder for folder in self._folders.values() if folder is not None]

    def _documents(self) -> list[Opened]:
        return screen_of(self._server.workspace).documents

    async def search(self, params: Any) -> dict[str, Any]:
        """Answer ``funcseek/search``; raises QueryError naming what is wrong with the parameters."""
        request, desk = self._request(params), self._desk()
        if not request.paths:
            return search_answer(_no_answer(request.query, NO_FOLDER), desk)
        answer = self._answering(is_whole=params.get("scopeUri") is None)
        return await self.calls.ask(lambda client: search_answer(answer(client, request), desk))

    def _answering(self, *, is_whole: bool) -> Callable[[Client, Request], ServiceAnswerJson]:
        """Return how to have a request answered with what is unsaved now; to be called in another thread."""
        snapshot = self.buffers.snapshot()

        def answer(client: Client, request: Request) -> ServiceAnswerJson:
            try:
                return _answer(client, replace(request, desk=self.buffers.flush(client, snapshot, is_whole=is_whole)))
            except DraftsLost:
                self.buffers.forget()
            return _answer(client, replace(request, desk=self.buffers.flush(client, snapshot, is_whole=is_whole)))

        return answer

    async def tell_buffers(self) -> None:
        """Tell the service what is unsaved."""
        snapshot = self.buffers.snapshot()
        if self.folders():
            await self.calls.ask(lambda client: self.buffers.flush(client, snapshot))

    async def similar(self, params: Any) -> dict[str, Any]:
        """Answer ``funcseek/similar``; raises QueryError naming what is wrong with the parameters."""
        document = self._document(document_uri(params))
        narrowed = self._narrowed(params) | similar_filters(params)
        paths, desk = tuple(self._paths(params.get("scopeUri"))), self._desk()
        same_language = params.get("sameLanguage") or False
        if not isinstance(same_language, bool):
            raise QueryError(f"sameLanguage must be true or false; it is {same_language!r}.")

        if not paths:
            return search_answer(_no_answer("", NO_FOLDER), desk)
        answer = self._answering(is_whole=params.get("scopeUri") is None)

        def ask(client: Client) -> dict[str, Any]:
            pointed = pointed_at(params, document, encoding=self._encoding)
            request = replace(pointed, paths=paths, same_language=same_language, **narrowed)
            return search_answer(answer(client, request), desk)

        return await self.calls.ask(ask)

    def _document(self, uri: str) -> Document:
        if (found := screen_of(self._server.workspace).cell(uri)) is not None:
            notebook, cell = found
            path = path_of(notebook.uri)
            real = os.path.realpath(path) if path else notebook.uri
            return Document(real, cell.text, cell=cell)
        path = path_of(uri)
        documents = self._server.workspace.text_documents
        opened = documents.get(uri) or next(
            (one for one in documents.values() if path and path_of(one.uri) == path), None
        )
        real = os.path.realpath(path) if path else ""
        return Document(
            real or (uri if uri.startswith(UNTITLED) else ""),
            None if opened is None else opened.source,
            known_language(opened.language_id) if opened is not None else "",
            is_indexed=bool(real) and any(holds(folder, real) for folder in self.folders()),
        )

    async def symbols(self, query: str) -> list[dict[str, Any]]:
        """Answer ``workspace/symbol``: functions only, none for an empty query."""
        request, desk = self._request({"query": query}), self._desk()
        if not request.paths or not request.query.strip():
            return []
        answer = self._answering(is_whole=True)
        return await self.calls.ask(
            lambda client: [symbol(result, desk) for result in names_first(query, answer(client, request)["results"])]
        )

    async def functions(self, uri: str) -> Outline:
        """Return the functions of a document as it is open, or else on the disk."""
        document = self._document(uri)

        def ask(client: Client) -> Outline:
            text = shown_text(document)
            if text is None or len(text.content) > MOST_CHARACTERS:
                return Outline(text_of(b""), [], self._encoding)
            if document.cell is not None:
                return Outline(text, _functions_in(document.cell, client), self._encoding)
            path = document.path if path_of(uri) else ""
            content = text.content.decode("utf-8", "replace")
            return Outline(text, client.outline(content, path=path, language=document.language), self._encoding)

        return await self.calls.ask(ask)

    async def status(self) -> dict[str, Any]:
        """Answer ``funcseek/status``: the service, its model, the state of every folder."""
        folders = dict(self._folders)

        def ask(client: Client) -> dict[str, Any]:
            roots = [_state(client, uri, folder) for uri, folder in folders.items()]
            health = client.health()
            return {
                "version": health["version"],
                "log": health["log"],
                "model": health["model"],
                "modelProblem": health["model_problem"],
                "roots": roots,
            }

        return await self.calls.ask(ask)

    async def reindex(self, params: Any) -> dict[str, Any]:
        """Have every folder, or the one at ``scopeUri``, looked at again; answers before that is done."""
        scope = params.get("scopeUri") if isinstance(params, dict) else None
        paths = self._paths(scope)

        def ask(client: Client) -> None:
            for path in paths:
                client.call("rescan", path=path)

        if paths:
            await self.calls.ask(ask)
        return await self.status()

    async def pause(self, params: Any, *, is_paused: bool) -> dict[str, Any]:
        """Have nothing embedded in every folder, or in the one at ``scopeUri``, or go on with it; answers at once."""
        paths = self._paths(params.get("scopeUri") if isinstance(params, dict) else None)

        def ask(client: Client) -> None:
            for path in paths:
                client.pause(path, is_paused=is_paused)

        if paths:
            await self.calls.ask(ask)
        return await self.status()

    async def focus(self, uri: str) -> None:
        """Tell the service that a file below one of the folders was opened."""
        path = path_of(uri)
        if path is not None and any(holds(folder, os.path.realpath(path)) for folder in self.folders()):
            await self.calls.ask(lambda client: client.focus(path))

    def _request(self, params: Any) -> SearchRequest:
        if not isinstance(params, dict) or not isinstance(params.get("query"), str):
            raise QueryError("The parameters must be an object whose query is a text.")
        narrowed = self._narrowed(params)
        # Half of a character typed so far is no text that can be sent on.
        query = utf8(params["query"]).decode()
        return SearchRequest(query, tuple(self._paths(params.get("scopeUri"))), **narrowed, **search_filters(params))

    def _narrowed(self, params: dict[str, Any]) -> dict[str, Any]:
        return {
            name: getattr(self.settings, name) if params.get(name) is None else check(params[name])
            for name, check in NARROWING.items()
        }

    def _paths(self, scope_uri: Any) -> list[str]:
        if scope_uri is None:
            return [folder.path for folder in outermost(self.folders())]
        path = path_of(scope_uri) if isinstance(scope_uri, str) else None
        if path is None:
            raise QueryError(f"The scope {scope_uri!r} is no file or folder on this machine; give a file: URI.")
        return [path]

    def _desk(self) -> Desk:
        screen = screen_of(self._server.workspace)
        return Desk(self.folders(), screen, cells=self._cells, encoding=self._encoding)


def _functions_in(cell: Cell, client: Client) -> list[OutlinedJson]:
    text = notebook_text([cell])
    (written,) = cells_in(utf8(text))
    return functions_in(written, client.outline(utf8(text).decode(), path="", language=HOST))


def _answer(client: Client, request: Request) -> ServiceAnswerJson:
    """Search what can be searched: a folder that has gone costs its own results only."""
    if isinstance(request, SearchRequest) and not request.query.strip():
        return _empty_answer(client, request)
    try:
        return _asked(client, request)
    except RootError:
        usable, problems = _usable(client, request.paths)
        if not usable or not problems:
            raise
    answer = _asked(client, replace(request, paths=tuple(usable)))
    answer["notices"] += problems
    return answer


def _asked(client: Client, request: Request) -> ServiceAnswerJson:
    return client.search(request) if isinstance(request, SearchRequest) else client.similar(request)


def _usable(client: Client, paths: Sequence[str]) -> tuple[list[str], list[str]]:
    usable, problems = [], []
    for path in paths:
        try:
            client.open(path)
        except RootError as error:
            problems.append(str(error))
        else:
            usable.append(path)
    return usable, problems


def _empty_answer(client: Client, request: SearchRequest) -> ServiceAnswerJson:
    """Answer a query that nobody has typed yet: nothing found, and how much could be."""
    usable, problems = _usable(client, request.paths)
    states = [client.open(path) for path in usable]
    answer = _no_answer(request.query, *problems)
    answer["model"] = client.health()["model"]
    answer["coverage"] = CoverageJson(
        functions=sum(state["functions"] for state in states),
        embedded=sum(state["embedded"] for state in states),
        pending_files=sum(state["pending_files"] for state in states),
    )
    return answer


def _no_answer(query: str, *notices: str) -> ServiceAnswerJson:
    nothing = CoverageJson(functions=0, embedded=0, pending_files=0)
    return ServiceAnswerJson(
        query=query, results=[], coverage=nothing, model=None, reranker=None, generation=0, is_confident=False,
        notices=list(notices),
    )  # fmt: skip


def _state(client: Client, uri: str, folder: Folder | None) -> dict[str, Any]:
    if folder is None:
        return root_state(_failed("", not_local(uri)), uri)
    try:
        return root_state(client.open(folder.path), uri)
    except RootError as error:
        return root_state(_failed(folder.path, str(error)), uri)


def _failed(root: str, problem: str) -> RootJson:
    return RootJson(
        root=root, phase="failed", revision=0, files=0, files_done=0, files_total=0,
        functions=0, embedded=0, pending_files=0, passages_per_second=0.0, eta_seconds=None, synced=0, is_paused=False,
        throttled=None, watch_problem=None, model_problem=None, problem=problem,
    )  # fmt: skip
