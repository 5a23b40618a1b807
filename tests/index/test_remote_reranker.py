"""A reranker over a real server process on loopback, honest and otherwise."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.index.endpoint import Endpoint
from funcseek.index.errors import ModelAway, ModelError
from funcseek.index.remote import connect_reranker
from funcseek.index.reranker import MAX_QUERY_CHARACTERS
from funcseek.index.retries import Patience
from tests.index.endpoint_program import EndpointProgram

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funcseek.index.remote_reranker import RemoteReranker
    from funcseek.index.reranker import Reranker

DOCUMENTS = ["def open_it(): ...", "def close_it(): ...", "def read_it(): ..."]
LIKED = {"close": 0.9, "read": 0.4}
EXPECTED = [0.1, 0.9, 0.4]
PATIENCE = Patience(attempts=3, total_seconds=60.0, answer_seconds=60.0, pause=lambda _: None)
HURRY = replace(PATIENCE, attempts=2, answer_seconds=0.1)
KEY = "sk-very-secret-0123"


@pytest.fixture
def server(program: EndpointProgram) -> EndpointProgram:
    program.plan(liked=LIKED)
    return program


@contextmanager
def connected(
    server: EndpointProgram, *, key: str = "", path: str = "", patience: Patience = PATIENCE
) -> Iterator[RemoteReranker]:
    reranker = connect_reranker(Endpoint(server.url + path, "judge"), key=key, patience=patience)
    try:
        yield reranker
    finally:
        reranker.close()


def check(reranker: Reranker, documents: Sequence[str] = DOCUMENTS, expected: Sequence[float] = EXPECTED) -> None:
    assert reranker.relevances("close the file", documents) == pytest.approx(expected)


def test_documents_are_sent_with_the_query_and_their_scores_come_in_their_order(server: EndpointProgram) -> None:
    with connected(server) as reranker:
        assert server.seen == []
        check(reranker)
        assert (reranker.name, reranker.is_local) == ("judge", True)
        (asked,) = server.seen
    assert asked == {
        "model": "judge", "query": "close the file", "documents": DOCUMENTS, "top_n": 3, "authorization": None,
        "path": "/v1/rerank",
    }  # fmt: skip


def test_no_documents_ask_nobody(server: EndpointProgram) -> None:
    with connected(server) as reranker:
        assert reranker.relevances("close", []) == []
        assert server.seen == []


@pytest.mark.parametrize("form", ["results", "list", "tei"])
def test_every_form_of_an_answer_is_understood(server: EndpointProgram, form: str) -> None:
    server.plan(liked=LIKED, scores=form)
    with connected(server, path="/rerank") as reranker:
        check(reranker)
        check(reranker)
        assert {one["path"] for one in server.seen} == {"/rerank"}
        # What the server calls documents is found out once.
        assert len(server.seen) == (3 if form == "tei" else 2)


def test_logits_become_likelihoods_in_the_same_order(server: EndpointProgram) -> None:
    server.plan(liked=LIKED, scores="logits")
    with connected(server) as reranker:
        found = reranker.relevances("close the file", DOCUMENTS)
    assert found == pytest.approx([0.018, 0.982, 0.269], abs=0.001)


def test_key_is_in_one_header_only(server: EndpointProgram) -> None:
    with connected(server, key=KEY) as reranker:
        check(reranker)
        (asked,) = server.seen
    assert asked.pop("authorization") == f"Bearer {KEY}"
    assert KEY not in str(asked)


def test_secrets_and_what_no_server_takes_do_not_leave(server: EndpointProgram) -> None:
    secret = "ghp_" + "a1B2" * 9
    with connected(server) as reranker:
        reranker.relevances(f"use {secret}\0", ["", "open\ud800 it\0", f"token = {secret}"])
        (asked,) = server.seen
    assert secret not in str(asked)
    assert asked["query"] == "use " + "z" * 40
    assert asked["documents"][:2] == [" ", "open? it"]
    with connected(server) as reranker:
        reranker.relevances("close " * 10_000, DOCUMENTS)
        assert len(server.seen[-1]["query"]) == MAX_QUERY_CHARACTERS


@pytest.mark.parametrize(
    "limit", [{"most_texts": 1}, {"most_characters": 100}, {"most_texts": 2, "most_characters": 100}]
)
def test_what_is_too_much_is_asked_for_in_parts(server: EndpointProgram, limit: dict[str, int]) -> None:
    server.plan(liked=LIKED, **limit)
    with connected(server) as reranker:
        check(reranker, [document + " pass" * 100 for document in DOCUMENTS])


def test_server_that_takes_no_text_at_all_is_said(server: EndpointProgram) -> None:
    server.plan(most_characters=0)
    with connected(server) as reranker, pytest.raises(ModelError, match="takes no text as long as this"):
        check(reranker)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("html", "a web page"), ("no json", "no JSON"), ("deep", "no JSON"), ("other json", "holds no scores"),
        ("no list", "holds no scores"), ("half of them", "3 documents with 1 scores"), ("doubled", "numbered for 2"),
        ("numbered from one", "numbered for 2"), ("not numbered", "numbered for 0"), ("words", "no number"),
        ("true", "no number"), ("null", "no number"), ("NaN", "no number"), ("infinity", "no number"),
        ("no score", "no number"), ("400", "refused the request"), ("403", "FUNCSEEK_ENDPOINT_KEY"),
        ("404", "no such model or page"), ("flood", "more than"),
    ],
)  # fmt: skip
def test_wrong_answer_about_scores_is_one_clear_error_and_not_asked_for_again(
    server: EndpointProgram, fault: str, says: str
) -> None:
    server.plan(always=fault)
    with connected(server) as reranker:
        with pytest.raises(ModelError, match=says) as refusal:
            check(reranker)
        assert len(server.seen) == 1
    assert not isinstance(refusal.value, ModelAway)
    assert f"127.0.0.1:{server.port}" in str(refusal.value)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize("fault", ["500", "503", "429", "broken off"])
def test_fault_that_passes_is_not_seen(server: EndpointProgram, fault: str) -> None:
    server.plan(liked=LIKED, faults=[fault])
    with connected(server) as reranker:
        check(reranker)


@pytest.mark.parametrize(("fault", "patience"), [("503", PATIENCE), ("slow", HURRY), ("trickle", HURRY)])
def test_fault_that_stays_is_away_after_a_bounded_number_of_attempts(
    server: EndpointProgram, fault: str, patience: Patience
) -> None:
    server.plan(always=fault)
    with connected(server, patience=patience) as reranker:
        with pytest.raises(ModelAway):
            check(reranker)
        assert len(server.seen) == patience.attempts


def test_server_that_is_not_there_is_away_and_is_found_again(fresh_program: EndpointProgram) -> None:
    with connected(fresh_program) as reranker:
        fresh_program.kill()
        with pytest.raises(ModelAway, match="cannot be reached"):
            check(reranker)
        fresh_program.start_again()
        fresh_program.plan(liked=LIKED)
        check(reranker)


@pytest.fixture
def fresh_program() -> Iterator[EndpointProgram]:
    with EndpointProgram() as started:
        yield started


def test_redirect_of_a_reranker_is_not_followed(server: EndpointProgram) -> None:
    other: dict[str, Any] = {"always": "redirect", "target": f"{server.url}/rerank"}
    server.plan(**other)
    with connected(server) as reranker, pytest.raises(ModelError, match="sends us on to"):
        check(reranker)
    assert len(server.seen) == 1


@pytest.mark.parametrize("url", ["http://example.org/v1", "https://me:word@example.org", "example.org"])
def test_address_that_cannot_be_trusted_is_refused(url: str) -> None:
    with pytest.raises(ModelError):
        connect_reranker(Endpoint(url, "judge"))
