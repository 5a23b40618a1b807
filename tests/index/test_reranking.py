"""A reranker changes the order of the first hits and of no others, and reads what a person would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.documents import MAX_DOCUMENT_CHARACTERS
from funcseek.index.drafts import Drafts, Parsed, job_of
from funcseek.index.extraction import process
from funcseek.index.files import FoundFile, foresee
from funcseek.index.hits import Query
from funcseek.index.reader import search
from funcseek.index.reranking import PART, RERANKED, WEIGHT, rerank, unranked
from funcseek.index.search import Draft
from tests.doubles import HashingEmbedder, KeywordReranker, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funcseek.index.hits import Answer

COUNT = 40
# The fewer times the word stands in one, the lower it is ranked.
TREE = "".join(
    f"--- {number:02}.py\ndef f{number:02}(path):\n    '''{'Rotate a log. ' * (COUNT - number)}'''\n    return path\n"
    for number in range(COUNT)
)
ASKED = "rotate the log"
SECRET = "ghp_" + "a1B2" * 9


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodeIndex]:
    folder = tmp_path_factory.mktemp("reranking")
    with opened(lay_out(folder / "root", TREE), folder / "home") as index:
        yield index


def opened(root: Path, home: Path) -> CodeIndex:
    index = CodeIndex(root, Home(home))
    index.adopt(HashingEmbedder())
    scan(index)
    return index


def scan(index: CodeIndex) -> None:
    for _ in index.scan():
        pass
    while index.embed():
        pass


def gathered(index: CodeIndex, query: Query, *drafted: Drafts) -> Answer:
    reader = index.reader()
    try:
        return search([(reader, "")], query, drafted)
    finally:
        reader.close()


def reranked(
    index: CodeIndex, reranker: KeywordReranker, *, text: str = ASKED, limit: int = 100, is_explained: bool = False
) -> Answer:
    query = Query(text, limit, is_explained=is_explained, is_reranked=True)
    return rerank(gathered(index, query), query, reranker)


def names(answer: Answer) -> list[str]:
    return [hit.function.name for hit in answer.hits]


def document(index: CodeIndex, name: str, *drafted: Drafts) -> str:
    """Return what a reranker would read of a function."""
    answer = gathered(index, Query(ASKED, is_reranked=True), *drafted)
    return next(text for hit, text in zip(answer.hits, answer.documents, strict=False) if hit.function.name == name)


def test_the_last_that_is_judged_comes_first_where_it_alone_is_right_and_those_behind_it_stay(
    index: CodeIndex,
) -> None:
    before = names(gathered(index, Query(ASKED, 100)))
    assert len(before) == COUNT
    last, beyond = before[RERANKED - 1], before[RERANKED]
    reranker = KeywordReranker(**{f"def {last}(": 1.0, f"def {beyond}(": 1.0})
    after = names(reranked(index, reranker))
    assert after == [last, *before[: RERANKED - 1], *before[RERANKED:]]
    ((query, documents),) = reranker.asked
    assert (query, len(documents)) == (ASKED, RERANKED)
    assert documents[0].startswith(f"{before[0][1:]}.py\ndef {before[0]}(path):\n    '''Rotate a log.")


def test_scores_fall_and_are_the_sum_of_their_parts(index: CodeIndex) -> None:
    before = gathered(index, Query(ASKED, 100, is_explained=True))
    after = reranked(index, KeywordReranker(f07=0.5, f2=0.25), is_explained=True)
    scores = [hit.score for hit in after.hits]
    assert scores == sorted(scores, reverse=True)
    parts = {hit.function.name: hit.parts or {} for hit in after.hits}
    assert (parts["f07"][PART], parts["f20"][PART]) == (WEIGHT / 2, WEIGHT / 4)
    assert all(sum((hit.parts or {}).values()) == pytest.approx(hit.score, abs=0.01) for hit in after.hits)
    untouched = {hit.function.name: hit.score for hit in before.hits[RERANKED:]}
    assert untouched == {hit.function.name: hit.score for hit in after.hits[RERANKED:]}
    assert all(hit.parts is None for hit in reranked(index, KeywordReranker()).hits)


def test_reranker_that_knows_nothing_changes_nothing(index: CodeIndex) -> None:
    after = reranked(index, KeywordReranker())
    assert names(after) == names(gathered(index, Query(ASKED, 100)))
    assert (after.reranker, after.unranked, after.documents) == ("keywords", None, ())


@pytest.mark.parametrize("limit", [1, 5, 10, 31])
def test_first_hits_of_a_reranked_answer_do_not_depend_on_the_limit(index: CodeIndex, limit: int) -> None:
    liked = {f"f{number:02}(": number / COUNT for number in range(COUNT)}
    whole = reranked(index, KeywordReranker(**liked))
    assert names(whole)[:5] != names(gathered(index, Query(ASKED, 5)))
    cut = reranked(index, KeywordReranker(**liked), limit=limit)
    assert cut.hits == whole.hits[:limit]


def test_typed_name_stays_first_and_is_not_judged(index: CodeIndex) -> None:
    reranker = KeywordReranker(f03=0.0, **{"def f": 1.0})
    after = reranked(index, reranker, text="f03")
    assert names(after)[0] == "f03"
    assert not any("def f03(" in document for _, documents in reranker.asked for document in documents)


def test_answer_that_is_not_reranked_is_the_one_that_was_not_asked_to_be(index: CodeIndex) -> None:
    query = Query(ASKED, 7, is_reranked=True)
    kept = unranked(gathered(index, query), query, "it is down.")
    plain = gathered(index, Query(ASKED, 7))
    assert (kept.hits, kept.documents, kept.unranked) == (plain.hits, (), "it is down.")
    assert plain.documents == ()


LINE = "    paths.append(log)\n"
STRANGE = f"""\
--- go/rotate.go
package log

