"""``python -m bench.quality.calibrate``: the numbers of `index.confidence`, fitted on the fit split. Changes nothing.

Real questions, sentences and names, misspelled or not, are told from nonsense by the cosine of their first hit and the
share of their words in what surrounds it, with a logistic regression in which both classes weigh the same. Prints the
numbers, the threshold below which 2 % of the real questions lie, and how much of the nonsense does, on both splits.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import minimize

from funcseek.index.confidence import LEAST_CONFIDENCE, confidence, share
from funcseek.index.ranking import rank

from .corpora import cache_folder
from .embedders import embedder_named
from .product import Product, candidates_of
from .questions import NONSENSE
from .sets import Wanted, built_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from funcseek.index.reader import Reader

    from .questions import Question

REAL = ("doc", "intent", "name", "qualified", "typo")
LOST = 0.02
PENALTY = 1e-4


class Sight(NamedTuple):
    """What is seen of a question's first hit; ``confidence`` is the product's present one, 0 where there is no hit."""

    is_real: bool
    cosine: float
    share: float
    confidence: float


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="where sources and indexes are kept")
    parser.add_argument("--report", action="store_true", help="look at the report split too")
    options = parser.parse_args()
    sights = sights_of(options.cache, "fit")
    intercept, of_cosine, of_share = fitted(sights)
    print(f"INTERCEPT, COSINE_WEIGHT, SHARE_WEIGHT = {intercept:.2f}, {of_cosine:.2f}, {of_share:.2f}")
    _print("fit", sights)
    if options.report:
        _print("report", sights_of(options.cache, "report"))


def _print(split: str, sights: Sequence[Sight]) -> None:
    real = np.array([one.confidence for one in sights if one.is_real])
    nonsense = np.array([one.confidence for one in sights if not one.is_real])
    threshold = float(np.quantile(real, LOST))
    print(f"{split}: {len(real)} real questions, {len(nonsense)} of nonsense; {LOST:.0%} of the real lie below")
    print(f"{threshold:.3f}, and of the nonsense {(nonsense < threshold).mean():.1%}")
    for least in (0.1, LEAST_CONFIDENCE, 0.5):
        print(f"below {least}: real {(real < least).mean():.1%}, nonsense {(nonsense < least).mean():.1%}")


def sights_of(cache: Path, split: str) -> list[Sight]:
    """Return what is seen of every question of a split."""
    product = Product("hybrid", embedder_named("default", cache), cache)
    cases, missing = built_in(Wanted((*REAL, NONSENSE), split), cache)
    print(*missing, sep="\n", end="\n" if missing else "")
    found: list[Sight] = []
    for root in dict.fromkeys(case.root for case in cases):
        with product.reader(root) as reader:
            found += _sights(reader, (case.question for case in cases if case.root == root))
    return found


def _sights(reader: Reader, questions: Iterable[Question]) -> Iterable[Sight]:
    for question in questions:
        pool = candidates_of(reader, question.query)
        first = next(iter(rank(*pool)), None)
        is_real = question.kind != NONSENSE
        if first is None or first.candidate.dense is None:
            yield Sight(is_real, 0.0, 0.0, 0.0)
        else:
            sure = confidence(pool.asked, first) or 0.0
            yield Sight(is_real, first.candidate.dense, share(pool.asked, first.candidate), sure)


def fitted(sights: Sequence[Sight]) -> NDArray[np.float64]:
    """Return intercept and weights, shape ``(3,)``, of real against nonsense."""
    values = np.array([(1.0, one.cosine, one.share) for one in sights])
    signs = np.array([1.0 if one.is_real else -1.0 for one in sights])
    balance = np.where(signs > 0, 0.5 / (signs > 0).sum(), 0.5 / (signs < 0).sum())

    def loss(weights: NDArray[np.float64]) -> float:
        return float(balance @ np.logaddexp(0.0, -signs * (values @ weights)) + PENALTY * weights @ weights)

    return np.asarray(minimize(loss, np.zeros(3), method="L-BFGS-B").x)


if __name__ == "__main__":
    main()
