"""Functions like a given one: found in any language, copies named and first, never itself; what cannot be answered."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest

from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.errors import ModelAway, QueryError
from funcseek.index.hits import MAX_LIMIT
from funcseek.index.positions import Bytes, Line
from funcseek.index.similar import InFile, SimilarQuery, similar
from funcseek.index.subject import MAX_ASKED, Pasted
from tests.doubles import HashingEmbedder, lay_out
from tests.index.test_likeness import ORIGINAL, RELATED, RENAMED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from funcseek.index.hits import Answer
    from funcseek.index.positions import Position

TREE = f"""\
--- a.py
{ORIGINAL}

def unrelated_socket(address):
    connection = open_connection(address)
    return connection
--- copy/a.py
{ORIGINAL}
--- near.py
{RENAMED}
--- other.py
{RELATED}
--- web/merge.js
class Store {{
  // Merge some changes into the target.
  merge(target, changes, limit) {{
    const done = [];
    for (const [key, value] of Object.entries(changes)) {{ target.update(key, value); done.append("merged") }}
    return done.sorted();
  }}
}}
--- nested.py
def outer(changes):
    def inner(value):
        return value + 1
    return [inner(value) for value in changes]
"""


class Absent(HashingEmbedder):
    """A model whose server is away."""

    def embed_query(self, text: str) -> NDArray:  # type: ignore[type-arg]
        raise ModelAway(f"The server is away and cannot read {len(text)} characters.")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[CodeIndex]:
    with CodeIndex(lay_out(tmp_path / "root", TREE), Home(tmp_path / "home"), guard=threading.Lock()) as opened:
        yield opened


@pytest.fixture
def embedder(index: CodeIndex) -> HashingEmbedder:
    embedder = HashingEmbedder()
    index.adopt(embedder)
    fill(index)
    return embedder


def fill(index: CodeIndex) -> None:
    for _ in index.scan():
        pass
    while index.embed():
        pass


def ask(
    index: CodeIndex, about: Position | Pasted, *, path: str = "a.py", below: str = "", **filters: object
) -> Answer:
    """Ask for functions like those at a place of ``path``, or like some code."""
    reader = index.reader()
    try:
        asked = about if isinstance(about, Pasted) else InFile(reader, path, about)
        return similar([(reader, below)], SimilarQuery(asked, **filters)).answer  # type: ignore[arg-type]
    finally:
        reader.close()


def found(answer: Answer) -> list[tuple[str, str]]:
    return [(hit.path, hit.likeness or "") for hit in answer.hits]


def check_refused(index: CodeIndex, about: Position | Pasted, sentence: str, **filters: object) -> None:
    with pytest.raises(QueryError, match=sentence):
        ask(index, about, **filters)  # type: ignore[arg-type]


COPIES = [("copy/a.py", "duplicate"), ("near.py", "near-duplicate")]


@pytest.mark.usefixtures("embedder")
def test_copies_come_first_and_are_named_and_the_function_itself_is_left_out(index: CodeIndex) -> None:
    answers = found(ask(index, Line(1)))
    assert answers[:2] == COPIES
    assert {likeness for _, likeness in answers[2:]} == {"related"}
    assert [path for path, _ in answers[2:4]] != ["a.py"]
    assert ("web/merge.js", "related") in answers[2:4], "another language comes before what is not related"


def test_stored_vector_is_used_and_nothing_is_embedded_for_it(index: CodeIndex, embedder: HashingEmbedder) -> None:
    before = list(embedder.embedded)
    ask(index, Line(1))
    assert embedder.embedded == before


def test_copies_are_found_by_words_before_any_vector_is_there(index: CodeIndex) -> None:
    fill(index)
    answer = ask(index, Line(1))
    assert answer.model is None
    assert found(answer)[:2] == COPIES


@pytest.mark.usefixtures("embedder")
@pytest.mark.parametrize("about", [Line(1), Line(5, 9), Bytes(60, 60), Bytes(0, len(ORIGINAL)), Line(1, 1)])
def test_any_place_in_a_function_means_the_function(index: CodeIndex, about: Position) -> None:
    assert found(ask(index, about))[:2] == COPIES


@pytest.mark.usefixtures("embedder")
def test_innermost_function_is_meant_and_those_around_it_are_left_out(index: CodeIndex) -> None:
    for line in (Line(2), Line(3, 9)):
        answer = ask(index, line, path="nested.py", limit=MAX_LIMIT)
        assert "nested.py" not in [hit.path for hit in answer.hits]


@pytest.mark.usefixtures("embedder")
def test_piece_of_a_function_is_a_query_that_does_not_find_where_it_stands(index: CodeIndex) -> None:
    start = ORIGINAL.index("        if key in target")
    answer = ask(index, Bytes(start, ORIGINAL.index("        elif")))
    assert ("a.py", "merge") not in [(hit.path, hit.function.name) for hit in answer.hits]
    assert "copy/a.py" in [hit.path for hit in answer.hits[:4]]


@pytest.mark.usefixtures("embedder")
def test_pasted_code_finds_where_it_stands_and_its_copies(index: CodeIndex) -> None:
    answers = found(ask(index, Pasted(ORIGINAL, "python")))
    assert answers[:3] == [("a.py", "duplicate"), *COPIES]
    assert found(ask(index, Pasted(f"import os\n\n{RENAMED}\nprint(1)\n", path="x.py")))[0] == ("near.py", "duplicate")


@pytest.mark.usefixtures("embedder")
def test_each_function_of_pasted_code_has_its_copies_in_the_answer(index: CodeIndex) -> None:
    other = "def unrelated_socket(address):\n    connection = open_connection(address)\n    return connection\n"
    answer = ask(index, Pasted(RENAMED + other, "python"))
    assert {hit.function.name for hit in answer.hits if hit.likeness == "duplicate"} == {"apply", "unrelated_socket"}


@pytest.mark.usefixtures("embedder")
def test_code_without_a_function_or_a_language_is_a_query_as_it_is(index: CodeIndex) -> None:
    text = "connection = open_connection(address)"
    for pasted in (Pasted(text, "python"), Pasted(text), Pasted("for (key in changes) { target.update(key) }")):
        assert ask(index, pasted).hits
    assert ask(index, Pasted(text)).hits[0].function.name == "unrelated_socket"


@pytest.mark.usefixtures("embedder")
def test_newer_text_of_a_file_does_not_find_its_older_one(index: CodeIndex) -> None:
    newer = Pasted(ORIGINAL.replace("limit", "most"), path=str(index.root / "a.py"), byte=10)
    assert found(ask(index, newer))[0] == ("copy/a.py", "near-duplicate")


@pytest.mark.usefixtures("embedder")
def test_filters_hold_before_the_cut_and_the_order_does_not_depend_on_the_limit(index: CodeIndex) -> None:
    everything = found(ask(index, Line(1), limit=MAX_LIMIT))
    assert found(ask(index, Line(1), limit=3)) == everything[:3]
    assert [path for path, _ in found(ask(index, Line(1), languages=("javascript",)))] == ["web/merge.js"]
    assert found(ask(index, Line(1), paths=("other.py",), limit=1)) == [("other.py", "related")]
    assert found(ask(index, Line(1), below="web")) == [("web/merge.js", "related")]
    assert "web/merge.js" not in [path for path, _ in found(ask(index, Line(1), same_language=True))]


@pytest.mark.usefixtures("embedder")
def test_file_that_changed_is_known_by_what_was_read(index: CodeIndex) -> None:
    (index.root / "copy/a.py").write_text("")
    (index.root / "near.py").unlink()
    answer = ask(index, Line(1))
    assert found(answer)[0] == COPIES[0]
    assert answer.hits[0].is_stale
    assert "near.py" not in [hit.path for hit in answer.hits]
    assert {path for _, path in answer.outdated} == {"copy/a.py", "near.py"}
    check_refused(index, Line(1), "has changed since it was read", path="copy/a.py")


def test_model_that_is_away_leaves_the_words(index: CodeIndex) -> None:
    fill(index)
    index.adopt(Absent())
    answer = ask(index, Pasted(ORIGINAL, "python"))
    assert answer.problem == "The server is away and cannot read 260 characters."
    assert "a.py" in [hit.path for hit in answer.hits]


@pytest.mark.usefixtures("embedder")
def test_what_cannot_be_answered_is_one_sentence(index: CodeIndex) -> None:
    check_refused(index, Line(11), "No function is in line 11 of a.py; the nearest is merge in line 1")
    check_refused(index, Line(99), "a.py has 15 lines; there is no line 99")
    check_refused(index, Bytes(5, 10**6), "is no part of it")
    check_refused(index, Line(1), "is not searched, because", path="no/such.py")
    check_refused(index, Pasted(" \n"), "The code is empty")
    check_refused(index, Pasted("x" * 100_000), "has 100000 characters; give at most 20000")
    check_refused(index, Pasted("x = 1", "klingon"), "Unknown language 'klingon'")
    check_refused(index, Pasted("x = 1"), "language of the code is not known", same_language=True)
    check_refused(index, Line(1), "not for both", same_language=True, languages=("go",))
    check_refused(index, Line(1), "give a whole number from 1 to 100", limit=0)
    many = "".join(f"def f{number}(): pass\n" for number in range(MAX_ASKED + 1))
    check_refused(index, Pasted(many, "python"), f"holds {MAX_ASKED + 1} functions; give at most {MAX_ASKED}")


@pytest.mark.usefixtures("embedder")
@pytest.mark.parametrize("text", ["\0", "\ud800 def f(): pass", "def f(:\n ((((", "\u202e" * 50, '" OR NEAR(a b) --'])
def test_any_text_is_answered(index: CodeIndex, text: str) -> None:
    assert isinstance(ask(index, Pasted(text, "python")).hits, tuple)


@pytest.mark.usefixtures("embedder")
def test_file_in_utf16_is_asked_about(index: CodeIndex) -> None:
    (index.root / "wide.py").write_bytes(ORIGINAL.encode("utf-16"))
    fill(index)
    assert ("wide.py", "duplicate") in found(ask(index, Line(1)))
    start = next(hit for hit in ask(index, Line(1)).hits if hit.path == "wide.py").function.name_start
    assert ("a.py", "duplicate") in found(ask(index, Bytes(start, start), path="wide.py"))


def test_function_in_a_notebook_is_compared_as_it_runs(index: CodeIndex) -> None:
    cells = [{"cell_type": "code", "source": ORIGINAL.splitlines(keepends=True)}]
    (index.root / "a.ipynb").write_text(json.dumps({"cells": cells}, indent=1))
    fill(index)
    assert ("a.ipynb", "duplicate") in found(ask(index, Line(1)))
    start = (index.root / "a.ipynb").read_text().index("def ")
    assert [likeness for _, likeness in found(ask(index, Bytes(start, start), path="a.ipynb"))[:2]] == ["duplicate"] * 2
    # Across the end of a cell it is no longer a part of one, and a question all the same.
    assert ask(index, Bytes(start + 9, start + len(ORIGINAL) + 60), path="a.ipynb").hits


def test_code_of_a_root_without_the_model_goes_to_no_other_roots_model(index: CodeIndex, tmp_path: Path) -> None:
    fill(index)
    embedder = HashingEmbedder()
    with CodeIndex(lay_out(tmp_path / "open", f"--- b.py\n{RENAMED}"), index.home) as other:
        other.adopt(embedder)
        fill(other)
        before = list(embedder.embedded)
        asking, searched = index.reader(), other.reader()
        answer = similar([(searched, "")], SimilarQuery(InFile(asking, "a.py", Line(1)))).answer
        assert (found(answer), answer.model) == ([("b.py", "near-duplicate")], None)
        assert embedder.embedded == before
        newer = Pasted(ORIGINAL.replace("limit", "most"), path=str(index.root / "a.py"))
        similar([(searched, ""), (asking, "")], SimilarQuery(newer))
        assert embedder.embedded == before
        asking.close()
        searched.close()


@pytest.mark.usefixtures("embedder")
def test_roots_are_ranked_together_and_copies_in_other_roots_are_found(index: CodeIndex, tmp_path: Path) -> None:
    with CodeIndex(lay_out(tmp_path / "open", f"--- a.py\n{ORIGINAL}"), index.home) as other:
        other.adopt(HashingEmbedder())
        fill(other)
        readers = [index.reader(), other.reader()]
        answer = similar([(one, "") for one in readers], SimilarQuery(InFile(readers[0], "a.py", Line(1)))).answer
        assert found(answer)[:3] == [COPIES[0], ("a.py", "duplicate"), COPIES[1]]
        assert answer.hits[1].root == other.root
        for reader in readers:
            reader.close()