// Rotate renames the log and
// begins another one.
func Rotate(path string) error {{ return nil }}
--- rotate.py
def rotate_all(paths):
    token = "{SECRET}"
{LINE * 100}    return paths
"""


@pytest.fixture
def strange(tmp_path: Path) -> Iterator[CodeIndex]:
    with opened(lay_out(tmp_path / "root", STRANGE), tmp_path / "home") as index:
        yield index


def test_documentation_outside_of_the_code_is_read_too(strange: CodeIndex) -> None:
    text = document(strange, "Rotate")
    assert text.count("Rotate renames the log") == 1
    assert text.startswith("go/rotate.go\n")
    assert text.endswith("func Rotate(path string) error { return nil }")


def test_long_function_is_read_up_to_a_limit_and_without_its_secrets(strange: CodeIndex) -> None:
    text = document(strange, "rotate_all")
    assert len(text) == MAX_DOCUMENT_CHARACTERS
    assert SECRET not in text
    assert "z" * len(SECRET) in text


def test_file_that_has_changed_is_read_as_it_was_indexed(strange: CodeIndex) -> None:
    (strange.root / "go/rotate.go").write_text("package log\n// Nothing of what was there.\n")
    text = document(strange, "Rotate")
    assert text.endswith("func Rotate(path string) error")
    assert "begins another one" in text


def test_draft_is_read_in_the_place_of_its_file(strange: CodeIndex) -> None:
    drafts = Drafts(strange.root, strange.home.vector_cache)
    draft = Draft("editor:rotate.py", f"def rotate_some(log):\n    return '{SECRET}'\n".encode())
    file = foresee(strange.root, "rotate.py", draft.content)
    assert isinstance(file, FoundFile)
    drafts.keep(Parsed(draft, 1, process(strange.root, job_of(file, draft))))
    try:
        assert document(strange, "rotate_some", drafts) == (
            f"rotate.py\ndef rotate_some(log):\n    return '{'z' * len(SECRET)}'"
        )
    finally:
        drafts.close()
