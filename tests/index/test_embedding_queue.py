"""A batch is as large as the time allows, whatever the model."""

from __future__ import annotations

import pytest

from funcseek.index.embedding_queue import (
    BATCH_SECONDS,
    FIRST_PASSAGES,
    LEAST_PASSAGES,
    MOST_PASSAGES,
    BatchSize,
)


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
