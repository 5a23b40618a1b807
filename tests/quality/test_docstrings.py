"""Which questions are chosen, and what a rebuild says of its ids."""

from __future__ import annotations

from bench.quality.bare_trees import Documented
from bench.quality.docstrings import IDS, chosen, differences, doc_questions
from bench.quality.packages import Package, packages
from bench.quality.questions import Answer, Question

PACKAGE = Package("pool", "npm", "pool", "1.0", "0" * 64, ("python",), (), "fit")


def documented(
    path: str = "pool.py", name: str = "get", doc: str = "Takes one idle connection", **other: int
) -> Documented:
    return Documented(path, name, f"Pool.{name}", "python", other.get("lines", 9), doc)


def question(number: int, corpus: str = "pool", language: str = "python") -> Question:
    return Question(f"doc:{corpus}:{number}", "q", corpus, language, "doc", (Answer("a", "b"),), "fit")


def test_question_names_its_function() -> None:
    (found,) = doc_questions(PACKAGE, [documented()])
    assert found.id == "doc:pool:pool.py:Pool.get"
    assert (found.query, found.split) == ("Takes one idle connection", "fit")
    assert found.answers == (Answer("pool.py", "Pool.get"),)


def test_tests_short_functions_and_repeated_sentences_are_not_asked_about() -> None:
    asked = [
        documented("tests/pool.py"),
        documented(doc="Gives back some idle connection", lines=2),
        documented(name="a", doc="Counts all idle connections"),
        documented("b.py", name="b", doc="Counts all idle connections."),
    ]
    assert doc_questions(PACKAGE, asked) == []


def test_choice_depends_on_the_ids_alone() -> None:
    questions = [question(number, language=f"l{number % 7}") for number in range(100)]
    first = chosen(questions, most=60)
    assert first == chosen(reversed(questions), most=60)
    assert len(first) == 60
    kept = {one.id for one in chosen(questions[1:], most=60)}
    assert len({one.id for one in first} - kept) <= 1


def test_no_language_has_more_than_its_share() -> None:
    questions = [question(number, f"c{number % 5}", "python") for number in range(200)]
    questions += [question(number, f"d{number % 5}", f"l{number % 5}") for number in range(100)]
    kept = chosen(questions)
    assert sum(one.language == "python" for one in kept) * 5 <= len(kept)


def test_differences_name_what_came_and_went() -> None:
    assert differences(["a", "b"], ["b", "c"]) == ["+ a", "- c"]


def test_committed_ids_are_sorted_and_of_packages_in_the_table() -> None:
    ids, table = IDS.read_text(encoding="utf-8").splitlines(), packages()
    assert ids == sorted(set(ids))
    corpora = {one.split(":")[1] for one in ids}
    assert corpora <= set(table)
    assert len(ids) >= 3_000
    assert len(corpora) >= 40
    assert len({table[one].languages[0] for one in corpora}) >= 12


def test_table_pins_every_archive_and_splits_each_language() -> None:
    table = packages()
    assert all(len(one.sha256) == 64 for one in table.values())
    splits = {(one.languages[0], one.split) for one in table.values()}
    both = [language for language, split in splits if split == "fit" and (language, "report") in splits]
    assert len(both) >= 15
