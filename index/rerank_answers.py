"""What a reranking server answers, checked before anything of it is believed. Pure.

Jina, Cohere, vLLM and llama.cpp send ``results`` with a ``relevance_score`` each, TEI and SGLang a bare list with a
``score``; whatever else comes is one ModelError.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .embedding_answers import loaded
from .errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

_WRONG_ADDRESS = "check that the address is that of a reranking API"
# Beyond it a logistic function is 0 or 1 to the last digit, and the exponential would overflow.
_FARTHEST = 500.0


def scores(body: bytes, count: int, *, host: str) -> list[float]:
    """Return the score of each document, in the order they were sent, on the server's own scale; raises ModelError."""
    items = _items(body, host)
    placed = {item["index"]: item for item in items if type(item.get("index")) is int}
    if len(items) != count or placed.keys() != set(range(count)):
        raise ModelError(
            f"{host} answered {count} documents with {len(items)} scores, numbered for"
            f" {len(placed.keys() & range(count))} of them; update or restart its server."
        )
    return [_score(placed[place], host) for place in range(count)]


def as_likelihoods(found: Sequence[float]) -> list[float]:
    """Return the scores of one query as numbers from 0 to 1: as they are, or where one lies outside, as logits."""
    if all(0.0 <= score <= 1.0 for score in found):
        return list(found)
    return [1.0 / (1.0 + math.exp(-max(-_FARTHEST, min(_FARTHEST, score)))) for score in found]


def _items(body: bytes, host: str) -> list[dict[str, Any]]:
    found = loaded(body)
    if found is None:
        kind = "a web page" if body.lstrip()[:1] == b"<" else "what is no JSON"
        raise ModelError(f"{host} answered with {kind}; {_WRONG_ADDRESS}.")
    items = found.get("results") if isinstance(found, dict) else found
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ModelError(f"{host} answered with JSON that holds no scores; {_WRONG_ADDRESS}.")
    return items


def _score(item: dict[str, Any], host: str) -> float:
    value = item.get("relevance_score", item.get("score"))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ModelError(f"{host} answered with a score that is no number; load its model again or use another server.")
    return float(value)
