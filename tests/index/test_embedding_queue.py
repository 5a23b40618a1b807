"""A batch is as large as the time allows, whatever the model, and one elsewhere has the next while one is stored."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from funcseek.index.embedding_queue import (
    BATCH_SECONDS,
    FIRST_PASSAGES,
    LEAST_PASSAGES,
    MOST_PASSAGES,
    Batches,
    BatchSize,
)
from funcseek.index.errors import ModelError
from tests.doubles import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from funcseek.index.embedding_queue import Passage


@pytest.mark.parametrize("passages_per_second", [1, 10, 100, 3_600])
def test_batches_come_to_take_about_the_time_wanted(passages_per_second: int) -> None:
    size = BatchSize()
    for _ in range(20):
        size.took(size.passages, size.passages / passages_per_second)
    took = size.passages / passages_per_second
    assert BATCH_SECONDS / 2 <= took <= 2 * BATCH_SECONDS or size.passages == LEAST_PASSAGES


def test_size_stays_within_its_bounds() -> None:
    size = BatchSize()
    for _ in range(40):
        size.took(size.passages, 0.0)
    assert size.passages == MOST_PASSAGES
    for _ in range(40):
        size.took(size.passages, 100.0)
    assert size.passages == LEAST_PASSAGES


def test_last_batch_which_is_small_says_nothing() -> None:
    size = BatchSize()
    size.took(1, 0.001)
    assert size.passages == FIRST_PASSAGES


def test_slow_model_has_the_smallest_batches_after_the_first() -> None:
    size = BatchSize()
    size.took(size.passages, 10.0)
    assert size.passages == LEAST_PASSAGES


class SlowEmbedder(HashingEmbedder):
    """Embeds a batch only where it is let: whoever gets an answer before has not waited for it."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Semaphore(0)
        self.begun = threading.Semaphore(0)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.begun.release()
        self.let.acquire()
        if "unknown" in texts:
            raise ModelError("The model is away.")
        return super().embed_passages(texts)


class RemoteEmbedder(SlowEmbedder):
    is_apart: Literal[True] = True


class Waiting:
    """Passages that wait, and are not forgotten before they are stored."""

    def __init__(self, *texts: str) -> None:
        self.passages = [(number, b"", text) for number, text in enumerate(texts)]

    def __call__(self, count: int) -> list[Passage]:
        return self.passages[:count]

    def take(self, batches: Batches, *, share: int = 1) -> list[str]:
        """Have the next batch embedded and stored, and return its texts."""
        passages, rows = batches.next(share=share)
        np.testing.assert_array_equal(rows, HashingEmbedder().embed_passages([text for *_, text in passages]))
        self.passages = [one for one in self.passages if one not in passages]
        return [text for *_, text in passages]


TEXTS = [f"text {chr(ord('a') + number)}" for number in range(3 * FIRST_PASSAGES)]


def test_model_elsewhere_has_the_next_batch_while_one_is_stored() -> None:
    model, waiting = RemoteEmbedder(), Waiting(*TEXTS)
    batches = Batches(model, waiting)
    model.let.release()
    assert waiting.take(batches) == TEXTS[:FIRST_PASSAGES]
    for _ in range(2):
        assert model.begun.acquire(timeout=60)
    assert batches.is_underway
    model.let.release(2)
    assert waiting.take(batches) == TEXTS[FIRST_PASSAGES : 2 * FIRST_PASSAGES]
    assert waiting.take(batches) == TEXTS[2 * FIRST_PASSAGES :]
    assert waiting.take(batches) == []
    assert model.embedded == TEXTS


def test_model_in_this_process_works_on_nothing_that_nobody_waits_for() -> None:
    model, waiting = SlowEmbedder(), Waiting(*TEXTS)
    batches = Batches(model, waiting)
    model.let.release()
    assert waiting.take(batches) == TEXTS[:FIRST_PASSAGES] == model.embedded
    assert not batches.is_underway


def test_nothing_is_begun_ahead_while_somebody_saves_or_asks() -> None:
    model, waiting = RemoteEmbedder(), Waiting(*TEXTS)
    batches = Batches(model, waiting)
    model.let.release()
    assert waiting.take(batches, share=4) == TEXTS[: FIRST_PASSAGES // 4]
    assert not batches.is_underway


def test_what_a_model_could_not_embed_waits_and_what_was_behind_it_too() -> None:
    model, waiting = RemoteEmbedder(), Waiting("unknown", *TEXTS[1:])
    batches = Batches(model, waiting)
    model.let.release(9)
    with pytest.raises(ModelError, match="away"):
        waiting.take(batches)
    waiting.passages[0] = (0, b"", TEXTS[0])
    assert [waiting.take(batches), waiting.take(batches)] == [
        TEXTS[:FIRST_PASSAGES],
        TEXTS[FIRST_PASSAGES : 2 * FIRST_PASSAGES],
    ]
