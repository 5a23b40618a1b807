"""The live graph: whatever is committed, an answer is that of the snapshot it was asked in."""

from __future__ import annotations

import contextlib
import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.index.change_log import last_change, log_changes, prune_changes
from funcseek.index.live_graph import MOST_BETWEEN, LiveGraph
from funcseek.index.retrieval import cosines
from funcseek.index.upkeep import MOST_DEAD, Upkeep
from tests.index.corpus import TEXTS, Corpus

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from funcseek.index.store import Database

EXACT_LABELS = 100


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus(tmp_path)


def opened(corpus: Corpus, *, exact_labels: int = EXACT_LABELS) -> tuple[LiveGraph, Upkeep]:
    live = LiveGraph(corpus.space, guard=contextlib.nullcontext())
    live.open(corpus.catalogue, corpus.shelf)
    return live, Upkeep(live, corpus.catalogue, corpus.shelf, exact_labels=exact_labels)


def finish(upkeep: Upkeep) -> int:
    """Do all background work and count its steps."""
    steps = 0
    while upkeep.step():
        steps += 1
    return steps


def found(live: LiveGraph, catalogue: Database, query: NDArray[np.float32]) -> set[int]:
    """Answer like a search: propose, score from the stored vectors of the snapshot, take the best ten."""
    near = live.propose(catalogue, query, 100)
    assert near is not None
    scores = cosines(catalogue, live.space.model, near, query)
    return set(sorted(scores, key=lambda label: -scores[label])[:10])


def queries(corpus: Corpus, count: int = 60) -> NDArray[np.float32]:
    return corpus.embedder.rows[random.Random(count).sample(range(TEXTS), count)]


def check(live: LiveGraph, corpus: Corpus) -> None:
    """The live graph holds exactly what the catalogue says is alive, and finds what exact search finds."""
    assert live.sequence == last_change(corpus.catalogue)
    assert set(live.live_labels()) == corpus.live()
    assert live.alive == len(corpus.live())
    recalls = []
    for query in queries(corpus):
        exact = corpus.exact(query)
        recalls.append(len(found(live, corpus.catalogue, query) & exact) / max(1, len(exact)))
    assert np.mean(recalls) >= 0.995
    assert min(recalls) >= 0.8


def test_small_index_is_searched_exactly_and_saves_no_graph(corpus: Corpus) -> None:
    corpus.write("a", range(EXACT_LABELS))
    live, upkeep = opened(corpus)
    assert finish(upkeep) == 0
    assert live.graph is None
    assert not corpus.shelf.folder.exists()
    check(live, corpus)


def test_index_that_outgrows_exact_search_gets_a_saved_graph(corpus: Corpus) -> None:
    live, upkeep = opened(corpus)
    for number in range(10):
        corpus.write(str(number), range(number * 100, number * 100 + 100))
        live.follow(corpus.catalogue)
        check(live, corpus)
    finish(upkeep)
    assert live.graph is not None
    check(live, corpus)
    again, _ = opened(corpus)
    assert again.graph is not None
    check(again, corpus)


def churn(corpus: Corpus, *, rounds: int, seed: int) -> None:
    """Add, delete and undo: each round one of forty files gets other texts or those it had before."""
    chance = random.Random(seed)
    past: dict[int, list[list[int]]] = {file: [] for file in range(40)}
    for _ in range(rounds):
        file = chance.randrange(40)
        kind = chance.random()
        if kind < 0.15:
            corpus.remove(str(file))
        elif kind < 0.35 and past[file]:
            corpus.write(str(file), chance.choice(past[file]))
        else:
            texts = chance.sample(range(TEXTS), 50)
            past[file].append(texts)
            corpus.write(str(file), texts)


def test_recall_holds_after_the_index_was_turned_over_twice(corpus: Corpus) -> None:
    for file in range(40):
        corpus.write(str(file), range(file * 50, file * 50 + 50))
    live, upkeep = opened(corpus)
    finish(upkeep)
    for seed in range(4):  # 4 · 25 · 50 labels and 2,000 at a time
        churn(corpus, rounds=25, seed=seed)
        live.follow(corpus.catalogue)
        check(live, corpus)
        finish(upkeep)
        check(live, corpus)
    assert live.graph is not None
    assert live.graph.dead_share <= MOST_DEAD


