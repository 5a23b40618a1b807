"""Stand-ins that are small programs of their own: an embedder without a model, and a workspace written as one text."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class HashingEmbedder:
    """Each word turns one of ``dimension`` axes; texts that share words are near each other. Counts what it embeds."""

    def __init__(self, *, dimension: int = 64, identity: str = "hashing") -> None:
        self.name = "hashing"
        self.identity = identity
        self.dimension = dimension
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(-1, self.dimension)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.dimension, 1e-3, np.float32)
        for word in re.findall(r"[a-z]+", text.lower()):
            vector[int.from_bytes(blake2b(word.encode(), digest_size=2).digest(), "big") % self.dimension] += 1.0
        return vector / np.linalg.norm(vector)


def lay_out(folder: Path, files: str) -> Path:
    """Write the files of one text, where each file begins with a line ``--- path``, and return the folder."""
    for part in re.split(r"^--- ", files, flags=re.MULTILINE)[1:]:
        name, _, text = part.partition("\n")
        path = folder / name.strip()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


class KeywordReranker:
    """Judges a document by the first of its ``liked`` texts that it holds. Keeps what it was asked."""

    def __init__(self, **liked: float) -> None:
        self.name = "keywords"
        self.liked = liked
        self.asked: list[tuple[str, list[str]]] = []

    def relevances(self, query: str, documents: Sequence[str]) -> list[float]:
        self.asked.append((query, list(documents)))
        return [next((chance for text, chance in self.liked.items() if text in one), 0.0) for one in documents]

    def close(self) -> None:
        self.asked.clear()
