"""The same work without a service, in this process and one thread: for continuous integration and containers."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from ..index.code_index import CodeIndex, Home, search
from ..index.errors import ModelError
from ..index.hits import Query
from .models import load_default
from .protocol import ServiceAnswerJson
from .results import coverage_json, located, nothing_to_search
from .roots import locate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .places import Places
    from .protocol import SearchRequest


@dataclass(frozen=True, slots=True)
class Progress:
    """How far indexing has come: files read, then functions with a vector."""

    files_done: int
    files_total: int
    functions: int
    embedded: int


class Searcher:
    """Roots opened for writing by this process, read up to date, and searched."""

    def __init__(self, places: Places, paths: Sequence[str]) -> None:
        """Open, or raise IndexBusy where a service or another process indexes one of them."""
        self._open = contextlib.ExitStack()
        self._notices: list[str] = []
        self._parts: list[tuple[CodeIndex, str]] = []
        try:
            for path in paths:
                root, below = locate(path)
                index = self._open.enter_context(CodeIndex(root, Home(places.cache), guard=threading.Lock()))
                self._parts.append((index, below))
                self._adopt(index, places)
        except BaseException:
            self._open.close()
            raise

    def _adopt(self, index: CodeIndex, places: Places) -> None:
        try:
            index.adopt(load_default(places))
        except ModelError as error:
            self._notices = [f"Searched by words only: {error}"]

    @property
    def notices(self) -> list[str]:
        """Sentences the user should see."""
        return self._notices

    def coverage(self) -> tuple[int, int]:
        """Return how many functions there are, and how many have a vector."""
        parts = [index.coverage() for index, _ in self._parts]
        return sum(part.functions for part in parts), sum(part.embedded for part in parts)

    def scan(self, report: Callable[[Progress], None] = lambda _: None) -> None:
        """Read whatever changed."""
        for index, _ in self._parts:
            for commit in index.scan():
                now = index.coverage()
                report(Progress(commit.done_files, commit.total_files, now.functions, now.embedded))

    def embed(self, report: Callable[[Progress], None] = lambda _: None) -> None:
        """Give every function its vector."""
        for index, _ in self._parts:
            while index.embed():
                now = index.coverage()
                report(Progress(now.files, now.files, now.functions, now.embedded))
            index.save()

    def search(self, request: SearchRequest) -> ServiceAnswerJson:
        """Bring the roots up to date and answer."""
        self.scan()
        query = Query(request.query, request.limit, request.languages, request.globs)
        readers = [
            (self._open.enter_context(contextlib.closing(index.reader())), below) for index, below in self._parts
        ]
        answer = search(readers, query)
        return ServiceAnswerJson(
            query=query.text,
            results=[located(hit) for hit in answer.hits],
            coverage=coverage_json(answer.coverage, pending_files=0),
            model=answer.model,
            generation=answer.generation,
            notices=self._notices
            + [nothing_to_search(index.root) for index, _ in self._parts if not index.coverage().files],
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
