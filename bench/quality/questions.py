"""Labelled questions: what was asked, over which corpus, and which functions answer it. Read from JSON lines.

Each line is one object::

    {"id": "intent:0001", "query": "count one more failed attempt", "corpus": "urllib3", "language": "python",
     "kind": "intent", "answers": [{"path": "src/urllib3/util/retry.py", "function": "Retry.increment"}],
     "split": "report"}

``corpus`` is a name of ``packages.toml`` or a folder beside the file. An answer without ``function`` is the whole file.
A question of the kind ``nonsense`` has no answers: nothing should be found for it.
Reads and writes lines: who asks the questions and who counts the answers is elsewhere.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPLITS = ("fit", "report")
# The kind of the questions that nothing answers.
NONSENSE = "nonsense"

_SCOPE = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Answer:
    """A function that answers: its file, relative to the corpus, and its qualified name; ``""`` for any of the file."""

    path: str
    function: str = ""

    def accepts(self, path: str, qualified_name: str) -> bool:
        """Say whether a hit is this answer. The outermost scopes may be left out of the label."""
        if path != self.path:
            return False
        wanted, found = _SCOPE.split(self.function), _SCOPE.split(qualified_name)
        return not self.function or self.function == qualified_name or found[-len(wanted) :] == wanted


@dataclass(frozen=True, slots=True)
class Question:
    """One labelled question; any of its ``answers`` is right. ``kind`` names the set it belongs to."""

    id: str
    query: str
    corpus: str
    language: str
    kind: str
    answers: tuple[Answer, ...]
    split: str = "report"


def read_questions(file: Path) -> Iterator[Question]:
    """Yield the questions of a file of JSON lines; ValueError names the line that is not one."""
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield _question(json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{file.name}, line {number}: not a labelled question ({error}).") from error


def line_of(question: Question) -> str:
    """Return a question as a line of a file, without the line's end."""
    fields = asdict(question) | {"answers": [_answer(one) for one in question.answers]}
    return json.dumps(fields, ensure_ascii=False)


def _answer(answer: Answer) -> dict[str, str]:
    return {"path": answer.path, "function": answer.function} if answer.function else {"path": answer.path}


def _question(fields: dict[str, object]) -> Question:
    found = fields["answers"]
    if not isinstance(found, list) or bool(found) is (fields["kind"] == NONSENSE):
        raise ValueError("answers is not a list with at least one answer, none for nonsense")
    answers = tuple(Answer(str(one["path"]), str(one.get("function", ""))) for one in found)
    split = str(fields.get("split", "report"))
    if split not in SPLITS:
        raise ValueError(f"split is {split!r}, not one of {', '.join(SPLITS)}")
    plain = ("id", "query", "corpus", "language", "kind")
    number, query, corpus, language, kind = (str(fields[name]) for name in plain)
    return Question(number, query, corpus, language, kind, answers, split)
