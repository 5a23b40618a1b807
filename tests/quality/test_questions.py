"""The hand-written question sets are well formed. Whether an answer exists in its package is not asked: no network."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from bench import quality
from bench.quality.questions import read_questions
from funcseek.parsers import language_named

if TYPE_CHECKING:
    from bench.quality.questions import Question

FOLDER = Path(quality.__file__).parent
KINDS = {"intent": "intent.jsonl", "file": "files.jsonl"}  # by kind, the file that holds its questions

of_each_kind = pytest.mark.parametrize("kind", KINDS)


def check(kind: str) -> list[Question]:
    """Return the questions of a set, all of its kind and kept for the report, over ten packages."""
    questions = list(read_questions(FOLDER / KINDS[kind]))
    assert {(question.kind, question.split) for question in questions} == {(kind, "report")}
    assert len({question.corpus for question in questions}) == 10
    return questions


def least(questions: list[Question]) -> int:
    return min(Counter(question.corpus for question in questions).values())


def repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def test_intent_questions_are_answered_by_functions() -> None:
    questions = check("intent")
    assert len(questions) >= 220
    assert least(questions) >= 22
    assert [q.id for q in questions if not all(answer.function for answer in q.answers)] == []


def test_file_questions_are_answered_by_a_file() -> None:
    questions = check("file")
    assert len(questions) >= 40
    assert least(questions) >= 4
    assert [q.id for q in questions if any(answer.function for answer in q.answers)] == []


@of_each_kind
def test_ids_are_unique_and_name_kind_and_package(kind: str) -> None:
    questions = check(kind)
    assert repeated([question.id for question in questions]) == []
    assert [q.id for q in questions if not q.id.startswith(f"{kind}:{q.corpus}:")] == []


@of_each_kind
def test_each_package_has_a_known_language_of_its_own(kind: str) -> None:
    spoken = {question.corpus: question.language for question in check(kind)}
    assert repeated(list(spoken.values())) == []
    assert [language for language in spoken.values() if not language_named(language)] == []
    assert [q.id for q in check(kind) if q.language != spoken[q.corpus]] == []


@of_each_kind
def test_answers_stay_inside_the_package_and_are_given_once(kind: str) -> None:
    questions = check(kind)
    found = [PurePosixPath(answer.path) for question in questions for answer in question.answers]
    assert [path for path in found if path.is_absolute() or ".." in path.parts] == []
    assert [q.id for q in questions if len(set(q.answers)) < len(q.answers)] == []


@of_each_kind
def test_no_package_is_asked_the_same_twice(kind: str) -> None:
    questions = check(kind)
    assert repeated([f"{question.corpus}: {question.query.casefold()}" for question in questions]) == []
    assert [q.id for q in questions if q.query != q.query.strip() or not q.query] == []


@pytest.mark.parametrize(
    "wrong",
    [{"answers": []}, {"answers": None}, {"split": "test"}, {"answers": [{"function": "f"}]}],
    ids=["no answer", "answers are no list", "unknown split", "answer without a path"],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, wrong: dict[str, object]) -> None:
    fields = {"id": "1", "query": "q", "corpus": "c", "language": "go", "kind": "intent", "answers": [{"path": "a.go"}]}
    file = tmp_path / "some.jsonl"
    file.write_text(f"{json.dumps(fields)}\n\n{json.dumps(fields | wrong)}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"^some\.jsonl, line 3: not a labelled question"):
        list(read_questions(file))
