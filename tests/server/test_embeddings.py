"""The embeddings endpoint as OpenAI's own client meets it: a real server process with the real model."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import openai
import pytest

from funcseek.server.choice import Choice, choose
from funcseek.server.places import Places
from tests.index.tiny_models import WIDTH, make
from tests.server.embedding_server import EmbeddingServer, refused, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from openai import OpenAI
    from openai.types import CreateEmbeddingResponse

    from funcseek.index.onnx_encoder import OnnxEncoder

NAME = "all-MiniLM-L6-v2"
TEXTS = ["open a file", "retry with exponential backoff", "Größe 大小 🙂", "word " * 4_000]
SAME = 0.9999
CALLERS = 32


@pytest.fixture(scope="module")
def client(server: EmbeddingServer) -> Iterator[OpenAI]:
    with server.client() as client:
        yield client


def rows(answer: CreateEmbeddingResponse) -> NDArray[np.float32]:
    assert [one.index for one in answer.data] == list(range(len(answer.data)))
    return np.array([one.embedding for one in answer.data], np.float32)


def check_same(answer: CreateEmbeddingResponse, expected: NDArray[np.float32]) -> None:
    assert (rows(answer) * expected).sum(axis=1).min() > SAME


def check_refused(client: OpenAI, error: type[openai.APIStatusError], *, says: str, **request: Any) -> dict[str, Any]:
    with pytest.raises(error, match=says) as refused:
        client.embeddings.create(**{"model": NAME, "input": "x", **request})
    body = refused.value.body
    assert isinstance(body, dict)
    assert body.keys() == {"message", "type", "param", "code"}
    return body


def test_text_and_list_give_the_vectors_of_the_encoder(client: OpenAI, encoder: OnnxEncoder) -> None:
    expected = encoder.embed_passages(TEXTS)
    check_same(client.embeddings.create(model=NAME, input=TEXTS), expected)
    check_same(client.embeddings.create(model=NAME, input=TEXTS[1]), expected[1:2])


def test_numbers_and_base64_say_the_same(server: EmbeddingServer) -> None:
    def embedding(form: str) -> Any:
        body = json.dumps({"model": NAME, "input": TEXTS[0], "encoding_format": form}).encode()
        return server.request("POST", "/v1/embeddings", body)[1]["data"][0]["embedding"]

    packed = np.frombuffer(base64.b64decode(embedding("base64")), "<f4")
    assert packed.tolist() == embedding("float")
    assert packed.shape == (384,)


def test_usage_counts_the_tokens_that_are_read(client: OpenAI, encoder: OnnxEncoder) -> None:
    usage = client.embeddings.create(model=NAME, input=TEXTS, user="somebody").usage
    assert usage.prompt_tokens == usage.total_tokens == sum(map(len, encoder.passage_tokens(TEXTS)))
    assert len(encoder.passage_tokens(TEXTS)[-1]) == encoder.max_tokens


def test_tokens_of_the_models_own_are_taken_as_they_are(client: OpenAI, encoder: OnnxEncoder) -> None:
    tokens = encoder.passage_tokens(TEXTS)
    expected = encoder.embed_passages(TEXTS)
    check_same(client.embeddings.create(model=NAME, input=tokens), expected)
    check_same(client.embeddings.create(model=NAME, input=tokens[0]), expected[:1])


def test_model_goes_by_its_name_its_key_and_its_repository(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == [NAME]
    for name in (NAME, "minilm", f"sentence-transformers/{NAME}"):
        assert client.models.retrieve(name).id == NAME
        assert client.embeddings.create(model=name, input="x").model == NAME
    with pytest.raises(openai.NotFoundError, match="does not exist"):
        client.models.retrieve("gpt-4")


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({"input": ""}, "empty text; item 0"),
        ({"input": ["a", ""]}, "empty text; item 1"),
        ({"input": []}, "must be a text"),
        ({"input": 7.5}, "must be a text"),
        ({"input": {"a": 1}}, "must be a text"),
        ({"input": ["a", 7]}, "item 0 is neither"),
        ({"input": [[101], []]}, "item 1 is neither"),
        ({"input": [[True]]}, "item 0 is neither"),
        ({"input": [30_522]}, "does not know"),
        ({"input": [[-1]]}, "does not know"),
        ({"input": [[101] * 129]}, "129 tokens"),
        ({"input": ["x"] * 2049}, "2048 items at most"),
        ({"dimensions": 128}, "not trained to be cut"),
        ({"dimensions": True}, "whole number"),
        ({"dimensions": "64"}, "whole number"),
        ({"encoding_format": "int8"}, "float, base64"),
        ({"extra_body": {"input_type": "question"}}, "query, passage"),
        ({"model": ""}, "must provide a model"),
    ],
)
def test_bad_request_says_what_is_wrong(client: OpenAI, request_: dict[str, Any], says: str) -> None:
    check_refused(client, openai.BadRequestError, says=says, **request_)


def test_unknown_model_is_not_found(client: OpenAI) -> None:
    body = check_refused(client, openai.NotFoundError, says="does not exist", model="text-embedding-3-small")
    assert (body["code"], body["param"]) == ("model_not_found", "model")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe\xff", "not JSON"),
        (b"[1]", "a list"),
        (b"[" * 99_999, "not JSON"),
    ],
)
def test_body_that_is_no_object_is_refused(server: EmbeddingServer, body: bytes, says: str) -> None:
    status, answer = server.request("POST", "/v1/embeddings", body)
    assert status == 400
    assert says in answer["error"]["message"]


def test_body_that_is_too_large_is_refused(client: OpenAI, server: EmbeddingServer) -> None:
    with pytest.raises(openai.APIStatusError, match="larger than") as refused:
        client.embeddings.create(model=NAME, input="x" * (9 << 20))
    assert refused.value.status_code == 413
    assert server.request("GET", "/health") == (200, {"status": "ok"})


def test_text_of_a_megabyte_and_what_is_no_text_are_read(server: EmbeddingServer) -> None:
    texts = ["word " * 200_000, "\ud800\0", "\n"]
    status, answer = server.request("POST", "/v1/embeddings", json.dumps({"model": NAME, "input": texts}).encode())
    assert status == 200
    assert [round(float(np.linalg.norm(one["embedding"])), 4) for one in answer["data"]] == [1.0, 1.0, 1.0]


def test_what_is_quoted_of_a_caller_need_be_no_text(server: EmbeddingServer) -> None:
    body = json.dumps({"model": "\ud800" * 1000, "input": "x"}).encode()
    status, answer = server.request("POST", "/v1/embeddings", body)
    assert status == 404
    assert len(answer["error"]["message"]) < 1000


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/embeddings", 405), ("GET", "/v2", 404)])
def test_wrong_address_is_refused_in_the_same_shape(
    server: EmbeddingServer, method: str, path: str, status: int
) -> None:
    found, body = server.request(method, path)
    assert found == status
    assert body["error"]["type"] == "invalid_request_error"


def test_callers_at_once_get_what_each_gets_alone(server: EmbeddingServer, encoder: OnnxEncoder) -> None:
    wanted = [
        [f"caller {caller} text {number} " * (1 + (caller + number) % 9) for number in range(1 + caller % 16)]
        for caller in range(CALLERS)
    ]
    with server.client() as client, ThreadPoolExecutor(CALLERS) as callers:

        def ask(texts: Sequence[str]) -> CreateEmbeddingResponse:
            return client.embeddings.create(model=NAME, input=list(texts))

        for texts, answer in zip(wanted, callers.map(ask, wanted), strict=True):
            check_same(answer, encoder.embed_passages(texts))


def test_full_queue_sends_callers_away_and_the_client_comes_back(model_home: Path) -> None:
    long = [f"text {number} " * 10 for number in range(600)]
    with (
        running(model_home, "--queue", "4") as server,
        ThreadPoolExecutor(1) as other,
        server.client() as client,
        server.client(retries=30) as patient,
    ):
        # Whichever comes first, this one or a short one: only an empty queue takes so many.
        under_way = other.submit(patient.embeddings.create, model=NAME, input=long)
        assert 1 <= int(refused(client, under_way).response.headers["retry-after"]) <= 60
        answer = patient.embeddings.with_raw_response.create(model=NAME, input="short")
        assert answer.retries_taken > 0
        assert len(answer.parse().data) == 1
        assert len(under_way.result().data) == len(long)


QUERY_PROMPT = "Find: "


@pytest.fixture(scope="module")
def cut_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddingServer]:
    """A server of a model whose vectors may be cut, and that has a prompt for queries."""
    home = tmp_path_factory.mktemp("home")
    folder = make(home / "tiny-qwen3", "qwen3", pooling="lasttoken", prompts={"query": QUERY_PROMPT})
    choose(Places(home, home, home).choice, Choice(str(folder), str(folder), "cpu"))
    with running(home, "--least-dimension", "8") as server:
        yield server


def test_vectors_are_cut_and_brought_to_unit_length(cut_server: EmbeddingServer) -> None:
    with cut_server.client() as client:
        whole = rows(client.embeddings.create(model="tiny-qwen3", input=TEXTS))
        cut = rows(client.embeddings.create(model="tiny-qwen3", input=TEXTS, dimensions=8))
        assert whole.shape == (len(TEXTS), WIDTH)
        assert np.allclose(cut, whole[:, :8] / np.linalg.norm(whole[:, :8], axis=1, keepdims=True), atol=1e-6)
        for wrong in (7, WIDTH + 1, -1):
            check_refused(
                client, openai.BadRequestError, says=f"from 8 to {WIDTH}", model="tiny-qwen3", dimensions=wrong
            )


def test_query_is_read_behind_its_prompt_where_it_is_said_to_be_one(cut_server: EmbeddingServer) -> None:
    with cut_server.client() as client:

        def ask(text: str, kind: str | None) -> CreateEmbeddingResponse:
            return client.embeddings.create(model="tiny-qwen3", input=[text], extra_body={"input_type": kind})

        check_same(ask("close the pool", "query"), rows(ask(QUERY_PROMPT + "close the pool", "passage")))
        assert (rows(ask("close the pool", "query")) * rows(ask("close the pool", None))).sum() < SAME
        assert ask("x", "query").usage.prompt_tokens == ask(QUERY_PROMPT + "x", "passage").usage.prompt_tokens
