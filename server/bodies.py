"""What a request's body holds, checked: each part of the right type, or one sentence that names it. Answers nothing."""

from __future__ import annotations

import sys
from reprlib import repr as shortened
from typing import TYPE_CHECKING, Any

from ..index.errors import QueryError
from ..index.hits import DEFAULT_LIMIT, Query
from ..index.positions import Bytes, Line
from ..index.similar import InFile, SimilarQuery
from ..index.subject import Pasted
from .protocol import DeskRequest, DraftRequest, SimilarRequest

if TYPE_CHECKING:
    from ..index.positions import Position
    from ..index.reader import Reader

_POSITION = (
    "'position' must be an object with a 'line' and perhaps a 'column', both from 1, with a 'byte',"
    " or with 'start_byte' and 'end_byte'"
)


def text(body: dict[str, Any], name: str) -> str:
    """Return a text; raises QueryError."""
    value = body.get(name)
    if not isinstance(value, str):
        raise QueryError(f"{name!r} must be a text; the request has {shortened(value)}.")
    return value


def number(body: dict[str, Any], name: str, default: float) -> float:
    """Return a finite number; raises QueryError."""
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        raise QueryError(f"{name!r} must be a number; the request has {shortened(value)}.")
    return value


def whole(body: dict[str, Any], name: str, default: int) -> int:
    """Return a whole number, perhaps below zero; raises QueryError."""
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise QueryError(f"{name!r} must be a whole number; the request has {shortened(value)}.")
    return value


def texts(body: dict[str, Any], name: str) -> list[str]:
    """Return a list of texts, empty where there is none; raises QueryError."""
    values = body.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise QueryError(f"{name!r} must be a list of texts; the request has {shortened(values)}.")
    return values


def truth(body: dict[str, Any], name: str) -> bool:
    """Return whether something holds, by default not; raises QueryError."""
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise QueryError(f"{name!r} must be true or false; the request has {shortened(value)}.")
    return value


def _changed_since(body: dict[str, Any]) -> float | None:
    return None if body.get("changed_since") is None else number(body, "changed_since", 0.0)


def search_query(body: dict[str, Any]) -> Query:
    """Return what a search asks for; the index checks it. Raises QueryError."""
    return Query(
        text(body, "query"),
        whole(body, "limit", DEFAULT_LIMIT),
        tuple(texts(body, "languages")),
        tuple(texts(body, "globs")),
        min_score=number(body, "min_score", 0.0),
        is_explained=truth(body, "is_explained"),
        kinds=tuple(texts(body, "kinds")),
        changed_since=_changed_since(body),
        is_reranked=truth(body, "is_reranked"),
    )


def desk_request(body: dict[str, Any]) -> DeskRequest | None:
    """Return whose unsaved documents count, None where none do; raises QueryError."""
    desk = body.get("desk")
    if desk is None:
        return None
    if not isinstance(desk, dict):
        raise QueryError(f"'desk' must be an object; the request has {shortened(desk)}.")
    return DeskRequest(text(desk, "session"), whole(desk, "drafts", 0), truth(desk, "is_whole"))


def draft_request(body: dict[str, Any]) -> DraftRequest:
    """Return what an editor has not saved of a document; raises QueryError."""
    return DraftRequest(
        text(body, "session"),
        whole(body, "edition", 0),
        text(body, "uri"),
        None if body.get("text") is None else text(body, "text"),
        text(body, "path"),
        text(body, "folder"),
        text(body, "language"),
    )


def similar_request(body: dict[str, Any]) -> SimilarRequest:
    """Return a request for functions like others, which names a place or brings a text; raises QueryError."""
    given = [name for name in ("position", "text") if body.get(name) is not None]
    if len(given) != 1:
        raise QueryError("Give either the 'path' and 'position' of a function or the 'text' of some code.")
    is_place = given == ["position"]
    same_language = truth(body, "same_language")
    if is_place:
        position(body["position"])
    return SimilarRequest(
        paths=tuple(texts(body, "paths")),
        path=text(body, "path") if is_place or body.get("path") is not None else "",
        position=body["position"] if is_place else None,
        text=None if is_place else text(body, "text"),
        language=text(body, "language") if body.get("language") is not None else "",
        byte=None if body.get("byte") is None else _whole(body["byte"], "byte"),
        limit=whole(body, "limit", DEFAULT_LIMIT),
        languages=tuple(texts(body, "languages")),
        globs=tuple(texts(body, "globs")),
        same_language=same_language,
        kinds=tuple(texts(body, "kinds")),
        changed_since=_changed_since(body),
        wait_seconds=number(body, "wait_seconds", 0.0),
        desk=desk_request(body),
    )


def similar_query(request: SimilarRequest, home: tuple[Reader, str] | None) -> SimilarQuery:
    """Return a request as a query; ``home`` is a reader of the root that its place is in, and the path below it."""
    if home is not None:
        about: InFile | Pasted = InFile(*home, position(request.position))
    else:
        about = Pasted(request.text or "", request.language, request.path, request.byte)
    return SimilarQuery(
        about,
        request.limit,
        request.languages,
        request.globs,
        same_language=request.same_language,
        kinds=request.kinds,
        changed_since=request.changed_since,
    )


def position(value: object) -> Position:
    """Return the position or range of a request; raises QueryError."""
    if not isinstance(value, dict):
        raise QueryError(f"{_POSITION}; the request has {shortened(value)}.")
    parts = {name: _whole(part, name) for name, part in value.items() if part is not None}
    match sorted(parts):
        case ["line"] | ["column", "line"] if min(parts.values()) >= 1:
            return Line(parts["line"], parts.get("column"))
        case ["byte"]:
            return Bytes(parts["byte"], parts["byte"])
        case ["end_byte", "start_byte"]:
            return Bytes(parts["start_byte"], parts["end_byte"])
    raise QueryError(f"{_POSITION}; the request has {shortened(value)}.")


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise QueryError(f"{name!r} must be a whole number; the request has {shortened(value)}.")
    return value
