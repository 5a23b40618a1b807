"""The same work without a service, in this process and one thread: for continuous integration and containers.

A root has one writer. Where another process is it, a search reads beside it, and indexing is left to it or waits.
"""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ..index.code_index import CodeIndex, Home, search
from ..index.errors import IndexBusy, ModelError, QueryError
from ..index.hits import Query
from ..index.reader import open_reader
from ..index.reranking import unranked
from ..index.similar import similar
from .bodies import similar_query
from .client import running
from .consents import Consents
from .models import Loaded, load_model
from .protocol import ServiceAnswerJson, shown
from .rerankers import load_reranker
from .reranking import reranked
from .results import coverage_json, located, model_notices, nothing_to_search
from .roots import locate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..index.code_index import Reader
    from ..index.embedder import Embedder
    from ..index.hits import Answer
    from .client import Client
    from .places import Places
    from .protocol import SearchRequest, SimilarRequest
    from .rerankers import LoadedReranker

# How often one that waits for another run looks whether it has ended, or the service has taken over.
LOOK_SECONDS = 0.5
# Phases in which a service is not the writer of a root that it knows.
_NO_WRITER = ("failed", "closed")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far indexing has come: files read, then functions with a vector."""

    files_done: int
    files_total: int
    functions: int
    embedded: int


def indexer(places: Places, path: str, *, wait_seconds: float, tell: Callable[[str], None]) -> Indexer | Client:
    """Return who brings the root of a path up to date: this process, or a service that has it open.

    Waits for another run, and has what it waits for told once; raises IndexBusy when that is not over in time.
    """
    root, _ = locate(path)
    deadline = time.monotonic() + wait_seconds
    is_told = False
    while True:
        with contextlib.suppress(IndexBusy):
            return Indexer(places, root)
        if client := _service_of(places, root):
            return client
        if time.monotonic() >= deadline:
            raise IndexBusy(f"Another funcseek is indexing {root}; try again later or give it more time with --wait.")
        if not is_told:
            is_told = True
            tell(f"Another funcseek is indexing {root}; waiting up to {wait_seconds:g} s for it.")
        time.sleep(LOOK_SECONDS)


def _service_of(places: Places, root: Path) -> Client | None:
    """Return a client of the running service where it is the writer of a root."""
    client = running(places)
    if client is None:
        return None
    name = shown(str(root))
    if any(known["root"] == name and known["phase"] not in _NO_WRITER for known in client.health()["roots"]):
        return client
    client.close()
    return None


class Indexer:
    """One root that this process is the writer of."""

    def __init__(self, places: Places, root: Path) -> None:
        """Open, or raise IndexBusy where another process is the writer."""
        self._index = _opened(places, root)
        try:
            loaded, self.notices = _model(places)
            embedder, withheld = _permitted(places, root, loaded)
            self.notices += withheld
            self._index.adopt(embedder)
        except BaseException:
            self._index.close()
            raise

    def coverage(self) -> tuple[int, int]:
        """Return how many functions there are, and how many have a vector."""
        now = self._index.coverage()
        return now.functions, now.embedded

    def scan(self, report: Callable[[Progress], None]) -> None:
        """Read whatever changed."""
        for commit in self._index.scan():
            now = self._index.coverage()
            report(Progress(commit.done_files, commit.total_files, now.functions, now.embedded))

    def embed(self, report: Callable[[Progress], None]) -> None:
        """Give every function its vector."""
        while self._index.embed():
            now = self._index.coverage()
            report(Progress(now.files, now.files, now.functions, now.embedded))
        self._index.save()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._index.close()


class Searcher:
    """Roots to search: those without a writer are read up to date by this process, the others as their writer has them.

    Raises IndexFailure for a root that its writer has only begun with.
    """

    def __init__(self, places: Places, paths: Sequence[str]) -> None:
        """Open the root of each path."""
        parts = [locate(path) for path in paths]
        self._places = places
        self._open = contextlib.ExitStack()
        self._loaded, self._notices = _model(places)
        self._written: list[CodeIndex] = []
        self._reranker: LoadedReranker | None = None
        try:
            shared = {root: self._index(root) for root in dict.fromkeys(root for root, _ in parts)}
            # Each part has a reader of its own: all of them hold a snapshot at the same time.
            self._parts = [(self._reader(root, shared[root]), below) for root, below in parts]
        except BaseException:
            self._open.close()
            raise

    def _index(self, root: Path) -> CodeIndex | None:
        """Become the writer of a root; where another process is it, have that told and return None."""
        try:
            index = self._open.enter_context(_opened(self._places, root))
        except IndexBusy:
            self._notices.append(f"Another funcseek is indexing {root}; this is what it has read so far.")
            return None
        self._written.append(index)
        index.adopt(self._embedder(root))
        return index

    def _embedder(self, root: Path) -> Embedder | None:
        embedder, notices = _permitted(self._places, root, self._loaded)
        self._notices += [notice for notice in notices if notice not in self._notices]
        return embedder

    def _reader(self, root: Path, index: CodeIndex | None) -> Reader:
        reader = index.reader() if index else open_reader(root, Home(self._places.cache), self._embedder(root))
        return self._open.enter_context(contextlib.closing(reader))

    def similar(self, request: SimilarRequest) -> ServiceAnswerJson:
        """Bring the roots up to date and answer; without a path to search, over the first root as a whole."""
        self._scan()
        home = None
        if request.position is not None:
            place = Path(request.path).resolve()
            readers = [reader for reader, _ in self._parts if place.is_relative_to(reader.root)]
            if not readers:
                raise QueryError(f"{request.path} lies in none of the searched folders; name its folder too.")
            reader = max(readers, key=lambda reader: len(reader.root.parts))
            home = reader, place.relative_to(reader.root).as_posix()
        parts = self._parts if request.paths else [(reader, "") for reader, _ in self._parts]
        found = similar(parts, similar_query(request, home))
        return self._answer(found.title, found.answer)

    def _scan(self) -> None:
        for index in self._written:
            for _ in index.scan():
                pass

    def search(self, request: SearchRequest) -> ServiceAnswerJson:
        """Bring the roots up to date and answer."""
        self._scan()
        query = Query(
            request.query,
            request.limit,
            request.languages,
            request.globs,
            min_score=request.min_score,
            is_explained=request.is_explained,
            kinds=request.kinds,
            changed_since=request.changed_since,
            is_reranked=request.is_reranked,
        )
        answer = search(self._parts, query)
        return self._answer(query.text, self._reranked(answer, query) if query.is_reranked else answer)

    def _reranked(self, answer: Answer, query: Query) -> Answer:
        try:
            if self._reranker is None:
                self._reranker = load_reranker(self._places)
                self._open.callback(self._reranker.reranker.close)
            return reranked(answer, query, self._reranker, consents=Consents(self._places.consents))
        except ModelError as error:
            return unranked(answer, query, str(error))

    def _answer(self, query: str, answer: Answer) -> ServiceAnswerJson:
        bare = [index.root for index in self._written if not index.coverage().files]
        return ServiceAnswerJson(
            query=query,
            results=[located(hit) for hit in answer.hits],
            coverage=coverage_json(answer.coverage, pending_files=0),
            model=answer.model,
            reranker=answer.reranker,
            generation=answer.generation,
            is_confident=answer.is_confident,
            notices=[*self._notices, *model_notices(answer, None), *map(nothing_to_search, bare)],
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()


def _opened(places: Places, root: Path) -> CodeIndex:
    return CodeIndex(root, Home(places.cache), guard=threading.Lock())


def _permitted(places: Places, root: Path, loaded: Loaded | None) -> tuple[Embedder | None, list[str]]:
    """Return the embedder where the code of a root may go to it, else none and a sentence that says why."""
    if loaded is None:
        return None, []
    withheld = Consents(places.consents).withheld(root, loaded.host)
    return (None, [withheld]) if withheld else (loaded.embedder, [])


def _model(places: Places) -> tuple[Loaded | None, list[str]]:
    """Return the model, or none and a sentence that says why."""
    try:
        return load_model(places, is_apart=True), []
    except ModelError as error:
        return None, [f"Searched by words only: {error}"]
