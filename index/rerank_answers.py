"""What a reranking server answers, checked before anything of it is believed. Pure.

Jina, Cohere, vLLM and llama.cpp send ``results`` with a ``relevance_score`` each, TEI and SGLang a bare list with a
``score``; whatever else comes is one ModelError.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .errors import ModelError
from .numbered_answers import Kind, numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

SCORES = Kind(api="a reranking API", sent="documents", made="scores", key="results", may_be_bare=True)
# Beyond it a logistic function is 0 or 1 to the last digit, and the exponential would overflow.
_FARTHEST = 500.0


def scores(body: bytes, count: int, *, host: str) -> list[float]:
    """Return the score of each document, in the order they were sent, on the server's own scale; raises ModelError."""
    return [_score(item, host) for item in numbered(body, count, kind=SCORES, host=host)]


def as_likelihoods(found: Sequence[float]) -> list[float]:
    """Return the scores of one query as numbers from 0 to 1: as they are, or where one lies outside, as logits."""
    if all(0.0 <= score <= 1.0 for score in found):
        return list(found)
    return [1.0 / (1.0 + math.exp(-max(-_FARTHEST, min(_FARTHEST, score)))) for score in found]


def _score(item: dict[str, Any], host: str) -> float:
    value = item.get("relevance_score", item.get("score"))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ModelError(f"{host} answered with a score that is no number; load its model again or use another server.")
    return float(value)
