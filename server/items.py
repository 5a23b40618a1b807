"""A service's answer as the editor's items: names, places, one line of documentation. Decides nothing about order."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .convert import Text, place_now, ranges, text_of, utf8
from .folders import editor_uri, path_of
from .notebooks import SUFFIX, found_in, with_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .convert import Range
    from .folders import Folder
    from .notebooks import Found, Notebook, ReadCells, Screen
    from .protocol import AlsoJson, LocatedJson, RootJson, ServiceAnswerJson

# SymbolKind of the Language Server Protocol; what is not listed is a function.
_METHOD, _PROPERTY, _CONSTRUCTOR, _FUNCTION, _OPERATOR = 6, 7, 9, 12, 25
_SYMBOL_KINDS = {
    "method": _METHOD,
    "destructor": _METHOD,
    "accessor": _PROPERTY,
    "constructor": _CONSTRUCTOR,
    "operator": _OPERATOR,
}

# What an editor shows beside a symbol's name; more is cut off by most of them.
SUMMARY_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an editor finds a result: its document, its whole range there and its name's.

    ``cell``, in a notebook: what an item says of the cell that holds it.
    """

    uri: str
    whole: Range
    name: Range
    cell: dict[str, Any] | None = None


class Desk:
    """What is needed to place results in one editor: its folders, what it has open, the way it counts characters."""

    def __init__(self, folders: Sequence[Folder], screen: Screen, *, cells: ReadCells, encoding: str) -> None:
        """Hold a snapshot of what is open."""
        self._folders = folders
        self._notebooks = {notebook.uri: notebook for notebook in screen.notebooks}
        self._drafts = {document.uri: document.text for document in screen.documents}
        self._opened = {
            path: document.text
            for document in screen.documents
            if document.uri not in self._notebooks and (path := path_of(document.uri)) is not None
        }
        self._encoding = encoding
        self._cells = cells
        # Not `functools.cache`: that would keep the desk, and whole files with it, until the garbage is collected.
        self._files: dict[str, tuple[Text | None, Text | None]] = {}
        self._texts: dict[str, Text] = {}
        self._starts: dict[str, list[int]] = {}

    def place(self, result: LocatedJson) -> Placed:
        """Return where a result is, by the URI that the editor knows it by. Reads the file."""
        draft = result.get("draft")
        if draft in self._notebooks and (placed := self._in_open(result, self._notebooks[draft])):
            return placed
        if draft:
            return Placed(draft, *ranges(result, self._draft(draft), None, encoding=self._encoding))
        uri = editor_uri(result["uri"], self._folders)
        path = path_of(uri) or ""
        disk, buffer = self._file(path)
        placed = Placed(uri, *ranges(result, disk, buffer, encoding=self._encoding))
        if disk is None or buffer is not None or not path.lower().endswith(SUFFIX):
            return placed
        found = self._found(result, disk, path)
        return placed if found is None else replace(placed, cell=found.told(uri, self._encoding))

    def also(self, result: LocatedJson) -> list[dict[str, Any]]:
        """Return the other places of a result; those in an open notebook by their cells."""
        open_ones = {os.path.realpath(path_of(uri) or ""): uri for uri in self._notebooks}
        told = []
        for other in result["also"]:
            # What is no file has its URI for a path.
            uri = open_ones.get(os.path.join(result["root"], other["path"]), other["path"])
            told.append(self._in_cell(other, uri) if uri in self._notebooks else dict(other))
        return told

    def _in_open(self, result: LocatedJson, notebook: Notebook) -> Placed | None:
        found = self._found(result, self._draft(notebook.uri), notebook.uri)
        if found is None or found.index >= len(notebook.cells):
            return None
        return Placed(
            notebook.cells[found.index].uri, *found.ranges(self._encoding), found.told(notebook.uri, self._encoding)
        )

    def _found(self, result: LocatedJson, text: Text, name: str) -> Found | None:
        return found_in(self._cells.of(name, text.content), place_now(result, text))

    def _in_cell(self, other: AlsoJson, uri: str) -> dict[str, Any]:
        if uri not in self._starts:
            self._starts[uri] = self._notebooks[uri].starts()
        return with_cell(other, self._starts[uri])

    def _draft(self, uri: str) -> Text:
        if uri not in self._texts:
            self._texts[uri] = text_of(utf8(self._drafts.get(uri, "")))
        return self._texts[uri]

    def _file(self, path: str) -> tuple[Text | None, Text | None]:
        if path not in self._files:
            buffer = self._opened.get(path)
            self._files[path] = _on_disk(path), None if buffer is None else text_of(utf8(buffer))
        return self._files[path]


