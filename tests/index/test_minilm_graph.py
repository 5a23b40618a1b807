"""The int8 graph against an independent float32 computation from the same weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from funcseek.index.minilm_graph import ACTIVATION_STEPS
from funcseek.index.onnx_encoder import MAX_PASSAGE_TOKENS
from tests.index.bert_reference import reference_vector
from tests.index.model_texts import OTHERS, PYTHON, QUESTIONS, TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from funcseek.index.onnx_encoder import OnnxEncoder

# A random text of the right length reaches .2; the wrong pooling, GELU or segment row costs more than .01.
SMALLEST_MEAN_COSINE = 0.99
SMALLEST_COSINE = 0.975


@pytest.fixture(scope="module")
def weights(published: Path) -> dict[str, NDArray[np.float32]]:
    return load_file(published / "model.safetensors")


@pytest.fixture(scope="module")
def tokenizer(published: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(published / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PASSAGE_TOKENS)
    return tokenizer


def test_vectors_agree_with_the_published_weights(
    encoder: OnnxEncoder, weights: dict[str, NDArray[np.float32]], tokenizer: Tokenizer
) -> None:
    expected = np.stack([reference_vector(weights, tokenizer.encode(text).ids) for text in TEXTS])
    cosines = (encoder.embed_passages(TEXTS) * expected).sum(axis=1)
    assert cosines.mean() >= SMALLEST_MEAN_COSINE
    assert cosines.min() >= SMALLEST_COSINE


def test_fixed_ranges_hold_what_code_and_questions_reach(
    weights: dict[str, NDArray[np.float32]], tokenizer: Tokenizer
) -> None:
    beyond = np.zeros((len(ACTIVATION_STEPS), 4))
    seen = np.zeros_like(beyond)

    def see(layer: int, which: int, values: NDArray[np.float32]) -> None:
        step, zero_point = ACTIVATION_STEPS[layer][which]
        quantised = np.rint(values / step) + zero_point
        beyond[layer, which] += ((quantised < 0) | (quantised > 255)).sum()
        seen[layer, which] += values.size

    for text in PYTHON[:3] + OTHERS[:3] + QUESTIONS[:2]:
        reference_vector(weights, tokenizer.encode(text).ids, see)
    assert (beyond / seen).max() < 1e-3
