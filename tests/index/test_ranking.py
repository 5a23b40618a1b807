"""The order of candidates."""

from __future__ import annotations

from dataclasses import replace

from funcseek.index.asked import asked
from funcseek.index.ranking import Candidate, grouped, is_test, rank


def candidate(name: str, *, dense: float | None = None, lexical: float = 0.0, path: str = "a.py") -> Candidate:
    return Candidate(0, len(name), path, name.rpartition(".")[2], name, dense, lexical)


def check(query: str, candidates: list[Candidate], expected: list[str], **slips: int) -> None:
    ranked = rank(asked(query), candidates, slips)
    assert [one.candidate.qualified_name for one in ranked] == expected
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    assert all(abs(sum(one.parts.values()) - one.score) < 1e-9 for one in ranked)


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


def test_name_that_was_typed_in_words_leads() -> None:
    pair = [candidate("header_parser", dense=0.9, lexical=9.0), candidate("parseHeader", dense=0.5, lexical=9.0)]
    check("parse header", pair, ["parseHeader", "header_parser"])


def test_name_a_slip_away_leads_and_yields_to_the_name_itself() -> None:
    found = [candidate("other", dense=0.9), candidate("parse_header", dense=0.1), candidate("parseHaeder")]
    check("parse_haeder", found, ["parseHaeder", "parse_header", "other"], parseheader=1)
    check("parse_haeder", found[:2], ["parse_header", "other"], parseheader=1)


def test_name_that_holds_the_words_outweighs_a_body_that_does() -> None:
    check("close a connection", [candidate("f", lexical=5.0), candidate("connection_close", lexical=4.9)],
          ["connection_close", "f"])  # fmt: skip


def test_words_count_less_the_fewer_of_them_any_name_knows() -> None:
    pair = [candidate("open", dense=0.5, lexical=1.0), candidate("other", dense=0.0, lexical=2.0)]
    known, unknown = (
        max(one.parts.get("words", 0.0) + one.parts.get("unknown words", 0.0) for one in rank(asked(text), pair))
        for text in ("open", "open strange unheard things")
    )
    assert 0.0 < unknown < known


def test_declarations_yield_to_definitions() -> None:
    pair = [candidate("f", dense=0.5), replace(candidate("f", dense=0.5, path="b.py"), row=2, is_declaration=True)]
    assert [one.candidate.is_declaration for one in rank(asked("open a file"), pair)] == [False, True]


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


def test_copies_and_overloads_are_one_answer() -> None:
    first, second = candidate("Pool.get", dense=0.9), replace(candidate("Pool.get", dense=0.8), row=20)
    copy = replace(candidate("Pool.get", dense=0.7, path="vendored/a.py"), label=7)
    other = candidate("Pool.put", dense=0.6)
    ranked = rank(asked("take from a pool"), [other, copy, second, replace(first, label=7)])
    groups = [[(one.candidate.path, one.candidate.row) for one in group] for group in grouped(ranked)]
    assert groups == [[("a.py", 8), ("a.py", 20), ("vendored/a.py", 8)], [("a.py", 8)]]
