"""``funcseek search``: asks the service, or works in this process with ``--no-service``."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from io import TextIOWrapper
from typing import TYPE_CHECKING

from ..index.errors import QueryError
from .client import connect
from .display import coverage_line, escaped, for_people, for_vim
from .moments import moment
from .places import places
from .protocol import SearchRequest, public

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Sequence

    from .client import Client
    from .protocol import ServiceAnswerJson

    Ask = Callable[[SearchRequest], ServiceAnswerJson]

FOUND, NOT_FOUND = 0, 1
# The service answers as soon as the first scan is done; a scan of 50,000 files takes some 20 s.
FIRST_SCAN_SECONDS = 600.0


def run(chosen: argparse.Namespace) -> int:
    """Run the command; returns 0 where something was found, 1 where nothing was."""
    from pathlib import Path

    if chosen.stdin and chosen.query is not None:
        chosen.paths = [chosen.query, *chosen.paths]
    elif chosen.query is None and not chosen.stdin:
        raise QueryError("No query was given; say in plain words what the function does.")
    request = SearchRequest(
        query=chosen.query or "",
        paths=tuple(str(Path(path).absolute()) for path in chosen.paths or ["."]),
        limit=chosen.limit,
        languages=tuple(chosen.lang),
        globs=tuple(chosen.path),
        min_score=chosen.min_score,
        is_explained=chosen.explain,
        kinds=tuple(chosen.kind),
        changed_since=since(chosen),
        is_reranked=chosen.rerank,
    )
    if chosen.no_service:
        from .headless import Searcher

        with Searcher(places(), request.paths) as searcher:
            return _answer_all(chosen, request, searcher.search)
    with connect(places()) as client:
        return _answer_all(chosen, request, lambda asked: _patiently(client, asked, is_fresh=chosen.fresh))


def since(chosen: argparse.Namespace) -> float | None:
    """Return the moment that ``--changed-since`` names, in seconds since the epoch; raises QueryError."""
    return None if chosen.changed_since is None else moment(chosen.changed_since, now=time.time())


def _patiently(client: Client, request: SearchRequest, *, is_fresh: bool) -> ServiceAnswerJson:
    """Ask once every folder has been read, with ``is_fresh`` up to what was saved last."""
    await_reading(client, request.paths)
    for path in request.paths if is_fresh else ():
        client.sync(path)
    return client.search(request)


def await_reading(client: Client, paths: Sequence[str]) -> None:
    """Wait until the root of every path has been read, and show how far that is."""
    for path in paths:
        state = client.open(path)
        while state["phase"] in ("opening", "scanning"):
            state = client.wait(path, revision=state["revision"], wait_seconds=FIRST_SCAN_SECONDS)
            _note_progress(f"Reading {state['files_done']}/{state['files_total']} files")
    _note_progress("")


def _note_progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def _answer_all(chosen: argparse.Namespace, request: SearchRequest, ask: Ask) -> int:
    if not chosen.stdin:
        answer = ask(request)
        show(chosen, answer)
        return FOUND if answer["results"] else NOT_FOUND
    found = False
    for query in _queries(sys.stdin):
        answer = ask(_with_query(request, query))
        print(json.dumps(public(answer)), flush=True)
        found = found or bool(answer["results"])
    return FOUND if found else NOT_FOUND


def _queries(lines: Iterable[str]) -> Iterable[str]:
    if isinstance(lines, TextIOWrapper):
        # What is no UTF-8 is refused with the query that it is in.
        lines.reconfigure(encoding="utf-8", errors="surrogateescape")
    return (query for line in lines if (query := line.strip()))


def _with_query(request: SearchRequest, query: str) -> SearchRequest:
    return replace(request, query=query)


def show(chosen: argparse.Namespace, answer: ServiceAnswerJson) -> None:
    """Print an answer in the form that was chosen."""
    if chosen.json:
        print(json.dumps(public(answer), indent=2))
        _warn(answer["notices"])
        return
    lines = for_vim(answer) if chosen.vimgrep else for_people(answer, is_coloured=sys.stdout.isatty())
    for line in lines:
        print(line)
    _warn([*answer["notices"], coverage_line(answer["coverage"])])


def _warn(sentences: list[str]) -> None:
    for sentence in sentences:
        if sentence:
            print(f"funcseek: {escaped(sentence)}", file=sys.stderr)
