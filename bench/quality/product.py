"""The product as three systems: by words only, by meaning only, and as it is. Uses it as a library, without a service.

Indexes lie in the cache, one home for each state of the rules that decide what is stored; vectors are shared by all.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import cache as once
from functools import partial
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from funcseek.index.code_index import CodeIndex, Home, search
from funcseek.index.entries import recipe
from funcseek.index.errors import QueryError
from funcseek.index.hits import Query
from funcseek.index.query_vectors import QueryVectors
from funcseek.index.reading import understood
from funcseek.index.reranking import rerank
from funcseek.index.retrieval import Scope, by_labels, labels_in, labels_of, nearest_exactly
from funcseek.index.search import gathered

from .measures import Hit
from .ranker import ASKED_HITS, Ranker, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funcseek.index.embedder import Embedder
    from funcseek.index.reader import Reader
    from funcseek.index.reranker import Reranker
    from funcseek.index.search import Gathered, Source

WAYS = ("bm25", "dense", "hybrid")
# What decides the rows of a catalogue: after a change of any of them everything is read again.
_RULES = ("catalogue", "entries", "lexical", "passages")


class BenchHome(Home):
    """A home whose vectors lie beside it, where those of other rules find them."""

    __slots__ = ()

    @property
    def vector_cache(self) -> Path:
        """The database of vectors that all homes of the cache share."""
        return self.folder.parent / "vectors.db"


def home_in(cache: Path) -> Home:
    """Return the home of the indexes that the present rules make."""
    return BenchHome(cache / "indexes" / _rules())


@once
def _rules() -> str:
    digest = blake2b(recipe().encode(), digest_size=6)
    for name in _RULES:
        file = import_module(f"funcseek.index.{name}").__file__
        digest.update(Path(str(file)).read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Product:
    """One way to ask the product; without an embedder by words only, with a reranker as one asks who waits for it."""

    way: str
    embedder: Embedder | None
    cache: Path
    reranker: Reranker | None = None

    @contextlib.contextmanager
    def opened(self, root: Path) -> Iterator[Ranker]:
        """Bring the index of a root up to date, and answer from it."""
        with self.reader(root) as reader:
            as_it_is = partial(_as_it_is, reranker=self.reranker)
            yield Ranker(partial(_by_meaning if self.way == "dense" else as_it_is, reader))

    @contextlib.contextmanager
    def reader(self, root: Path) -> Iterator[Reader]:
        """Bring the index of a root up to date, and lend a reader of it."""
        with CodeIndex(root, home_in(self.cache)) as index:
            index.adopt(self.embedder)
            for _ in index.scan():
                pass
            while index.embed():
                pass
            index.save()
            with contextlib.closing(index.reader()) as reader:
                yield reader


def candidates_of(reader: Reader, query: str) -> Gathered:
    """Return what the product ranks for a query."""
    asked, source = _asked(reader, query)
    with source.catalogue.snapshot():
        return gathered([source], asked)


def _asked(reader: Reader, text: str) -> tuple[Query, Source]:
    """Return a query as the product reads it, and what it is asked of."""
    asked, _ = understood(Query(text), [reader.words().catalogue])
    return asked, reader.source(QueryVectors(asked.text, asked.untranslated))


def _as_it_is(reader: Reader, text: str, *, reranker: Reranker | None = None) -> Response:
    query = Query(text, ASKED_HITS, is_reranked=reranker is not None)
    try:
        answer = search([(reader, "")], query)
    except QueryError:
        return Response((), is_confident=False)
    if reranker is not None:
        answer = rerank(answer, query, reranker)
    hits = tuple(Hit(hit.path, hit.function.qualified_name) for hit in answer.hits)
    # Until the product says so itself, it stands behind whatever it answers.
    return Response(hits, bool(getattr(answer, "is_confident", True)))


def _by_meaning(reader: Reader, query: str) -> Response:
    """Answer by the cosine of every function."""
    _, source = _asked(reader, query)
    if source.meaning is None:
        return Response(())
    catalogue, everything = source.catalogue, Scope()
    with catalogue.snapshot():
        labels = labels_in(catalogue, everything)
        vector, model = source.meaning.vector, source.meaning.model
        near = nearest_exactly(catalogue, model, labels, vector=vector, count=ASKED_HITS)
        place = {label: number for number, label in enumerate(near)}
        found = by_labels(catalogue, near, everything)
        best = {
            row: min(place.get(label, len(near)) for label in own) for row, own in labels_of(catalogue, found).items()
        }
        found.sort(key=lambda one: (best[one.row], one.path, one.row))
    return Response(tuple(Hit(one.path, one.qualified_name) for one in found[:ASKED_HITS]))
