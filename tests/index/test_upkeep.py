"""Background work on the graph: in small steps, while the old graph serves, and only when there is a reason."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.index.audit import audit
from funcseek.index.change_log import changes_after, last_change, log_changes
from funcseek.index.exact import Flat
from funcseek.index.generations import generations
from funcseek.index.projection import LEAST_SHARE
from funcseek.index.upkeep import KEPT_CHANGES, LABELS_PER_STEP, MOST_DEAD
from funcseek.index.vectors import LARGE, LIBRARY, SMALL, Graph, Parameters
from tests.index.corpus import Corpus
from tests.index.test_live_graph import check, finish, found, opened, queries
from tests.index.vector_sets import lean_rows

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from funcseek.index.live_graph import LiveGraph


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    corpus = Corpus(tmp_path)
    corpus.write("a", range(1000))
    return corpus


def test_old_graph_serves_while_a_new_one_is_built(corpus: Corpus) -> None:
    live, upkeep = opened(corpus)
    finish(upkeep)
    old = live.graph
    corpus.write("a", range(500, 1500))
    live.follow(corpus.catalogue)
    assert old is not None
    assert old.dead_share > MOST_DEAD
    steps = 0
    while upkeep.step() and live.graph is old:
        check(live, corpus)
        steps += 1
    assert steps >= 1000 // LABELS_PER_STEP
    assert live.graph is not None
    assert not live.graph.dead
    finish(upkeep)
    check(live, corpus)


def test_what_is_committed_during_a_rebuild_is_in_the_new_graph(corpus: Corpus) -> None:
    live, upkeep = opened(corpus)
    while live.graph is None:
        upkeep.step()
        if live.graph is None:
            corpus.write("b", range(2000, 2000 + len(corpus.live()) // 10))
            corpus.write("a", range(10, 1000))
            live.follow(corpus.catalogue)
    check(live, corpus)
    finish(upkeep)
    check(live, corpus)


def test_graph_is_saved_while_labels_keep_coming(corpus: Corpus) -> None:
    live, upkeep = opened(corpus)
    texts = iter(range(2000, 2300))
    while not generations(corpus.catalogue):
        corpus.write("b", [next(texts)])
        live.follow(corpus.catalogue)
        upkeep.step()
    check(live, corpus)


def test_nothing_is_done_twice(corpus: Corpus) -> None:
    live, upkeep = opened(corpus)
    finish(upkeep)
    saved = generations(corpus.catalogue)
    assert finish(upkeep) == 0
    corpus.write("b", [2000])
    live.follow(corpus.catalogue)
    assert finish(upkeep) == 0
    again, upkeep = opened(corpus)
    assert finish(upkeep) == 0
    check(again, corpus)
    assert generations(corpus.catalogue) == saved


@pytest.mark.parametrize("change", ["library", "parameters"])
def test_graph_of_another_library_or_parameters_serves_until_it_is_rebuilt(corpus: Corpus, change: str) -> None:
    live, upkeep = opened(corpus)
    finish(upkeep)
    if change == "library":
        corpus.catalogue.rows("UPDATE generation SET library = 'hnswlib 0.7.0'")
    else:
        publish_other(corpus, live, Parameters(32, 200))
    again, upkeep = opened(corpus)
    assert again.graph is not None
    check(again, corpus)
    finish(upkeep)
    assert generations(corpus.catalogue)[0].library == LIBRARY
    assert again.graph.parameters == SMALL
    check(again, corpus)


def test_graph_that_was_built_for_more_labels_stays_when_they_go(corpus: Corpus) -> None:
    live, upkeep = opened(corpus)
    finish(upkeep)
    publish_other(corpus, live, LARGE)
    again, upkeep = opened(corpus)
    assert finish(upkeep) == 0
    assert again.graph is not None
    assert again.graph.parameters == LARGE
    check(again, corpus)


def publish_other(corpus: Corpus, live: LiveGraph, parameters: Parameters) -> None:
    labels = sorted(corpus.live())
    graph = Graph(corpus.space.dimension, parameters=parameters)
    graph.add(labels, corpus.rows_of(labels))
    corpus.shelf.publish(
        corpus.catalogue, graph.links(), sequence=live.sequence, model=corpus.space.identity, library=LIBRARY
    )


def lean(corpus: Corpus, texts: slice, seed: int) -> None:
    """Give some texts vectors near a few axes, which are others for another seed."""
    rows = corpus.embedder.rows[texts]
    turned = np.random.default_rng(seed).permutation(rows.shape[1])
    corpus.embedder.rows[texts] = lean_rows(len(rows), rows.shape[1], seed=seed)[:, turned]


def test_rows_of_a_large_graph_are_short_and_its_answers_whole(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, dimension=256)
    lean(corpus, slice(None), seed=1)
    corpus.write("a", range(1000))
    live, upkeep = opened(corpus)
    finish(upkeep)
    assert live.graph is not None
    assert live.graph.projection is not None
    check(live, corpus)
    again, _ = opened(corpus)
    assert again.graph is not None
    assert again.graph.projection is not None
    check(again, corpus)


def test_graph_gets_other_axes_when_other_functions_come(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, dimension=256)
    lean(corpus, slice(0, 1000), seed=1)
    lean(corpus, slice(1000, None), seed=2)
    corpus.write("a", range(500))
    live, upkeep = opened(corpus)
    finish(upkeep)
    old = live.graph
    assert old is not None
    corpus.write("b", range(1000, 3000))
    live.follow(corpus.catalogue)
    finish(upkeep)
    assert old.kept_share < LEAST_SHARE
    assert live.graph is not None
    assert live.graph.kept_share >= LEAST_SHARE
    check(live, corpus)
    assert finish(upkeep) == 0


def verdict(running: Generator[None, None, str | None]) -> str | None:
    while True:
        try:
            next(running)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def test_audit_tells_a_right_graph_from_one_with_other_vectors(corpus: Corpus) -> None:
    labels = sorted(corpus.live())
    rows = corpus.rows_of(labels)
    right, wrong = Graph(corpus.space.dimension), Graph(corpus.space.dimension)
    right.add(labels, rows)
    wrong.add(labels, np.roll(rows, 1, axis=0))
    assert verdict(audit(right, corpus.catalogue, corpus.space)) is None
    assert "do not find themselves" in (verdict(audit(wrong, corpus.catalogue, corpus.space)) or "")


def test_graph_that_fails_its_audit_is_never_saved_but_rebuilt(corpus: Corpus) -> None:
    live, upkeep = opened(corpus)
    finish(upkeep)
    labels = sorted(corpus.live())
    wrong = Graph(corpus.space.dimension)
    wrong.add(labels, np.roll(corpus.rows_of(labels), 1, axis=0))
    live.replace(wrong, Flat(corpus.space.dimension), sequence=live.sequence)
    corpus.write("b", range(1000, 6000))  # a generation is due
    live.follow(corpus.catalogue)
    finish(upkeep)
    assert live.graph is not wrong
    check(live, corpus)
    again, _ = opened(corpus)
    check(again, corpus)


def test_commits_between_the_steps_of_an_audit_are_no_fault_of_the_graph(corpus: Corpus) -> None:
    live, upkeep = opened(corpus)
    finish(upkeep)
    built = live.graph
    corpus.write("b", range(1000, 6000))  # a generation is due
    live.follow(corpus.catalogue)
    while len(live.flat) >= LABELS_PER_STEP:
        upkeep.step()
    for _ in range(3):  # in the midst of the audit
        upkeep.step()
    corpus.write("b", range(2600, 6000))
    live.follow(corpus.catalogue)
    finish(upkeep)
    assert live.graph is built
    check(live, corpus)


def test_log_of_an_index_without_a_graph_stays_short(corpus: Corpus) -> None:
    live, upkeep = opened(corpus, exact_labels=10**6)
    with corpus.catalogue.transaction():
        log_changes(corpus.catalogue, sorted(corpus.live()) * (KEPT_CHANGES // 500))
    live.follow(corpus.catalogue)
    finish(upkeep)
    assert len(changes_after(corpus.catalogue, 0, count=10**6)) == KEPT_CHANGES
    assert live.sequence == last_change(corpus.catalogue)


def test_index_that_shrinks_goes_back_to_exact_search(corpus: Corpus) -> None:
    live, upkeep = opened(corpus, exact_labels=500)
    finish(upkeep)
    corpus.write("a", range(100))
    live.follow(corpus.catalogue)
    finish(upkeep)
    assert live.graph is None
    check(live, corpus)


def test_searches_in_other_threads_see_one_state_each_while_the_graph_is_worked_on(corpus: Corpus) -> None:
    live, upkeep = opened(corpus)
    live.guard = threading.Lock()
    finish(upkeep)
    failures: list[str] = []
    stopping = threading.Event()

    def search() -> None:
        connection = corpus.connection()
        asked = queries(corpus)
        while not stopping.is_set():
            for query in asked:
                with connection.snapshot():
                    near = live.propose(connection, query, 100)
                    if near is not None and not found(live, connection, query):
                        failures.append("nothing found")
        connection.close()

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    with contextlib.ExitStack() as stack:
        stack.callback(stopping.set)
        for number in range(12):
            corpus.write("a", range(number * 100, number * 100 + 1000))
            live.follow(corpus.catalogue)
            finish(upkeep)
    for thread in threads:
        thread.join()
    assert failures == []
    check(live, corpus)
