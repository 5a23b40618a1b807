"""The strong plain baseline: z(cosine) + 0.5 · z(BM25) over the bare text of each function, with the same embedder.

Shares no ranking code with the product, so that a change there never moves it. Keeps its vectors in the cache.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from funcseek.index.files import Content, read, scan
from funcseek.parsers import extract, language_named

from .measures import Hit
from .ranker import ASKED_HITS, Ranker, Response

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from funcseek.index.embedder import Embedder

LEXICAL_WEIGHT = 0.5
K1, B = 1.2, 0.75
_BATCH = 512

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Return the lower-cased words of a text, split at what is no letter or digit, at ``_`` and within camelCase."""
    return [word.lower() for word in _WORD.findall(_CAMEL.sub(" ", text))]


class Bm25:
    """BM25 over texts, as the textbooks have it."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Count the words of each text."""
        counts = [Counter(words_of(text)) for text in texts]
        lengths = np.array([sum(one.values()) for one in counts], np.float64)
        self._norm = K1 * (1 - B + B * lengths / max(1.0, float(lengths.mean()) if len(lengths) else 1.0))
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, one in enumerate(counts):
            for word, count in one.items():
                postings[word].append((place, count))
        self._postings = {word: np.array(found, np.int64).T for word, found in postings.items()}

    def scores(self, query: str) -> NDArray[np.float64]:
        """Return the score of each text; every distinct word of the query counts once."""
        total = np.zeros(len(self._norm))
        for word in dict.fromkeys(words_of(query)):
            if word in self._postings:
                places, counts = self._postings[word]
                rarity = math.log(1 + (len(total) - len(places) + 0.5) / (len(places) + 0.5))
                total[places] += rarity * counts * (K1 + 1) / (counts + self._norm[places])
        return total


@dataclass(frozen=True, slots=True)
class Plain:
    """The baseline with one embedder."""

    embedder: Embedder
    cache: Path

    @contextlib.contextmanager
    def opened(self, root: Path) -> Iterator[Ranker]:
        """Read a root, embed what is new, and answer."""
        hits, texts = bare_texts(root)
        bm25, rows = Bm25(texts), self._vectors(texts)

        def ask(query: str) -> Response:
            dense = rows @ self.embedder.embed_query(query).astype(np.float32)
            fused = z_scores(dense) + LEXICAL_WEIGHT * z_scores(bm25.scores(query))
            return Response(tuple(hits[place] for place in np.argsort(-fused, kind="stable")[:ASKED_HITS]))

        yield Ranker(ask)

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        digest = blake2b("\0".join([self.embedder.identity, *texts]).encode(errors="replace"), digest_size=12)
        file = self.cache / "plain" / f"{digest.hexdigest()}.npy"
        if not file.is_file():
            file.parent.mkdir(parents=True, exist_ok=True)
            batches = [self.embedder.embed_passages(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
            rows = np.concatenate([np.empty((0, self.embedder.dimension), np.float32), *batches])
            part = file.with_suffix(".part.npy")
            np.save(part, rows.astype(np.float16))
            part.rename(file)
        return np.asarray(np.load(file), np.float32)


def z_scores(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Standardise; equal values say nothing."""
    spread = float(values.std()) if len(values) else 0.0
    if not spread:
        return np.zeros(len(values))
    return np.asarray((values - values.mean()) / spread, np.float64)


def bare_texts(root: Path) -> tuple[list[Hit], list[str]]:
    """Return every function that an index of the root would hold, and its source text from first to last line."""
    hits: list[Hit] = []
    texts: list[str] = []
    for file in scan(root):
        content, language = read(root, file.path), language_named(file.language)
        if isinstance(content, Content) and language:
            found = extract(content.data, language)
            hits += [Hit(file.path, one.qualified_name) for one in found.functions]
            texts += [found.text(place) for place in range(len(found.functions))]
    return hits, texts
