"""How well one ordered answer fits one question, and how sure a difference between two systems is. Pure.

Every gain is one or nothing, and an answer is found once: a second hit that it accepts adds nothing. A question whose
answers are whole files is about files, so each file of the hits counts once, where it comes first.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .questions import Question

FIRST, DEPTH = 5, 10
RESAMPLES = 10_000
_SEED = 6
# Rows of a round of resampling: at 4,000 questions 16 MB of numbers at a time.
_ROWS = 500


class Hit(NamedTuple):
    """One place that a system names: a file, relative to the corpus, and a qualified name, ``""`` for all of it."""

    path: str
    function: str = ""


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one question, or the means over several. ``recall`` is the share of the answers among the first ten."""

    hit_at_1: float = 0.0
    hit_at_5: float = 0.0
    recall_at_10: float = 0.0
    mrr_at_10: float = 0.0
    ndcg_at_10: float = 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean difference, its 95 % interval, and the two-sided probability of one so large by chance."""

    mean: float
    low: float
    high: float
    p: float


def scores_of(question: Question, hits: Sequence[Hit]) -> Scores:
    """Return the scores of an ordered answer to a question that has answers."""
    if not any(answer.function for answer in question.answers):
        hits = list(dict.fromkeys(Hit(hit.path) for hit in hits))
    first, gains, found = None, [], set[int]()
    for rank, hit in enumerate(hits[:DEPTH]):
        accepted = {place for place, one in enumerate(question.answers) if one.accepts(*hit)}
        if accepted and first is None:
            first = rank
        if accepted - found:
            gains.append(rank)
        found |= accepted
    if first is None:
        return Scores()
    count = len(question.answers)
    ideal = _gain(range(min(DEPTH, count)))
    hits_at = (float(first < 1), float(first < FIRST))
    return Scores(*hits_at, len(found) / count, 1 / (first + 1), _gain(gains) / ideal)


def _gain(ranks: Sequence[int] | range) -> float:
    return math.fsum(1 / math.log2(rank + 2) for rank in ranks)


def mean_of(scores: Sequence[Scores]) -> Scores:
    """Return the mean of each score; zeros where there is none."""
    if not scores:
        return Scores()
    columns = zip(*(astuple(one) for one in scores), strict=True)
    return Scores(*(math.fsum(column) / len(scores) for column in columns))


def difference_of(first: Sequence[float], second: Sequence[float], *, resamples: int = RESAMPLES) -> Difference:
    """Compare two systems on the same questions, in the same order, by a paired bootstrap; positive: the second leads.

    The same numbers give the same answer. ``p`` is never below 2 / (resamples + 1).
    """
    differences = np.asarray(second, np.float64) - np.asarray(first, np.float64)
    if not len(differences):
        return Difference(0.0, 0.0, 0.0, 1.0)
    means = _resampled(differences, resamples)
    fewer = min(int((means <= 0).sum()), int((means >= 0).sum()))
    low, high = np.quantile(means, (0.025, 0.975))
    return Difference(float(differences.mean()), float(low), float(high), min(1.0, 2 * (fewer + 1) / (resamples + 1)))


def _resampled(values: NDArray[np.float64], resamples: int) -> NDArray[np.float64]:
    """Return the means of so many samples of the values, each as large as they are, drawn with putting back."""
    chance = np.random.default_rng(_SEED)
    rounds = []
    for start in range(0, resamples, _ROWS):
        chosen = chance.integers(0, len(values), (min(_ROWS, resamples - start), len(values)), dtype=np.int32)
        rounds.append(values[chosen].mean(axis=1))
    return np.concatenate(rounds)