def test_replayed_log_equals_a_fresh_build(corpus: Corpus) -> None:
    for file in range(40):
        corpus.write(str(file), range(file * 50, file * 50 + 50))
    _, upkeep = opened(corpus)
    finish(upkeep)
    churn(corpus, rounds=30, seed=9)
    replayed, _ = opened(corpus)
    for saved in corpus.shelf.folder.iterdir():
        saved.unlink()
    fresh, upkeep = opened(corpus)
    finish(upkeep)
    assert set(replayed.live_labels()) == set(fresh.live_labels()) == corpus.live()
    check(replayed, corpus)
    check(fresh, corpus)


def test_old_snapshot_is_answered_as_of_then(corpus: Corpus) -> None:
    corpus.write("a", range(300))
    live, upkeep = opened(corpus)
    finish(upkeep)
    reader = corpus.connection()
    with reader.snapshot():
        at = last_change(reader)
        before = [corpus.exact(query) for query in queries(corpus)]
        corpus.remove("a")
        corpus.write("b", range(3000, 3300))
        live.follow(corpus.catalogue)
        assert live.sequence > at
        assert [found(live, reader, query) for query in queries(corpus)] == before
    check(live, corpus)


def test_snapshot_ahead_of_the_graph_sees_its_own_state(corpus: Corpus) -> None:
    corpus.write("a", range(300))
    live, upkeep = opened(corpus)
    finish(upkeep)
    corpus.write("a", range(150, 450))
    assert live.sequence < last_change(corpus.catalogue)
    assert [found(live, corpus.catalogue, query) for query in queries(corpus)] == [
        corpus.exact(query) for query in queries(corpus)
    ]


def test_snapshot_too_far_away_asks_for_exact_search(corpus: Corpus) -> None:
    corpus.write("a", range(300))
    live, _ = opened(corpus)
    query = corpus.embedder.rows[0]
    reader = corpus.connection()
    with reader.snapshot():
        last_change(reader)
        with corpus.catalogue.transaction():
            log_changes(corpus.catalogue, sorted(corpus.live()) * (MOST_BETWEEN // 300 + 1))
        assert live.propose(corpus.catalogue, query, 10) is None
        live.follow(corpus.catalogue)
        assert live.propose(reader, query, 10) is None
    assert live.propose(corpus.catalogue, query, 10) is not None


def test_follower_behind_a_pruned_log_starts_anew(corpus: Corpus) -> None:
    corpus.write("a", range(200))
    live, _ = opened(corpus)
    corpus.write("a", range(100, 300))
    prune_changes(corpus.catalogue, contained=last_change(corpus.catalogue))
    live.follow(corpus.catalogue)
    check(live, corpus)


def test_vector_that_is_none_is_left_to_the_words(corpus: Corpus) -> None:
    corpus.write("a", range(200))
    bad = np.full(corpus.space.dimension, np.nan, np.float16).tobytes()
    unfit = sorted(corpus.live())[:2]
    for label, value in zip(unfit, (bad, b"short"), strict=True):
        corpus.catalogue.rows(
            "UPDATE cache.vector SET value = ? WHERE digest = (SELECT digest FROM passage WHERE label = ?)",
            (value, label),
        )
    live, upkeep = opened(corpus)
    finish(upkeep)
    assert corpus.live().difference(live.live_labels()) == set(unfit)
    assert not found(live, corpus.catalogue, corpus.embedder.rows[0]) & set(unfit)


def test_generation_whose_vectors_are_gone_is_built_anew(corpus: Corpus) -> None:
    corpus.write("a", range(300))
    _, upkeep = opened(corpus)
    finish(upkeep)
    corpus.write("a", range(1, 300))
    corpus.cache.rows("DELETE FROM vector WHERE digest = ?", ((0).to_bytes(16, "big"),))
    live, upkeep = opened(corpus)
    assert live.graph is None
    check(live, corpus)
    finish(upkeep)
    assert live.graph is not None
    check(live, corpus)


def test_damaged_newest_generation_costs_only_the_changes_since_the_one_before(corpus: Corpus) -> None:
    corpus.write("a", range(300))
    live, upkeep = opened(corpus)
    finish(upkeep)
    first = set(corpus.shelf.folder.iterdir())
    corpus.write("b", range(1000, 1300))
    live.follow(corpus.catalogue)
    live.saved_at = -1  # a generation is due
    finish(upkeep)
    (newest,) = set(corpus.shelf.folder.iterdir()) - first
    newest.write_bytes(newest.read_bytes()[:-1])
    again, _ = opened(corpus)
    assert again.graph is not None
    assert (len(again.graph), len(again.flat)) == (300, 300)
    check(again, corpus)
