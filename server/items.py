"""A service's answer as the editor's items: names, places, one line of documentation. Decides nothing about order."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from .convert import Text, ranges, text_of, utf8
from .folders import editor_uri, path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .convert import Range
    from .folders import Folder
    from .protocol import LocatedJson, RootJson, ServiceAnswerJson

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


class Desk:
    """What is needed to place results in one editor: its folders, its unsaved buffers, the way it counts characters."""

    def __init__(self, folders: Sequence[Folder], buffers: Mapping[str, str], encoding: str) -> None:
        """Hold a snapshot; ``buffers`` maps URIs to the texts of open documents."""
        self._folders = folders
        self._buffers = buffers
        self._opened = {path: text for uri, text in buffers.items() if (path := path_of(uri)) is not None}
        self._encoding = encoding
        self._texts: Callable[[str], tuple[Text | None, Text | None]] = cache(self._read)

    def place(self, result: LocatedJson) -> tuple[str, Range, Range]:
        """Return a result's URI as the editor names it, its whole range and its name's. Reads the file."""
        if uri := result.get("draft"):
            text = text_of(utf8(self._buffers.get(uri, "")))
            return uri, *ranges(result, text, None, encoding=self._encoding)
        uri = editor_uri(result["uri"], self._folders)
        disk, buffer = self._texts(path_of(uri) or "")
        return uri, *ranges(result, disk, buffer, encoding=self._encoding)

    def _read(self, path: str) -> tuple[Text | None, Text | None]:
        buffer = self._opened.get(path)
        try:
            with open(path, "rb") as file:
                disk = text_of(file.read())
        except OSError:
            disk = None
        return disk, None if buffer is None else text_of(utf8(buffer))


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
    uri, whole, name = desk.place(result)
    perhaps: dict[str, Any] = {name: result[name] for name in ("likeness", "confidence", "also") if name in result}
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
        "uri": uri,
        "range": whole,
        "selectionRange": name,
        "score": result["score"],
        "isStale": result["is_stale"],
        **perhaps,
    }


def symbol(result: LocatedJson, desk: Desk) -> dict[str, Any]:
    """Return a result as ``SymbolInformation``, with its full range, which is the only form every editor takes."""
    uri, whole, name = desk.place(result)
    return {
        "name": result["name"] or result["qualified_name"] or result["kind"],
        "kind": _SYMBOL_KINDS.get(result["kind"], _FUNCTION),
        # Editors jump to the start of the range: that must be the name, not a decorator above it.
        "location": {"uri": uri, "range": {"start": name["start"], "end": whole["end"]}},
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
