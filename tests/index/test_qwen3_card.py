"""Qwen3-Embedding-0.6B as its card says, where its real weights are: in the hub's cache, with their published bytes.

Nothing is fetched. `funcseek model install qwen3` brings them; without them the run says at its end what was not tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from funcseek.index.hub import cached, check_published
from funcseek.index.model_folder import Wishes, read_folder
from funcseek.index.models import QWEN3
from funcseek.index.transformer import load

if TYPE_CHECKING:
    from pathlib import Path

TASK = "Given a web search query, retrieve relevant passages that answer the query"
QUERIES = ["What is the capital of China?", "Explain gravity"]
PASSAGES = [
    "The capital of China is Beijing.",
    (
        "Gravity is a force that attracts two bodies towards each other. It gives weight to physical objects and is"
        " responsible for the movement of planets around the sun."
    ),
]
# As the card prints them.
SCORES = [[0.7645568251609802, 0.14142508804798126], [0.13549736142158508, 0.5999549627304077]]
TOLERANCE = 0.005
# Not seen on the real weights yet: far less than what lies between the passage that answers and the other.
INT8_TOLERANCE = 0.05
FOX = "The quick brown fox jumps over the lazy dog."
FOX_TOKENS = [785, 3974, 13876, 38835, 34208, 916, 279, 15678, 5562, 13, 151643]


@pytest.fixture(scope="module")
def folder() -> Path:
    found = cached(QWEN3)
    if found is None:
        pytest.skip("NOT TRIED: Qwen3-Embedding-0.6B is not in the hub's cache; run `funcseek model install qwen3`")
    check_published(QWEN3, found)
    return found


@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float32, TOLERANCE), (torch.bfloat16, TOLERANCE), (torch.int8, INT8_TOLERANCE)]
)
def test_scores_are_those_of_the_card(folder: Path, dtype: torch.dtype, tolerance: float) -> None:
    card = read_folder(folder, Wishes(query_prompt=f"Instruct: {TASK}\nQuery:"))
    encoder = load(card, device="cpu" if dtype == torch.int8 else None, dtype=dtype)
    assert encoder.passage_tokens([FOX])[0] == FOX_TOKENS
    asked = np.stack([encoder.embed_query(text) for text in QUERIES])
    assert np.abs(asked @ encoder.embed_passages(PASSAGES).T - SCORES).max() < tolerance
