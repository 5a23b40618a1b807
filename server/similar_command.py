"""``funcseek similar``: functions like one in a file or like some code; asks the service or works in this process."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.errors import QueryError
from .client import connect
from .places import places
from .protocol import SimilarRequest
from .search_command import FOUND, NOT_FOUND, await_reading, show, since

if TYPE_CHECKING:
    import argparse

    from .protocol import ServiceAnswerJson

# What follows a place in the output of other tools, such as a line's text, is left alone.
_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?(?::.*)?", re.DOTALL)
# A larger input is refused before it is sent; the service's own limit is lower, and says so.
MAX_CODE_BYTES = 500_000


def run(chosen: argparse.Namespace) -> int:
    """Run the command; returns 0 where something was found, 1 where nothing was."""
    request = _code_request(chosen) if chosen.code is not None else _place_request(chosen)
    answer = _alone(request) if chosen.no_service else _served(request)
    show(chosen, answer)
    return FOUND if answer["results"] else NOT_FOUND


def _alone(request: SimilarRequest) -> ServiceAnswerJson:
    from .headless import Searcher

    with Searcher(places(), request.paths or (request.path,)) as searcher:
        return searcher.similar(request)


def _served(request: SimilarRequest) -> ServiceAnswerJson:
    with connect(places()) as client:
        await_reading(client, request.paths or (request.path,))
        return client.similar(request)


def _place_request(chosen: argparse.Namespace) -> SimilarRequest:
    if chosen.code_lang:
        raise QueryError("--code-lang is the language of what --code names; a file's own language is known.")
    place = _PLACE.fullmatch(chosen.place or "")
    if place is None:
        raise QueryError("Name a function by PATH:LINE, or give some code with --code FILE (- for standard input).")
    position = {name: int(place[name]) for name in ("line", "column") if place[name]}
    path = str(Path(place["path"]).absolute())
    return _narrowed(chosen, SimilarRequest(paths=_absolute(chosen.paths), path=path, position=position))


def _code_request(chosen: argparse.Namespace) -> SimilarRequest:
    # The first word would have been a place; here there are only folders.
    folders = [path for path in (chosen.place, *chosen.paths) if path is not None]
    text = _code(chosen.code)
    path = "" if chosen.code == "-" else Path(chosen.code).name
    request = SimilarRequest(paths=_absolute(folders or ["."]), path=path, text=text, language=chosen.code_lang)
    return _narrowed(chosen, request)


def _code(name: str) -> str:
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(MAX_CODE_BYTES + 1)
        else:
            with open(name, "rb") as file:
                raw = file.read(MAX_CODE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise QueryError(f"The code in {name!r} cannot be read ({error}).") from error
    if len(raw) > MAX_CODE_BYTES:
        raise QueryError(f"The code is larger than {MAX_CODE_BYTES} bytes; give one function or a few.")
    return raw.decode("utf-8", "replace")


def _absolute(paths: list[str]) -> tuple[str, ...]:
    return tuple(str(Path(path).absolute()) for path in paths)


def _narrowed(chosen: argparse.Namespace, request: SimilarRequest) -> SimilarRequest:
    from dataclasses import replace

    return replace(
        request,
        limit=chosen.limit,
        languages=tuple(chosen.lang),
        globs=tuple(chosen.path),
        same_language=chosen.same_lang,
        kinds=tuple(chosen.kind),
        changed_since=since(chosen),
    )
