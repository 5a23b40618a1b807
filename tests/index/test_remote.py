"""An embedder over a real server process on loopback, honest and otherwise."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.endpoint import MAX_CHARACTERS, Endpoint
from funcseek.index.errors import ModelAway, ModelError
from funcseek.index.remote import connect
from funcseek.index.remote_encoder import PROBE, REQUEST_TEXTS
from funcseek.index.retries import Patience
from tests.doubles import HashingEmbedder, lay_out
from tests.index.endpoint_program import EndpointProgram

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from funcseek.index.embedder import Embedder
    from funcseek.index.remote_encoder import RemoteEncoder

TEXTS = [f"read file number {number} and close {'it again ' * (number % 5)}" for number in range(100)]
# No test waits between attempts; none but those about slowness comes near the limit.
PATIENCE = Patience(attempts=4, total_seconds=60.0, answer_seconds=60.0, pause=lambda _: None)
HURRY = replace(PATIENCE, attempts=2, answer_seconds=0.1)
KEY = "sk-very-secret-0123"


@pytest.fixture
def server(program: EndpointProgram) -> EndpointProgram:
    program.plan()
    return program


@contextmanager
def connected(
    server: EndpointProgram, *, key: str = "", queries: Patience = PATIENCE, **wishes: object
) -> Iterator[RemoteEncoder]:
    endpoint = replace(Endpoint(server.url, "hashing"), **wishes)  # type: ignore[arg-type]
    encoder = connect(endpoint, key=key, passages=PATIENCE, queries=queries)
    try:
        yield encoder
    finally:
        encoder.close()


def check_rows(encoder: Embedder, texts: Sequence[str], read: Sequence[str] | None = None) -> None:
    """Hold the rows of texts against what the server's model makes of what it should have read."""
    rows = encoder.embed_passages(texts)
    expected = HashingEmbedder(dimension=encoder.dimension).embed_passages(texts if read is None else read)
    assert rows.dtype == np.float32
    assert np.abs(rows - expected).max() < 1e-6


def check_refused(server: EndpointProgram, fault: str, says: str) -> ModelError:
    """A fault is found at first contact, and later by passages and queries; it is told once, and nothing is retried."""
    server.plan(always=fault, base64="ignored")
    with pytest.raises(ModelError, match=says), connected(server):
        pass
    server.plan()
    with connected(server) as encoder:
        server.plan(always=fault, base64="ignored")
        with pytest.raises(ModelError, match=says):
            encoder.embed_query("close it")
        with pytest.raises(ModelError, match=says) as refusal:
            encoder.embed_passages(TEXTS[:4])
    assert len(server.seen) == 2
    assert not isinstance(refusal.value, ModelAway)
    assert f"127.0.0.1:{server.port}" in str(refusal.value)
    assert str(refusal.value).isprintable()
    return refusal.value


# What an embedder promises.


def test_rows_are_the_servers_in_order_over_many_requests(server: EndpointProgram) -> None:
    with connected(server) as encoder:
        embedder: Embedder = encoder
        check_rows(embedder, TEXTS)
        assert (encoder.name, encoder.dimension, encoder.is_local) == ("hashing", 64, True)
        assert np.abs(encoder.embed_query(TEXTS[3]) - HashingEmbedder().embed_query(TEXTS[3])).max() < 1e-6
        assert encoder.embed_passages([]).shape == (0, 64)
    sizes = [len(request["input"]) for request in server.seen if len(request["input"]) > 2]
    assert sorted(sizes, reverse=True) == [REQUEST_TEXTS + 1] * 3 + [len(TEXTS) - 3 * REQUEST_TEXTS + 1]


def test_long_texts_are_batched_by_their_tokens(server: EndpointProgram) -> None:
    with connected(server, max_characters=6_000) as encoder:
        server.plan()
        check_rows(encoder, ["open the file " * 400] * 10)
        assert sorted(len(request["input"]) - 1 for request in server.seen) == [2, 4, 4]


def test_prompts_stand_before_the_texts_and_the_probe_has_none(server: EndpointProgram) -> None:
    with connected(server, query_prompt="Query: ", passage_prompt="Passage: ", max_characters=5) as encoder:
        server.plan()
        encoder.embed_query("how full is the disk")
        encoder.embed_passages(["def usage"])
        asked = [request["input"] for request in server.seen]
        assert asked == [[PROBE, "Query: how f"], [PROBE, "Passage: def u"]]


