"""What callers share a batch, in which order, and what one of them cannot do to the others."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.server.batching import LEAST_BATCH_SIZE, Batcher, Closed, QueueFull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from numpy.typing import NDArray

LARGE = "x" * LEAST_BATCH_SIZE


class Model:
    """Gives each text its length; works on one batch at a time, when it is let, and remembers them all."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.has_begun = threading.Semaphore(0)
        self._may_go_on = threading.Semaphore(0)

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        self.batches.append(texts)
        self.has_begun.release()
        self._may_go_on.acquire()
        if "poison" in texts:
            raise ValueError("poison")
        return np.array([[len(text)] for text in texts], np.float32)

    def let(self, batches: int = 100) -> None:
        self._may_go_on.release(batches)


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def batcher(model: Model) -> Iterator[Batcher[str]]:
    batcher = Batcher(model.embed, name="test", max_waiting=8, batch_seconds=0.0)
    yield batcher
    batcher.close()
    model.let()


def occupy(batcher: Batcher[str], model: Model) -> Future[NDArray[np.float32]]:
    """Have a batch under way that ends when the model is let."""
    first = batcher.submit(["first"])
    assert model.has_begun.acquire(timeout=30)
    return first


def check(future: Future[NDArray[np.float32]], *lengths: int) -> None:
    assert future.result(timeout=30).tolist() == [[length] for length in lengths]


def test_callers_that_wait_share_a_batch_and_get_their_own(batcher: Batcher[str], model: Model) -> None:
    first = occupy(batcher, model)
    others = [batcher.submit(["a" * count, "b"]) for count in (1, 2, 3)]
    model.let()
    check(first, 5)
    for count, other in enumerate(others, start=1):
        check(other, count, 1)
    assert model.batches == [["first"], ["a", "b", "aa", "b", "aaa", "b"]]


def test_long_request_gives_way_after_each_batch(batcher: Batcher[str], model: Model) -> None:
    occupy(batcher, model)
    long = batcher.submit([LARGE, LARGE + "2", LARGE + "3"])
    short = batcher.submit(["short"])
    model.let()
    check(short, 5)
    check(long, *(LEAST_BATCH_SIZE + more for more in (0, 1, 1)))
    assert model.batches[1] == [LARGE]
    assert "short" in model.batches[2]


def test_request_that_is_cut_between_two_batches_is_next(batcher: Batcher[str], model: Model) -> None:
    occupy(batcher, model)
    futures = [batcher.submit(texts) for texts in (["one"], [LARGE, "two"], ["three"])]
    model.let()
    for future, lengths in zip(futures, ((3,), (LEAST_BATCH_SIZE, 3), (5,)), strict=True):
        check(future, *lengths)
    assert model.batches[1:] == [["one", LARGE], ["two", "three"]]


def test_caller_that_leaves_is_dropped(batcher: Batcher[str], model: Model) -> None:
    occupy(batcher, model)
    gone, stays = batcher.submit(["gone"] * 8), None
    assert gone.cancel()
    stays = batcher.submit(["stays"] * 8)
    model.let()
    check(stays, *[5] * 8)
    assert model.batches == [["first"], ["stays"] * 8]


def test_caller_that_leaves_while_its_batch_is_computed_harms_nobody(batcher: Batcher[str], model: Model) -> None:
    assert occupy(batcher, model).cancel()
    other = batcher.submit(["other"])
    model.let()
    check(other, 5)


def test_full_queue_refuses_and_says_when_to_come_back(batcher: Batcher[str], model: Model) -> None:
    occupy(batcher, model)
    waiting = batcher.submit(["x"] * 8)
    with pytest.raises(QueueFull) as refused:
        batcher.submit(["y"])
    assert 1 <= refused.value.retry_after_seconds <= 60
    model.let()
    check(waiting, *[1] * 8)
    check(batcher.submit(["y"]), 1)


def test_request_larger_than_the_queue_is_taken_where_nothing_waits(batcher: Batcher[str], model: Model) -> None:
    model.let()
    check(batcher.submit(["x"] * 20), *[1] * 20)


def test_text_that_fails_fails_its_own_caller_only(batcher: Batcher[str], model: Model) -> None:
    occupy(batcher, model)
    poisoned, healthy = batcher.submit(["ok", "poison"]), batcher.submit(["healthy"])
    model.let()
    check(healthy, 7)
    with pytest.raises(ValueError, match="poison"):
        poisoned.result(timeout=30)
    check(batcher.submit(["later"]), 5)


def test_closed_queue_cancels_what_waits_and_takes_nothing(batcher: Batcher[str], model: Model) -> None:
    occupy(batcher, model)
    waiting = batcher.submit(["x"])
    batcher.close()
    assert waiting.cancelled()
    with pytest.raises(Closed):
        batcher.submit(["y"])
