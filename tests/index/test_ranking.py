"""The order of candidates."""

from __future__ import annotations

from funcseek.index.lexical import as_identifier
from funcseek.index.ranking import Candidate, is_test, rank


def candidate(name: str, *, dense: float | None = None, lexical: float = 0.0, path: str = "a.py") -> Candidate:
    return Candidate(0, len(name), path, name.rpartition(".")[2], name, dense, lexical)


def check(query: str, candidates: list[Candidate], expected: list[str]) -> None:
    ranked = rank(query, as_identifier(query), candidates)
    assert [found.qualified_name for _, found in ranked] == expected
    assert [score for score, _ in ranked] == sorted((score for score, _ in ranked), reverse=True)


def test_meaning_outweighs_words() -> None:
    check("copy a tree", [candidate("b", dense=0.2, lexical=9.0), candidate("a", dense=0.9, lexical=1.0)], ["a", "b"])


def test_words_decide_where_there_are_no_vectors() -> None:
    check("copy a tree", [candidate("b", lexical=1.0), candidate("a", lexical=9.0)], ["a", "b"])


def test_typed_name_beats_every_similarity() -> None:
    check(
        "copytree",
        [candidate("other", dense=0.99, lexical=50.0), candidate("copytree", dense=0.0)],
        ["copytree", "other"],
    )


def test_typed_scope_and_case_lead_among_namesakes() -> None:
    namesakes = [candidate("pool.get"), candidate("Cache.get", dense=0.9), candidate("Pool.get"), candidate("GET")]
    check("Pool.get", namesakes, ["Pool.get", "pool.get", "Cache.get", "GET"])


def test_tests_yield_to_the_code_they_test() -> None:
    pair = [candidate("a", dense=0.50, path="tests/test_x.py"), candidate("b", dense=0.49), candidate("c", dense=0.0)]
    check("open a file", pair, ["b", "a", "c"])
    check("test that opens a file", pair, ["a", "b", "c"])


def test_candidate_without_vector_is_not_buried() -> None:
    found = [candidate("a", dense=0.9), candidate("b", dense=0.1), candidate("new", lexical=9.0)]
    check("open a file", found, ["a", "new", "b"])


def test_paths_of_tests_are_known() -> None:
    assert all(map(is_test, ("tests/a.py", "x/test_a.py", "a.spec.ts", "a_test.go", "src/__tests__/b.js")))
    assert not any(map(is_test, ("latest/a.py", "attest.py", "contest/spec.py")))