def test_texts_no_server_takes_are_made_harmless(server: EndpointProgram) -> None:
    with connected(server) as encoder:
        check_rows(encoder, ["open\ud800 it", "read\0 bytes", "", "\0"], ["open? it", "read bytes", " ", " "])
        assert server.seen[-1]["input"][1:] == ["open? it", "read bytes", " ", " "]
        check_rows(encoder, ["open " * 200_000], [("open " * 200_000)[:MAX_CHARACTERS]])


def test_threads_share_an_encoder(server: EndpointProgram) -> None:
    with connected(server) as encoder:
        threads = [threading.Thread(target=check_rows, args=(encoder, TEXTS)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


# What servers may differ in.


@pytest.mark.parametrize(
    ("form", "used"),
    [
        ("right", "base64"),
        ("ignored", "base64"),
        ("refused", "float"),
        ("doubles", "float"),
        ("big end first", "float"),
    ],
)
def test_base64_is_used_where_the_server_means_the_same_by_it(server: EndpointProgram, form: str, used: str) -> None:
    server.plan(base64=form)
    with connected(server) as encoder:
        check_rows(encoder, TEXTS[:5])
        assert server.seen[-1]["encoding_format"] == used


def test_vectors_of_any_length_become_unit_vectors(server: EndpointProgram) -> None:
    server.plan(always="long vectors", base64="ignored")
    with connected(server) as encoder:
        check_rows(encoder, TEXTS)


def test_items_out_of_order_are_put_in_order(server: EndpointProgram) -> None:
    server.plan(always="out of order")
    with connected(server) as encoder:
        check_rows(encoder, TEXTS)


def test_dimension_wished_is_asked_for(server: EndpointProgram) -> None:
    server.plan(dimension=None)
    with connected(server, dimension=16) as encoder:
        check_rows(encoder, TEXTS[:5])
        assert encoder.dimension == 16
    server.plan(dimension=64)
    with pytest.raises(ModelError, match="vectors of 64 numbers where 16 were asked for; ask for 64"):
        connect(Endpoint(server.url, "hashing", dimension=16))


@pytest.mark.parametrize("models", [None, [], "html"])
def test_server_without_a_list_of_models_names_its_model_itself(server: EndpointProgram, models: object) -> None:
    server.plan(models=models, called="served name")
    with connected(server) as encoder:
        assert encoder.name == "served name"


def test_model_that_is_not_listed_is_refused_with_those_that_are(server: EndpointProgram) -> None:
    server.plan(models=["qwen", "min\x1blm"])
    with pytest.raises(ModelError, match=r"has no model 'hashing'; name one of those it has: qwen, min lm\."):
        connect(Endpoint(server.url, "hashing"))


def test_identity_is_of_the_model_and_its_use_not_of_the_host(server: EndpointProgram) -> None:
    def identity(**wishes: object) -> str:
        with connected(server, **wishes) as encoder:  # type: ignore[arg-type]
            return encoder.identity

    first = identity()
    assert identity(url=f"http://localhost:{server.port}/v1") == first
    server.plan(dimension=None)
    others = {identity(dimension=32), identity(query_prompt="q"), identity(passage_prompt="q")}
    others |= {identity(max_characters=9), identity(dimension=64)}
    server.plan(models=None, called="other")
    assert len(others | {first, identity()}) == 7


# Texts and batches that a server finds too long.


@pytest.mark.parametrize(
    "answer",
    [
        (413, {"error": "Input validation error: `inputs` must have less than 512 tokens. Given: 600"}),
        (413, "<html>Request Entity Too Large</html>"),
        (422, {"detail": "batch size 32 > maximum allowed batch size 4"}),
        (400, {"message": "The input (600 tokens) is longer than the model's context length (512 tokens)."}),
        (500, {"error": {"message": "input is too large to process. increase the physical batch size"}}),
    ],
)
def test_batch_too_long_is_halved(server: EndpointProgram, answer: object) -> None:
    with connected(server) as encoder:
        server.plan(most_texts=5, too_long=answer)
        check_rows(encoder, TEXTS)


def test_text_too_long_is_cut_and_the_others_are_not(server: EndpointProgram) -> None:
    long = "open " * 200
    with connected(server) as encoder:
        server.plan(most_characters=300)
        check_rows(encoder, [*TEXTS[:9], long, *TEXTS[9:12]], [*TEXTS[:9], long[:250], *TEXTS[9:12]])


def test_server_that_takes_no_text_at_all_is_refused(server: EndpointProgram) -> None:
    with connected(server) as encoder:
        server.plan(most_characters=1)
        with pytest.raises(ModelError, match=r"takes no text as long as this.*ask for fewer characters"):
            encoder.embed_passages(["open " * 1000])
        assert len(server.seen) < 10


# Servers that are away for now.


@pytest.mark.parametrize("faults", [["500", "500"], ["503"], ["429"], ["html 502"], ["broken off"], ["500", "429"]])
def test_what_passes_is_tried_again(server: EndpointProgram, faults: list[str]) -> None:
    with connected(server) as encoder:
        server.plan(faults=faults)
        check_rows(encoder, TEXTS)
        assert len(server.seen) == 4 + len(faults)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("429", r"takes no more requests for now \(429\): \"rate limit\"; the work goes on"),
        ("500", r"failed \(500\): \"loading the model\"; see its log"),
        ("html 502", r"failed \(502\); see its log"),
        ("broken off", "broke off its answer; see its log"),
    ],
)
def test_what_does_not_pass_is_away_after_a_bounded_number_of_attempts(
    server: EndpointProgram, fault: str, says: str
) -> None:
    with connected(server) as encoder:
        server.plan(always=fault)
        with pytest.raises(ModelAway, match=says) as away:
            encoder.embed_passages(TEXTS[:5])
        assert f"127.0.0.1:{server.port}" in str(away.value)
        assert len(server.seen) == PATIENCE.attempts


