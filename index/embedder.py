"""The promise every embedder keeps. Loads no model and imports no model library.

Implementations live in modules of their own, each the only importer of its library (``onnx_encoder``: onnxruntime).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

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
