"""What one editor has open and how it wants to be served: folders, settings, buffers. Speaks no JSON-RPC.

Every question to the service goes through `Calls`, so that none blocks the loop; results are placed in that thread too,
because placing them reads files.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..index.errors import QueryError, RootError
from .filters import search_filters
from .folders import folder_at, holds, outermost, path_of
from .items import Desk, root_state, search_answer, symbol
from .likenesses import Document, document_uri, pointed_at
from .protocol import CoverageJson, RootJson, SearchRequest, ServiceAnswerJson, SimilarRequest
from .settings import CHECKS, Settings, known_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .calls import Calls
    from .client import Client
    from .folders import Folder
    from .language_server import Server

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
        self._server = server
        self._encoding = encoding
        self._folders: dict[str, Folder | None] = {}

    def add(self, uri: str) -> Folder | None:
        """Add a folder; return it, None where it is not on this machine's disks."""
        folder = self._folders[uri] = folder_at(uri)
        return folder

    def remove(self, uri: str) -> None:
        """Forget a folder; the service goes on indexing it for whoever else has it open."""
        self._folders.pop(uri, None)

    def folders(self) -> list[Folder]:
        """Return the folders that can be searched."""
        return [folder for folder in self._folders.values() if folder is not None]

    async def search(self, params: Any) -> dict[str, Any]:
        """Answer ``funcseek/search``; raises QueryError naming what is wrong with the parameters."""
        request, desk = self._request(params), self._desk()

        def ask(client: Client) -> dict[str, Any]:
            return search_answer(_answer(client, request), desk)

        return await self.calls.ask(ask) if request.paths else search_answer(_no_answer(request.query, NO_FOLDER), desk)

    async def similar(self, params: Any) -> dict[str, Any]:
        """Answer ``funcseek/similar``; raises QueryError naming what is wrong with the parameters."""
        document = self._document(document_uri(params))
        narrowed, paths, desk = self._narrowed(params), tuple(self._paths(params.get("scopeUri"))), self._desk()
        same_language = params.get("sameLanguage") or False
        if not isinstance(same_language, bool):
            raise QueryError(f"sameLanguage must be true or false; it is {same_language!r}.")

        def ask(client: Client) -> dict[str, Any]:
            pointed = pointed_at(params, document, encoding=self._encoding)
            return search_answer(
                _answer(client, replace(pointed, paths=paths, same_language=same_language, **narrowed)), desk
            )

        return await self.calls.ask(ask) if paths else search_answer(_no_answer("", NO_FOLDER), desk)

    def _document(self, uri: str) -> Document:
        path = path_of(uri)
        documents = self._server.workspace.text_documents
        opened = documents.get(uri) or next(
            (one for one in documents.values() if path and path_of(one.uri) == path), None
        )
        real = os.path.realpath(path) if path else ""
        return Document(
            real,
            None if opened is None else opened.source,
            known_language(opened.language_id) if opened is not None else "",
            is_indexed=bool(real) and any(holds(folder, real) for folder in self.folders()),
        )

    async def symbols(self, query: str) -> list[dict[str, Any]]:
        """Answer ``workspace/symbol``: functions only, none for an empty query."""
        request, desk = self._request({"query": query}), self._desk()
        if not request.paths or not request.query.strip():
            return []
        return await self.calls.ask(
            lambda client: [symbol(result, desk) for result in _answer(client, request)["results"]]
        )

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
        query = params["query"].encode("utf-8", "replace").decode()
        return SearchRequest(query, tuple(self._paths(params.get("scopeUri"))), **narrowed, **search_filters(params))

    def _narrowed(self, params: dict[str, Any]) -> dict[str, Any]:
        return {
            name: getattr(self.settings, name) if params.get(name) is None else check(params[name])
            for name, check in CHECKS.items()
        }

    def _paths(self, scope_uri: Any) -> list[str]:
        if scope_uri is None:
            return [folder.path for folder in outermost(self.folders())]
        path = path_of(scope_uri) if isinstance(scope_uri, str) else None
        if path is None:
            raise QueryError(f"The scope {scope_uri!r} is no file or folder on this machine; give a file: URI.")
        return [path]

    def _desk(self) -> Desk:
        documents = self._server.workspace.text_documents.values()
        buffers = {path: document.source for document in documents if (path := path_of(document.uri)) is not None}
        return Desk(self.folders(), buffers, self._encoding)


def _answer(client: Client, request: SearchRequest | SimilarRequest) -> ServiceAnswerJson:
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


def _asked(client: Client, request: SearchRequest | SimilarRequest) -> ServiceAnswerJson:
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
        query=query, results=[], coverage=nothing, model=None, generation=0, is_confident=False, notices=list(notices)
    )


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
