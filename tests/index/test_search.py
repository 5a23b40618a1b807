"""Filters and the graph: what is proposed from within a filter is what exact search finds there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.index.hits import Query
from funcseek.index.retrieval import nearest_exactly
from funcseek.index.search import EXACT_LABELS, POOL, Meaning, Source, find
from tests.index.corpus import Corpus
from tests.index.test_live_graph import finish, opened, queries

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEXTS = 3000


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """One file for each text, named like it."""
    corpus = Corpus(tmp_path_factory.mktemp("corpus"))
    corpus.write_all({f"{text}.py": [text] for text in range(TEXTS)})
    return corpus


def exact(corpus: Corpus, vector: NDArray[np.float32], prefix: str) -> list[int]:
    inside = [text for text in range(TEXTS) if str(text).startswith(prefix)]
    return sorted(inside, key=lambda text: -float(corpus.embedder.rows[text] @ vector))[:10]


@pytest.mark.parametrize("prefix", ["", "1", "12", "2999"], ids=["no filter", "a third", "selective", "one file"])
def test_filtered_answers_are_those_of_exact_search_within_the_filter(corpus: Corpus, prefix: str) -> None:
    live, upkeep = opened(corpus)
    finish(upkeep)
    recalls = []
    for vector in queries(corpus, 20):
        meaning = Meaning(
            partial(np.asarray, vector), corpus.space.model,
            lambda asked, count: live.propose(corpus.catalogue, asked, count),
        )  # fmt: skip
        source = Source(corpus.folder, corpus.catalogue, meaning)
        hits = find([source], Query("unmatched", paths=(f"{prefix}*.py",) if prefix else ()))
        found = {int(hit.path.removesuffix(".py")) for hit in hits}
        expected = exact(corpus, vector, prefix)
        recalls.append(len(found.intersection(expected)) / len(expected))
    assert np.mean(recalls) >= 0.995
    assert min(recalls) >= 0.8


def test_the_filters_of_this_page_take_both_paths() -> None:
    assert sum(str(text).startswith("1") for text in range(TEXTS)) > EXACT_LABELS > POOL
    assert sum(str(text).startswith("12") for text in range(TEXTS)) < EXACT_LABELS


def test_exact_search_reads_any_number_of_labels(corpus: Corpus) -> None:
    (query,) = queries(corpus, 1)
    labels = sorted(corpus.live())
    near = nearest_exactly(corpus.catalogue, corpus.space.model, labels * 4, vector=query, count=10)
    assert set(near) == corpus.exact(query)
