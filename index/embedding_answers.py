"""What an embeddings server of the OpenAI kind answers, checked before anything of it is believed. Pure.

A server may be wrong in any way: every body becomes unit vectors in the order of the texts, or one ModelError.
"""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING

import numpy as np

from .errors import ModelError
from .numbered_answers import Kind, loaded, numbered

if TYPE_CHECKING:
    from numpy.typing import NDArray

VECTORS = Kind(api="an embeddings API", sent="texts", made="vectors", key="data")


def unit_rows(body: bytes, count: int, *, host: str) -> NDArray[np.float32]:
    """Return unit rows of shape ``(count, dimension)``, in the order of the texts; raises ModelError.

    A number in an item may be written out, or be four bytes, little end first, of a base64 text.
    """
    items = numbered(body, count, kind=VECTORS, host=host)
    vectors = [_vector(item.get("embedding"), host) for item in items]
    if len(lengths := {len(vector) for vector in vectors}) != 1 or 0 in lengths:
        raise ModelError(f"{host} answered with vectors of several lengths; restart its server or use another.")
    rows = np.stack(vectors)
    # In float64 no square of a float32 overflows.
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(norms).all():
        raise ModelError(f"{host} answered with what is no number; its model is damaged: load it again.")
    if not norms.all():
        raise ModelError(f"{host} answered with a vector of zeros, which has no direction; load its model again.")
    unit: NDArray[np.float32] = (rows / norms).astype(np.float32)
    return unit


def told_model(body: bytes) -> str:
    """Return the model that an answer with vectors names, '' where it names none."""
    found = loaded(body)
    name = found.get("model") if isinstance(found, dict) else None
    return name if isinstance(name, str) else ""


def listed_models(body: bytes) -> list[str]:
    """Return the names on a server's list of models; a body that is no such list has none."""
    found = loaded(body)
    data = found.get("data") if isinstance(found, dict) else None
    entries = data if isinstance(data, list) else []
    names = [entry.get("id") for entry in entries if isinstance(entry, dict)]
    return [name for name in names if isinstance(name, str)]


def _vector(value: object, host: str) -> NDArray[np.float64]:
    try:
        if isinstance(value, str):
            return np.frombuffer(b64decode(value, validate=True), "<f4").astype(np.float64)
        # A list with null, where JSON has no word for NaN, comes out as NaN.
        vector = np.array(value, np.float64) if isinstance(value, list) else np.empty(0)
    except (ValueError, TypeError, OverflowError):
        vector = np.empty(0)
    if vector.ndim != 1 or not vector.size:
        raise ModelError(f"{host} answered with something other than lists of numbers; {VECTORS.wrong_address}.")
    return vector