def _on_disk(path: str) -> Text | None:
    try:
        with open(path, "rb") as file:
            return text_of(file.read())
    except OSError:
        return None


def search_answer(answer: ServiceAnswerJson, desk: Desk) -> dict[str, Any]:
    """Return the answer to ``funcseek/search`` and ``funcseek/similar``."""
    coverage = answer["coverage"]
    return {
        "items": [_item(result, desk) for result in answer["results"]],
        "coverage": {
            "functions": coverage["functions"],
            "embedded": coverage["embedded"],
            "pendingFiles": coverage["pending_files"],
        },
        "model": answer["model"],
        "reranker": answer["reranker"],
        "generation": answer["generation"],
        "isConfident": answer["is_confident"],
        "notices": answer["notices"],
    }


def _item(result: LocatedJson, desk: Desk) -> dict[str, Any]:
    placed = desk.place(result)
    perhaps: dict[str, Any] = {name: result[name] for name in ("likeness", "confidence") if name in result}
    if "also" in result:
        perhaps["also"] = desk.also(result)
    if placed.cell is not None:
        perhaps["cell"] = placed.cell
    return {
        "name": result["name"],
        "qualifiedName": result["qualified_name"],
        "kind": result["kind"],
        "language": result["language"],
        "signature": result["signature"],
        "detail": _first_line(result["doc"]),
        "enclosing": result["enclosing"],
        "isDeclaration": result["is_declaration"],
        "isTest": result["is_test"],
        "isGenerated": result["is_generated"],
        "uri": placed.uri,
        "range": placed.whole,
        "selectionRange": placed.name,
        "score": result["score"],
        "isStale": result["is_stale"],
        **perhaps,
    }


def symbol(result: LocatedJson, desk: Desk) -> dict[str, Any]:
    """Return a result as ``SymbolInformation``, with its full range, which is the only form every editor takes."""
    placed = desk.place(result)
    return {
        "name": result["name"] or result["qualified_name"] or result["kind"],
        "kind": _SYMBOL_KINDS.get(result["kind"], _FUNCTION),
        # Editors jump to the start of the range: that must be the name, not a decorator above it.
        "location": {"uri": placed.uri, "range": {"start": placed.name["start"], "end": placed.whole["end"]}},
        "containerName": _summary(result),
    }


def names_first(query: str, results: Sequence[LocatedJson]) -> list[LocatedJson]:
    """Return results, those first whose name holds what was typed, as whoever asks for a symbol expects."""
    typed = _squeezed(query)
    return sorted(results, key=lambda result: typed not in _squeezed(result["qualified_name"]))


def _squeezed(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def root_state(state: RootJson, uri: str) -> dict[str, Any]:
    """Return the state of a folder's root for ``funcseek/status``."""
    return {
        "uri": uri,
        "root": state["root"],
        "phase": state["phase"],
        "files": state["files"],
        "filesDone": state["files_done"],
        "filesTotal": state["files_total"],
        "functions": state["functions"],
        "embedded": state["embedded"],
        "pendingFiles": state["pending_files"],
        "passagesPerSecond": state["passages_per_second"],
        "etaSeconds": state["eta_seconds"],
        "isPaused": state["is_paused"],
        "throttled": state["throttled"],
        "watchProblem": state["watch_problem"],
        "problem": state["problem"],
    }


def _summary(result: LocatedJson) -> str:
    scope = result["qualified_name"].removesuffix(result["name"]).rstrip(".:#")
    summary = " · ".join(part for part in (scope, _first_line(result["doc"])) if part)
    return summary if len(summary) <= SUMMARY_CHARACTERS else summary[: SUMMARY_CHARACTERS - 1] + "…"


def _first_line(doc: str) -> str:
    return next((line.strip() for line in doc.split("\n") if line.strip()), "")
