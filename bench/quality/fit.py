"""``python -m bench.quality.fit``: the weights of the product's ranking, fitted on the fit split. Changes nothing.

A query's candidates are those that the product ranks. The weights make the right one of them as likely as they can,
where the likelihood of a candidate is the softmax of its score (ListNet's loss, Cao and others 2007, with one right
answer). Prints them as `index.ranking.WEIGHTS` has them, and how well weights fitted on three quarters of the
repositories rank the rest, beside the present ones. Only sentences of documentation are used: typed names have bonuses,
and no question of the report split is looked at.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
from scipy.optimize import minimize

from funcseek.index.ranking import WEIGHTS, features

from .corpora import cache_folder
from .embedders import embedder_named
from .product import Product, candidates_of
from .sets import Wanted, built_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from funcseek.index.reader import Reader

    from .questions import Question

FOLDS = 4
# Keeps a weight that hardly matters near 0.
PENALTY = 0.002
NAMES = tuple(WEIGHTS)


class Case(NamedTuple):
    """One question: its corpus, its candidates' features, shape ``(n, features)``, and which of them are right."""

    corpus: str
    values: NDArray[np.float64]
    right: NDArray[np.bool_]


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="where sources and indexes are kept")
    cache = parser.parse_args().cache
    cases = cases_of(cache)
    present = np.array([WEIGHTS[name] for name in NAMES])
    print(f"{len(cases)} questions, {len({case.corpus for case in cases})} repositories")
    print("present weights: hit@1 {:.3f}, hit@5 {:.3f}, MRR@10 {:.3f}".format(*measured(cases, present)))
    print("each fold by the others: hit@1 {:.3f}, hit@5 {:.3f}, MRR@10 {:.3f}".format(*held_out(cases)))
    for name, weight in zip(NAMES, fitted(cases), strict=True):
        print(f'    "{name}": {weight:.2f},')


def cases_of(cache: Path) -> list[Case]:
    """Return a case for each question of the fit split; a right function that is no candidate leaves none right."""
    product = Product("hybrid", embedder_named("default", cache), cache)
    asked_cases, missing = built_in(Wanted(("doc",), "fit"), cache)
    print(*missing, sep="\n", end="\n" if missing else "")
    found: list[Case] = []
    for root in dict.fromkeys(case.root for case in asked_cases):
        with product.reader(root) as reader:
            found += [_case(reader, case.question) for case in asked_cases if case.root == root]
    return found


def _case(reader: Reader, question: Question) -> Case:
    pool = candidates_of(reader, question.query)
    values = [[found[name] for name in NAMES] for found in features(pool.asked, pool.candidates)]
    right = [
        any(answer.accepts(one.path, one.qualified_name) for answer in question.answers) for one in pool.candidates
    ]
    return Case(question.corpus, np.array(values).reshape(-1, len(NAMES)), np.array(right, np.bool_))


def fitted(cases: Sequence[Case]) -> NDArray[np.float64]:
    """Return the weights, shape ``(features,)``, that make the right candidates likeliest."""
    usable = [case for case in cases if case.right.any()]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = 0.0, np.zeros_like(weights)
        for case in usable:
            scores = case.values @ weights
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            right = float(likely[case.right].sum()) + 1e-12
            total -= np.log(right)
            slope += case.values.T @ (likely - likely * case.right / right)
        count = len(usable)
        return total / count + PENALTY * float(weights @ weights), slope / count + 2 * PENALTY * weights

    found = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B", options={"maxiter": 100})
    return np.asarray(found.x)


def measured(cases: Sequence[Case], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return hit@1, hit@5 and MRR@10."""
    total = np.zeros(3)
    for case in cases:
        if case.right.any():
            place = 1 + int(np.argmax(case.right[np.argsort(-(case.values @ weights), kind="stable")]))
            total += (place == 1, place <= 5, 1 / place if place <= 10 else 0.0)
    return total / len(cases)


def held_out(cases: Sequence[Case]) -> NDArray[np.float64]:
    """Return what `measured` does, where each fold of repositories is ranked by weights fitted on the others."""
    total = np.zeros(3)
    for fold in range(FOLDS):
        inside = [case for case in cases if crc32(case.corpus.encode()) % FOLDS == fold]
        outside = [case for case in cases if crc32(case.corpus.encode()) % FOLDS != fold]
        total += len(inside) * measured(inside, fitted(outside))
    return total / len(cases)


if __name__ == "__main__":
    main()
