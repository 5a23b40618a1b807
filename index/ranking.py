"""Words and vectors fused into one order. Pure: numbers in, order out.

Fused score of a candidate = z(dense) + LEXICAL_WEIGHT · z(lexical) + bonuses - penalties, each z over the candidates of
this query. Score fusion beat reciprocal-rank fusion on every set it was measured on (+.039 NDCG@10 on doc sentences;
equal-weight RRF loses 7 to 10 points of MRR on loose questions).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Measured best between 0.2 (loose questions) and 0.5 (doc-like sentences).
LEXICAL_WEIGHT = 0.35
# Above any fused score a description can reach, so that a typed name finds its function first.
NAME_BONUS = 20.0
# Of several functions with that name, the one spelled exactly and in the typed scope leads.
EXACT_CASE_BONUS = 2.0
SCOPE_BONUS = 4.0
# ... and code leads tests that happen to define the same name.
NO_TEST_BONUS = 3.0
# About half a standard deviation: a test yields to the code it tests, not to unrelated code.
TEST_PENALTY = 0.5

_TEST_PATH = re.compile(
    r"(^|/)(tests?|specs?|__tests__|testing|testdata)/|(^|/)test_[^/]*$|[._-](test|spec)s?\.[^/.]+$"
)
_ASKS_FOR_TESTS = re.compile(r"\b(test|tests|testing|spec|mock|fixture)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A function that may answer: row ``row`` of the ``source``-th catalogue.

    ``dense`` is a cosine, None without a vector; ``lexical`` is BM25, 0 without a match.
    """

    source: int
    row: int
    path: str
    name: str
    qualified_name: str
    dense: float | None
    lexical: float


def rank(query: str, identifier: Sequence[str], candidates: Sequence[Candidate]) -> list[tuple[float, Candidate]]:
    """Return (score, candidate), best first; ``identifier`` is the query's scopes and name where it is one identifier.

    The order depends on the candidates and the query only, and ties are broken by source, path and row.
    """
    dense = _z_scores([candidate.dense for candidate in candidates])
    lexical = _z_scores([candidate.lexical for candidate in candidates])
    spare_tests = bool(_ASKS_FOR_TESTS.search(query))
    scored = [
        (
            dense_z
            + LEXICAL_WEIGHT * lexical_z
            + name_bonus(identifier, candidate)
            - (0.0 if spare_tests or not is_test(candidate.path) else TEST_PENALTY),
            candidate,
        )
        for dense_z, lexical_z, candidate in zip(dense, lexical, candidates, strict=True)
    ]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].source, pair[1].path, pair[1].row))


def _z_scores(values: Sequence[float | None]) -> list[float]:
    """Standardise; unknown values count as the mean, and equal values carry no information."""
    known = [value for value in values if value is not None]
    mean = math.fsum(known) / max(1, len(known))
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in known) / max(1, len(known)))
    if spread == 0.0:
        return [0.0] * len(values)
    return [0.0 if value is None else (value - mean) / spread for value in values]


def name_bonus(identifier: Sequence[str], candidate: Candidate) -> float:
    """Return the bonus of a candidate whose name was typed, 0 for others."""
    if not identifier or candidate.name.lower() != identifier[-1].lower():
        return 0.0
    bonus = NAME_BONUS + (EXACT_CASE_BONUS if candidate.name == identifier[-1] else 0.0)
    if not is_test(candidate.path):
        bonus += NO_TEST_BONUS
    return bonus + _scope_bonus(list(identifier[:-1]), re.split(r"\W+", candidate.qualified_name)[:-1])


def _scope_bonus(typed: list[str], scopes: list[str]) -> float:
    nearest = scopes[-len(typed) :]
    if not typed or [part.lower() for part in nearest] != [part.lower() for part in typed]:
        return 0.0
    return SCOPE_BONUS + (EXACT_CASE_BONUS if nearest == typed else 0.0)


def is_test(path: str) -> bool:
    """Say whether a file is a test by its path."""
    return bool(_TEST_PATH.search(path))
