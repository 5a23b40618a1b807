"""The embedder over an endpoint, against a server that is none of ours: llama.cpp, over files of a model we run too."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.index.endpoint import Endpoint
from funcseek.index.errors import ModelAway, ModelError
from funcseek.index.model_folder import Wishes, read_folder
from funcseek.index.remote import connect
from funcseek.index.retries import Patience
from funcseek.index.transformer import load
from tests.doubles import lay_out
from tests.endpoints.llama_cpp_process import NAME, LlamaCpp, converted
from tests.endpoints.qwen3_folder import MAX_TOKENS, SHAPE, make
from tests.index.model_texts import TEXTS
from tests.server.test_model_choice import TREE, Funcseek

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from funcseek.index.remote_encoder import RemoteEncoder
    from funcseek.index.transformer import TransformerEncoder

PROMPT = "Instruct: find the function\nQuery:"
PATIENCE = Patience(attempts=2, total_seconds=60.0, answer_seconds=60.0, pause=lambda _: None)
# Sums in another order, through layers that make much of little: .99997 was the smallest seen of 600 letters, .9996 of
# more.
SAME, SAME_IF_LONG = 0.9999, 0.999
# Random weights lose more than trained ones do: .90 was the smallest seen of 24 texts.
FOUR_BITS = 0.85
# The server takes a quarter of its context, and each of these letters is a token.
TOO_LONG = "x " * 1_100


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("qwen3") / "tiny")


@pytest.fixture(scope="module")
def exact(folder: Path) -> TransformerEncoder:
    return load(read_folder(folder, Wishes(query_prompt=PROMPT, max_tokens=MAX_TOKENS)), device="cpu")


@pytest.fixture(scope="module")
def file(folder: Path) -> Path:
    return converted(folder, folder.with_suffix(".gguf"))


@pytest.fixture(scope="module")
def server(file: Path) -> Iterator[LlamaCpp]:
    with LlamaCpp(file) as started:
        yield started


@contextmanager
def connected(server: LlamaCpp, *, model: str = NAME, key: str = "") -> Iterator[RemoteEncoder]:
    endpoint = Endpoint(server.url, model, query_prompt=PROMPT)
    encoder = connect(endpoint, key=key, passages=PATIENCE, queries=PATIENCE)
    try:
        yield encoder
    finally:
        encoder.close()


def check_near(rows: NDArray[np.float32], expected: NDArray[np.float32], least: float) -> None:
    assert (rows * expected).sum(axis=-1).min() > least
    assert (rows @ expected.T).argmax(axis=1).tolist() == list(range(len(expected)))


def short(texts: list[str]) -> list[str]:
    """Return what of texts fits the model's limit, which each road counts in its own way."""
    return [text[:600] for text in texts]


def test_vectors_are_those_of_our_own_encoder(server: LlamaCpp, exact: TransformerEncoder) -> None:
    with connected(server) as encoder:
        assert encoder.name == NAME
        assert encoder.dimension == SHAPE["hidden_size"]
        check_near(encoder.embed_passages(short(TEXTS)), exact.embed_passages(short(TEXTS)), SAME)
        asked = ["close the pool", "how full is the disk"]
        check_near(
            np.stack([encoder.embed_query(text) for text in asked]),
            np.stack([exact.embed_query(text) for text in asked]),
            SAME,
        )


def test_order_is_kept_over_many_requests_at_once(server: LlamaCpp, exact: TransformerEncoder) -> None:
    texts = [f"def step_{number}(): return {number * number}" for number in range(200)]
    with connected(server) as encoder:
        check_near(encoder.embed_passages(texts), exact.embed_passages(texts), SAME)


def test_weights_of_four_bits_are_near_the_exact_ones(folder: Path, exact: TransformerEncoder) -> None:
    file = converted(folder, folder.with_suffix(".q4_k_m.gguf"), "--quantised")
    with LlamaCpp(file) as server, connected(server) as encoder:
        check_near(encoder.embed_passages(short(TEXTS)), exact.embed_passages(short(TEXTS)), FOUR_BITS)


def test_text_too_long_for_the_server_is_cut_and_the_others_are_not(
    server: LlamaCpp, exact: TransformerEncoder
) -> None:
    with connected(server) as encoder:
        rows = encoder.embed_passages([*short(TEXTS), TOO_LONG])
        check_near(rows[:-1], exact.embed_passages(short(TEXTS)), SAME)
        halved = TOO_LONG[: len(TOO_LONG) // 4]
        check_near(rows[-1:], exact.embed_passages([halved]), SAME_IF_LONG)


def test_key_is_needed_where_the_server_wants_one(file: Path) -> None:
    with LlamaCpp(file, key="secret") as server:
        with pytest.raises(ModelError, match=r"refuses our key \(401\)"), connected(server):
            pass
        with connected(server, key="secret") as encoder:
            assert encoder.embed_query("open").shape == (encoder.dimension,)


def test_model_it_does_not_have_is_refused_with_the_one_it_has(server: LlamaCpp) -> None:
    says = f"has no model 'big'; name one of those it has: {NAME}"
    with pytest.raises(ModelError, match=says), connected(server, model="big"):
        pass


def test_server_that_goes_is_away_and_one_that_comes_back_with_another_model_is_found_out(
    file: Path, tmp_path: Path
) -> None:
    other = converted(make(tmp_path / "other", seed=8), tmp_path / "other.gguf")
    with LlamaCpp(file) as server, connected(server) as encoder:
        rows = encoder.embed_passages(["open a file"])
        server.kill()
        with pytest.raises(ModelAway, match="cannot be reached"):
            encoder.embed_passages(["open a file"])
        server.start_again(other)
        with pytest.raises(ModelError, match="has another model than before"):
            encoder.embed_passages(["open a file"])
        server.kill()
        server.start_again(file)
        check_near(encoder.embed_passages(["open a file"]), rows, SAME)


def test_folder_is_searched_by_its_vectors(server: LlamaCpp, fresh_home: Path, tmp_path: Path) -> None:
    funcseek = Funcseek(fresh_home, lay_out(tmp_path / "tree", TREE))
    funcseek.check("model", "use", server.url, "--name", NAME, says="is used from now on")
    funcseek.check("index", "--headless")
    answer = funcseek.search("--no-service")
    assert answer["model"] == NAME
    assert answer["coverage"]["embedded"] == 1
