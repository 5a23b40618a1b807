"""MiniLM in plain numpy and float32, written from the BERT paper and not from our graph: what the graph is held to."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Weights = Mapping[str, Floats]
    See = Callable[[int, int, Floats], None]

LAYERS, HEADS, EPSILON = 6, 12, 1e-12


def reference_vector(weights: Weights, ids: Sequence[int], see: See = lambda *_: None) -> Floats:
    """Return the unit vector of one text; ``see(layer, which, values)`` is shown the input of each matrix product."""
    hidden = (
        weights["embeddings.word_embeddings.weight"][list(ids)]
        + weights["embeddings.position_embeddings.weight"][: len(ids)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    hidden = _normalised(weights, "embeddings.LayerNorm", hidden)
    for layer in range(LAYERS):
        hidden = _layer(weights, layer, hidden, see)
    mean: Floats = hidden.mean(axis=0)
    return mean / np.linalg.norm(mean)


def _layer(weights: Weights, layer: int, hidden: Floats, see: See) -> Floats:
    name = f"encoder.layer.{layer}."
    see(layer, 0, hidden)
    query, key, value = (
        _heads(_dense(weights, f"{name}attention.self.{x}", hidden)) for x in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 2, 1) / sqrt(query.shape[-1])
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    attended = (shares / shares.sum(axis=-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(hidden.shape)
    see(layer, 1, attended)
    projected = _dense(weights, f"{name}attention.output.dense", attended)
    middle = _normalised(weights, f"{name}attention.output.LayerNorm", projected + hidden)
    see(layer, 2, middle)
    bent = _gelu(_dense(weights, f"{name}intermediate.dense", middle))
    see(layer, 3, bent)
    return _normalised(weights, f"{name}output.LayerNorm", _dense(weights, f"{name}output.dense", bent) + middle)


def _dense(weights: Weights, name: str, values: Floats) -> Floats:
    return values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def _heads(values: Floats) -> Floats:
    return values.reshape(len(values), HEADS, -1).transpose(1, 0, 2)


def _normalised(weights: Weights, name: str, values: Floats) -> Floats:
    centred = values - values.mean(axis=-1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    scaled: Floats = centred / deviation * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return scaled


def _gelu(values: Floats) -> Floats:
    """The exact form: half of x times 1 + erf(x / sqrt 2), with erf by Abramowitz and Stegun 7.1.26 (error 1.5e-7)."""
    x = np.abs(values) / sqrt(2)
    t = 1 / (1 + 0.3275911 * x)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(values) * (1 - series * np.exp(-x * x))
    bent: Floats = (0.5 * values * (1 + erf)).astype(np.float32)
    return bent
