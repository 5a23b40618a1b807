"""The promise every embedder keeps. Loads no model and imports no model library.

Implementations live in modules of their own, each the only importer of its library (``onnx_encoder``: onnxruntime).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """Turns text into unit vectors.

    ``identity`` names everything that decides a vector's value: weights, tokenizer, pooling, prompt, length limit,
    dimension. Vectors of two identities are never compared or mixed. Both methods may be called from any thread.
    """

    @property
    def name(self) -> str:
        """The model's name as people know it."""

    @property
    def identity(self) -> str:
        """A digest of all that decides the vectors."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows of shape ``(len(texts), dimension)``, in the order of ``texts``."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector of shape ``(dimension,)``."""


@runtime_checkable
class Encoder(Embedder, Protocol):
    """An Embedder that computes in this process: tokens and vectors can be had one after the other.

    ``embed_passages(texts)`` is ``embed_tokens(passage_tokens(texts))``. Tokens are counted with those that the model
    puts around a text, prompts included.
    """

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text are read."""

    @property
    def vocabulary_size(self) -> int:
        """Every id of a token is below it."""

    def passage_tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each passage, at least one and at most ``max_tokens``."""

    def query_tokens(self, text: str) -> list[int]:
        """Return the ids that ``embed_query`` reads."""

    def embed_tokens(self, tokens: Sequence[list[int]]) -> NDArray[np.float32]:
        """Return unit rows of shape ``(len(tokens), dimension)``; each list as ``passage_tokens`` gives it."""


@runtime_checkable
class Warming(Protocol):
    """An embedder that goes on becoming faster after its start."""

    def wait(self) -> None:
        """Return when it is as fast as it will be."""


@runtime_checkable
class Apart(Protocol):
    """An embedder that computes in another process: the next batch can be underway while one is being stored."""

    is_apart: Literal[True]


@runtime_checkable
class Thrifty(Protocol):
    """An embedder in this process that keeps memory for its next batch until it is told that there is none."""

    def give_memory_back(self) -> None:
        """Free what only batches need; the next one takes it again."""
