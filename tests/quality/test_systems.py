"""The product and the baseline answer over a small root, and only the questions asked for are asked."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.quality.corpora import Unavailable
from bench.quality.distilled import weighted
from bench.quality.measures import Hit
from bench.quality.plain import Bm25, Plain, words_of, z_scores
from bench.quality.product import Product, home_in
from bench.quality.questions import Answer, Question, line_of, read_questions
from bench.quality.ranker import System
from bench.quality.runs import run_system
from bench.quality.sets import Case, Wanted, built_in, from_file
from bench.quality.systems import system_named
from tests.doubles import HashingEmbedder, KeywordReranker, lay_out
from tests.index.endpoint_program import EndpointProgram

if TYPE_CHECKING:
    from pathlib import Path

FILES = """
--- pool.py
def take_connection(pool):
    return pool.pop()
def give_back(pool, connection):
    pool.append(connection)
--- clock.py
def wait_until(moment):
    sleep(moment - now())
"""
QUESTION = Question("q", "take a connection", "code", "python", "intent", (Answer("pool.py", "take_connection"),))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "code", FILES)


@pytest.mark.parametrize("way", ["bm25", "dense", "hybrid", "plain"])
def test_system_finds_the_function_and_says_where(root: Path, tmp_path: Path, way: str) -> None:
    cache = tmp_path / "cache"
    opened = (
        Plain(HashingEmbedder(), cache).opened
        if way == "plain"
        else Product(way, None if way == "bm25" else HashingEmbedder(), cache).opened
    )
    for _again in range(2):
        run = run_system(System(way, opened), [Case(QUESTION, root)])
        assert run.records["q"].hits[0] == Hit("pool.py", "take_connection")
        assert run.records["q"].is_confident
        assert run.records["q"].seconds > 0


def test_all_ways_share_one_home_and_vectors(root: Path, tmp_path: Path) -> None:
    for way in ("hybrid", "bm25", "dense"):
        with Product(way, HashingEmbedder(), tmp_path).opened(root) as ranker:
            assert ranker.ask("take a connection").hits
    home = home_in(tmp_path)
    assert home.vector_cache.parent == home.folder.parent == tmp_path / "indexes"
    assert home.catalogue_of(root).is_file()


def test_query_that_cannot_be_answered_has_no_hits(root: Path, tmp_path: Path) -> None:
    with Product("hybrid", None, tmp_path).opened(root) as ranker:
        assert ranker.ask(" ").hits == ()
        assert not ranker.ask(" ").is_confident


def test_endpoint_answers_with_vectors_of_its_server(root: Path, tmp_path: Path) -> None:
    with (
        EndpointProgram() as server,
        contextlib.closing(system_named(f"endpoint:{server.url}#hashing", tmp_path)) as system,
    ):
        run = run_system(system, [Case(QUESTION, root)])
    assert Hit("pool.py", "take_connection") in run.records["q"].hits


def test_reranked_system_answers_in_the_order_of_its_reranker(root: Path, tmp_path: Path) -> None:
    reranker = KeywordReranker(give_back=1.0)
    with Product("hybrid", HashingEmbedder(), tmp_path, reranker).opened(root) as ranker:
        assert ranker.ask("take a connection").hits[0] == Hit("pool.py", "give_back")
        assert ranker.ask(" ").hits == ()
    assert len(reranker.asked) == 1


def test_reranker_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    for name, says in (("ftp://127.0.0.1#m", "The endpoint is no URL"), (str(tmp_path), "holds no config.json")):
        with pytest.raises(Unavailable, match=f"rerank:.* is left out: .*{says}"):
            system_named(f"rerank:{name}", tmp_path)


def test_model_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="is left out: The endpoint is no URL"):
        system_named("endpoint:ftp://127.0.0.1#m", tmp_path)


def test_unknown_system_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="there is no such system"):
        system_named("oracle", tmp_path)


def test_words_of_the_baseline() -> None:
    assert words_of("def getHTTPServer_v2(a-b)") == ["def", "get", "http", "server", "v2", "a", "b"]


def test_rarer_word_and_shorter_text_score_higher() -> None:
    scores = Bm25(["take one", "take one and another and more", "give one", ""]).scores("take take nothing")
    assert scores[0] > scores[1] > scores[2] == scores[3] == 0.0


def test_equal_scores_say_nothing() -> None:
    assert z_scores(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]
    assert z_scores(np.array([1.0, 3.0])).tolist() == [-1.0, 1.0]


def test_frequent_entries_of_a_static_model_are_small() -> None:
    rows = np.random.default_rng(0).normal(size=(400, 8)).astype(np.float32)
    lengths = np.linalg.norm(weighted(rows, 4), axis=1)
    assert weighted(rows, 4).shape == (400, 4)
    assert lengths[:40].mean() < lengths[-40:].mean() / 4


def test_question_is_written_as_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    whole = Question("f", "wo? 读", "code", "go", "file", (Answer("a.go"),), "fit")
    file.write_text(f"{line_of(QUESTION)}\n{line_of(whole)}\n", encoding="utf-8")
    assert list(read_questions(file)) == [QUESTION, whole]


def test_corpus_is_a_folder_beside_the_questions(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    gone = json.loads(line_of(QUESTION)) | {"id": "g", "corpus": "gone"}
    file.write_text(f"{line_of(QUESTION)}\n{json.dumps(gone)}\n", encoding="utf-8")
    cases, missing = from_file(file, tmp_path / "cache")
    assert cases == [Case(QUESTION, root)]
    assert missing == ["gone is left out: it is no package of the table and no folder beside the questions."]


def test_only_wanted_questions_are_taken() -> None:
    assert Wanted().takes(QUESTION)
    assert Wanted(split="").takes(QUESTION)
    assert not Wanted(split="fit").takes(QUESTION)
    assert not Wanted(kinds=("doc",)).takes(QUESTION)
    assert not Wanted(corpora=("other",)).takes(QUESTION)


@pytest.mark.parametrize("wanted", [Wanted(kinds=("docs",)), Wanted(corpora=("no-such",))])
def test_unknown_set_or_corpus_is_refused(tmp_path: Path, wanted: Wanted) -> None:
    with pytest.raises(ValueError, match="There is no"):
        built_in(wanted, tmp_path)