@pytest.mark.parametrize("fault", ["slow", "trickle"])
def test_slow_server_is_away_for_now(server: EndpointProgram, fault: str) -> None:
    with connected(server, queries=HURRY) as encoder:
        server.plan(always=fault)
        with pytest.raises(ModelAway, match="did not answer in time; see whether its server is overloaded"):
            encoder.embed_query("close it")
        assert len(server.seen) == HURRY.attempts


def test_waits_grow_with_jitter_and_follow_the_server_where_it_says(server: EndpointProgram) -> None:
    waits: list[float] = []
    patience = replace(PATIENCE, attempts=5, first_wait_seconds=0.25, pause=waits.append)
    with connected(server, queries=patience) as encoder:
        server.plan(faults=["500", "500", "500", "429"])
        encoder.embed_query("close it")
    assert all(0 <= wait <= 0.25 * 2**attempt for attempt, wait in enumerate(waits[:3], 1))
    assert 7 <= waits[3] <= 7.25


@pytest.mark.parametrize("asked", ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_server_that_asks_for_more_than_our_patience_is_away_at_once(server: EndpointProgram, asked: str) -> None:
    with connected(server) as encoder:
        server.plan(always="429", retry_after=asked)
        with pytest.raises(ModelAway) as away:
            encoder.embed_query("close it")
        assert len(server.seen) == 1
        assert away.value.retry_after_seconds is not None
        assert away.value.retry_after_seconds >= 3600


@pytest.mark.parametrize("asked", ["soon", "-5", "Fri, 31 Dec 1999 23:59:59 GMT", "\xb2"])
def test_retry_after_that_says_nothing_useful_does_not_stop_us(server: EndpointProgram, asked: str) -> None:
    with connected(server) as encoder:
        server.plan(faults=["429"], retry_after=asked)
        check_rows(encoder, TEXTS[:3])


def test_work_goes_on_once_the_server_is_back() -> None:
    with EndpointProgram() as server, connected(server) as encoder:
        server.kill()
        with pytest.raises(ModelAway, match="cannot be reached; start its server"):
            encoder.embed_passages(TEXTS)
        with pytest.raises(ModelAway, match="cannot be reached"):
            connect(Endpoint(server.url, "hashing"), passages=PATIENCE)
        server.start_again()
        check_rows(encoder, TEXTS)


# Servers that are wrong.


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("html", "answered with a web page; check that the address"),
        ("no json", "answered with what is no JSON; check"),
        ("deep", "answered with"),
        ("other json", "JSON that holds no vectors; check"),
        ("flood", "more than 32 MB; use another server"),
        ("400", r"refused the request \(400\): \"what \[31m is this\"; correct"),
        ("403", r"refuses our key \(403\): \"not for you\"; set FUNCSEEK_ENDPOINT_KEY"),
        ("404", r"no such model or page \(404\): \"The model does not exist\"; correct"),
        ("one too many", "update or restart its server"),
        ("not numbered", "numbered for 0 of them; update or restart"),
        ("numbered from one", "update or restart its server"),
        ("NaN", "no number; its model is damaged"),
        ("null", "no number; its model is damaged"),
        ("infinity", "no number; its model is damaged"),
        ("zeros", "a vector of zeros"),
        ("words", "something other than lists of numbers"),
        ("nested", "something other than lists of numbers"),
        ("bad base64", "something other than lists of numbers"),
        ("no vector", "something other than lists of numbers"),
    ],
)
def test_wrong_answer_is_one_clear_error_and_not_asked_for_again(
    server: EndpointProgram, fault: str, says: str
) -> None:
    check_refused(server, fault, says)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("half a batch", "answered 5 texts with 2 vectors"),
        ("doubled", "answered 5 texts with 5 vectors, numbered for 4"),
        ("uneven", "vectors of several lengths"),
        ("too short", "vectors of 32 numbers where 64 were agreed on; serve hashing there again"),
        ("other model", "has another model than before; serve hashing there again"),
    ],
)
def test_answer_that_does_not_fit_the_first_contact_stores_nothing(
    server: EndpointProgram, tmp_path: Path, fault: str, says: str
) -> None:
    root = lay_out(tmp_path / "root", "--- a.py\n" + "".join(f"def f{n}(x):\n    return x\n\n" for n in range(4)))
    home = Home(tmp_path / "home")
    with connected(server) as encoder, CodeIndex(root, home, guard=threading.Lock()) as index:
        index.adopt(encoder)
        list(index.scan())
        server.plan(faults=[fault], base64="ignored")
        with pytest.raises(ModelError, match=says):
            index.embed()
        assert index.coverage().embedded == 0
        # Once the server is right again the work is taken up where it was.
        assert index.embed() == 4
        assert index.coverage().embedded == 4


