"""Scores of one answer worked out by hand, and how sure a difference is."""

from __future__ import annotations

import math
from dataclasses import astuple

import pytest

from bench.quality.measures import Hit, Scores, difference_of, mean_of, scores_of
from bench.quality.questions import Answer, Question

TAKE, GIVE = Answer("pool.py", "Pool.take"), Answer("pool.py", "Pool.give")
OTHERS = [Hit("other.py", f"f{number}") for number in range(12)]


def check(answers: tuple[Answer, ...], hits: list[Hit], expected: Scores) -> None:
    question = Question("q", "take one", "pool", "python", "intent", answers)
    assert astuple(scores_of(question, hits)) == pytest.approx(astuple(expected))


def test_right_answer_first() -> None:
    check((TAKE,), [Hit("pool.py", "Pool.take"), *OTHERS], Scores(1, 1, 1, 1, 1))


def test_right_answer_third() -> None:
    check((TAKE,), [*OTHERS[:2], Hit("pool.py", "Pool.take")], Scores(0, 1, 1, 1 / 3, 0.5))


def test_right_answer_eleventh_counts_for_nothing() -> None:
    check((TAKE,), [*OTHERS[:10], Hit("pool.py", "Pool.take")], Scores())


def test_second_and_sixth_of_two_answers() -> None:
    hits = [OTHERS[0], Hit("pool.py", "Pool.give"), *OTHERS[1:4], Hit("pool.py", "Pool.take")]
    gain = (1 / math.log2(3) + 1 / math.log2(7)) / (1 + 1 / math.log2(3))
    check((TAKE, GIVE), hits, Scores(0, 1, 1, 0.5, gain))


def test_answer_found_twice_gains_once() -> None:
    twice = [Hit("pool.py", "Pool.take"), Hit("pool.py", "Pool.take")]
    check((TAKE, GIVE), twice, Scores(1, 1, 0.5, 1, 1 / (1 + 1 / math.log2(3))))


def test_files_of_a_question_about_files_count_once() -> None:
    hits = [Hit("other.py", "a"), Hit("other.py", "b"), Hit("pool.py", "Pool.take")]
    check((Answer("pool.py"),), hits, Scores(0, 1, 1, 0.5, 1 / math.log2(3)))


def test_whole_file_is_no_answer_to_a_question_about_a_function() -> None:
    check((TAKE,), [Hit("pool.py")], Scores())


def test_mean_of_nothing_is_nothing() -> None:
    assert mean_of([]) == Scores()
    assert mean_of([Scores(1, 1, 1, 1, 1), Scores()]) == Scores(0.5, 0.5, 0.5, 0.5, 0.5)


def test_steady_gain_is_sure() -> None:
    found = difference_of([0.0, 0.2, 0.1] * 40, [0.5, 0.6, 0.7] * 40)
    assert found.mean == pytest.approx(0.5)
    assert 0.4 < found.low < found.mean < found.high < 0.6
    assert found.p == pytest.approx(2 / 10_001)


def test_gain_as_often_as_loss_is_unsure() -> None:
    found = difference_of([0.0, 1.0] * 50, [1.0, 0.0] * 49 + [1.0, 1.0])
    assert found.low < 0 < found.high
    assert found.p > 0.5


def test_no_difference_is_no_difference() -> None:
    assert difference_of([0.5] * 9, [0.5] * 9).p == 1.0
    assert difference_of([], []).p == 1.0


def test_same_numbers_give_the_same_answer() -> None:
    first, second = [0.1, 0.4, 0.2, 0.9], [0.2, 0.3, 0.5, 0.8]
    assert difference_of(first, second) == difference_of(first, second)
