"""Lines that a peer prints become functions."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bench.quality.commands import Command, Place, functions_at, places_in, words_of
from bench.quality.corpora import Unavailable
from bench.quality.grep import matches_in, ranked
from bench.quality.measures import Hit
from bench.quality.outlines import Outline
from bench.quality.tags import best, tags_in

SOURCE = """\
import os

class Pool:
    def take(self):
        def wait():
            return 1
        return wait()

    def give(self): pass

SIZE = 3
"""


@pytest.fixture
def outline(tmp_path: Path) -> Outline:
    (tmp_path / "pool.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("take one\n", encoding="utf-8")
    return Outline(tmp_path)


def check(outline: Outline, place: tuple[str, int, int], *expected: str) -> None:
    path, first, last = place
    assert [hit.function for hit in outline.hits(path, first, last)] == list(expected)


def test_line_belongs_to_the_innermost_function(outline: Outline) -> None:
    check(outline, ("pool.py", 4, 4), "Pool.take")
    check(outline, ("pool.py", 6, 6), "Pool.take.wait")


def test_chunk_counts_as_all_functions_it_overlaps_in_order(outline: Outline) -> None:
    check(outline, ("pool.py", 1, 11), "Pool.take", "Pool.take.wait", "Pool.give")
    check(outline, ("pool.py", 7, 10), "Pool.take", "Pool.give")


def test_line_outside_of_functions_counts_for_the_file(outline: Outline) -> None:
    check(outline, ("pool.py", 11, 11), "")
    check(outline, ("notes.txt", 1, 1), "")
    check(outline, ("gone.py", 1, 1), "")
    check(outline, ("pool.py", 900, 10**9), "")


def test_absolute_path_is_the_same_file(outline: Outline, tmp_path: Path) -> None:
    assert outline.hits(str(tmp_path / "pool.py"), 9) == [Hit("pool.py", "Pool.give")] == outline.hits("./pool.py", 9)


def test_places_are_read_in_every_form() -> None:
    lines = [
        "src/a.py:3", "src/a.py:3-9", "a.py:7:5: def take():", "found nothing", "", "{broken", '{"path": 1}',
        json.dumps({"path": "b.py", "line": 4}), json.dumps({"path": "c.py", "start_line": 4, "end_line": 6}),
    ]  # fmt: skip
    found = [("src/a.py", 3, 3), ("src/a.py", 3, 9), ("a.py", 7, 7), ("b.py", 4, 4), ("c.py", 4, 6)]
    assert list(places_in("\n".join(lines))) == found


def test_query_stays_one_word_of_the_command() -> None:
    root = Path("/code")
    assert words_of("peer -q '{query}' {root}/src", query="a 'b; $c", root=root) == [
        "peer",
        "-q",
        "a 'b; $c",
        "/code/src",
    ]


def test_command_answers_with_functions(outline: Outline, tmp_path: Path) -> None:
    program = "import sys; print(sys.argv[1] + ':6')"
    with Command(f'{sys.executable} -c "{program}" {{query}}').opened(tmp_path) as ranker:
        assert ranker.ask("pool.py").hits == (Hit("pool.py", "Pool.take.wait"),)
    assert functions_at(outline, [Place("pool.py", 9, 9)] * 2) == (Hit("pool.py", "Pool.give"),)


def test_command_that_is_not_there_is_named(tmp_path: Path) -> None:
    with Command("no-such-peer {query}").opened(tmp_path) as ranker, pytest.raises(Unavailable, match="no-such-peer"):
        ranker.ask("pool")


def test_functions_with_most_distinct_words_come_first(outline: Outline) -> None:
    def line(number: int, *words: str) -> str:
        found = [{"match": {"text": word}} for word in words]
        data = {"path": {"text": "./pool.py"}, "line_number": number, "submatches": found, "lines": {"text": "\u2028"}}
        return json.dumps({"type": "match", "data": data}, ensure_ascii=False)

    printed = "\n".join([json.dumps({"type": "begin", "data": {}}), line(9, "give", "Give"), line(4, "take", "self")])
    assert ranked(outline, matches_in(printed)) == (Hit("pool.py", "Pool.take"), Hit("pool.py", "Pool.give"))


def test_names_that_share_most_words_come_first() -> None:
    names = ["takeOne", "take_one_more", "give_one", "other"]
    lines = [json.dumps({"_type": "tag", "name": name, "path": "a.py", "line": 1}) for name in names]
    tags = list(tags_in("\n".join([json.dumps({"_type": "ptag"}), *lines])))
    assert [tag.name for tag in best(tags, "take one")] == ["takeOne", "take_one_more", "give_one"]
    assert best(tags, "give_one")[0].name == "give_one"