def test_server_restarted_with_another_dimension_is_found_out() -> None:
    with EndpointProgram() as server, connected(server) as encoder:
        server.kill()
        server.start_again()
        server.plan(dimension=32)
        with pytest.raises(ModelError, match="32 numbers where 64"):
            encoder.embed_query("close it")


def test_other_model_behind_a_failure_is_found_out_at_the_next_attempt(server: EndpointProgram) -> None:
    with connected(server) as encoder:
        server.plan(faults=["503"], always="other model", base64="ignored")
        with pytest.raises(ModelError, match="another model"):
            encoder.embed_passages(TEXTS[:3])


@pytest.mark.parametrize("to", ["http://localhost:{port}/v1/embeddings", "https://elsewhere.example/?key=hidden"])
def test_redirect_is_named_and_not_followed(server: EndpointProgram, to: str) -> None:
    target = to.format(port=server.port)
    server.plan(always="redirect", target=target)
    with pytest.raises(ModelError, match="sends us on to http") as refusal, connected(server, key=KEY):
        pass
    assert [request["path"] for request in server.seen] == ["/v1/embeddings"]
    assert "hidden" not in str(refusal.value)


def test_server_that_speaks_no_tls_is_no_reason_to_wait(server: EndpointProgram) -> None:
    with pytest.raises(ModelError, match="no encrypted connection that can be trusted") as refusal:
        connect(Endpoint(server.url.replace("http:", "https:"), "hashing"), passages=PATIENCE)
    assert not isinstance(refusal.value, ModelAway)


# The key.


def test_key_is_sent_and_appears_nowhere_else(server: EndpointProgram, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.plan(key=KEY)
    with connected(server, key=f"{KEY}\n") as encoder:
        check_rows(encoder, TEXTS[:3])
        assert server.seen[-1]["authorization"] == f"Bearer {KEY}"
        assert KEY not in repr(vars(encoder))
        server.plan(key="another")
        with pytest.raises(ModelError, match=r"refuses our key \(401\): \"wrong key: Bearer \*\*\*\"; set") as refusal:
            encoder.embed_query("close it")
    assert KEY not in str(refusal.value)
    assert KEY not in caplog.text


@pytest.mark.parametrize("key", [f"{KEY}\r\nX: y", f"{KEY} two", f"{KEY}\xe9"])
def test_key_that_fits_no_header_is_refused_without_being_repeated(server: EndpointProgram, key: str) -> None:
    with pytest.raises(ModelError, match="set it to the key alone") as refusal:
        connect(Endpoint(server.url, "hashing"), key=key)
    assert KEY not in str(refusal.value)


def test_proxy_of_the_environment_sees_nothing_meant_for_this_machine(
    server: EndpointProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with connected(server) as encoder:
        check_rows(encoder, TEXTS[:3])
