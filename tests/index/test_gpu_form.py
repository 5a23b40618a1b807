"""What only a GPU can show: the compiled and recorded form gives the vectors of transformers, whatever else goes on."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from funcseek.index.gpu_form import RECORDED_TOKENS, GpuForm
from funcseek.index.model_folder import read_folder
from funcseek.index.reranker_folder import read_reranker
from funcseek.index.transformer import TransformerEncoder, load
from funcseek.index.yes_no_reranker import load as load_reranker
from tests.index.model_texts import TEXTS
from tests.index.tiny_models import make
from tests.index.tiny_rerankers import make_reranker

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

pytestmark = [
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU"),
    # The compiler's own modules warn of themselves while it works.
    pytest.mark.filterwarnings("ignore"),
]
# bfloat16 against float32: .9999 was the least seen.
NEAR = 0.999
MANY = [f"{text} {number}" * (1 + number % 40) for number in range(300) for text in TEXTS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("tiny") / "qwen3", "qwen3", pooling="lasttoken")


@pytest.fixture(scope="module")
def encoder(folder: Path) -> TransformerEncoder:
    made = load(read_folder(folder), device="cuda")
    assert isinstance(made._form, GpuForm)  # noqa: SLF001
    made.wait()
    assert made._form.state == "compiled"  # noqa: SLF001
    return made


def check_near(left: NDArray[np.float32], right: NDArray[np.float32]) -> None:
    assert left.shape == right.shape
    assert (left * right).sum(axis=-1).min() >= NEAR


def test_vectors_are_those_of_the_processor(folder: Path, encoder: TransformerEncoder) -> None:
    exact = load(read_folder(folder), device="cpu").embed_passages(MANY)
    check_near(encoder.embed_passages(MANY), exact)


def test_vectors_before_it_is_compiled_are_those_after_it(folder: Path, encoder: TransformerEncoder) -> None:
    check_near(load(read_folder(folder), device="cuda").embed_passages(MANY), encoder.embed_passages(MANY))


@pytest.mark.parametrize("length", [1, *RECORDED_TOKENS, RECORDED_TOKENS[-1] + 1])
def test_recorded_text_has_the_vector_that_it_has_among_others(encoder: TransformerEncoder, length: int) -> None:
    texts = [[3 + place % 40 for place in range(size)] for size in (length, max(1, length - 1))]
    together = encoder.embed_tokens([*texts, [5] * 10])
    check_near(np.concatenate([encoder.embed_tokens([text]) for text in texts]), together[:2])


def test_questions_of_many_threads_get_their_own_answers_while_passages_run(encoder: TransformerEncoder) -> None:
    wanted = np.stack([encoder.embed_query(text) for text in TEXTS])
    found: dict[int, NDArray[np.float32]] = {}

    def ask(place: int) -> None:
        for _ in range(50):
            found[place] = encoder.embed_query(TEXTS[place])

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(TEXTS))]
    threads.append(threading.Thread(target=encoder.embed_passages, args=(MANY,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check_near(np.stack([found[place] for place in range(len(TEXTS))]), wanted)


def test_batch_beyond_the_memory_is_halved_and_loses_nothing(encoder: TransformerEncoder) -> None:
    wanted = encoder.embed_passages(MANY)
    before = encoder.batches.budget
    torch.cuda.empty_cache()
    _, total = torch.cuda.mem_get_info()
    # What is left holds no batch of this size.
    encoder.batches.budget = 1 << 40
    texts = [[7] * 64] * 20_000
    torch.cuda.set_per_process_memory_fraction((torch.cuda.memory_reserved() + (64 << 20)) / total)
    try:
        rows = encoder.embed_tokens(texts)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert encoder.batches.budget < 1 << 40
    check_near(rows, np.repeat(encoder.embed_tokens(texts[:2])[:1], len(texts), axis=0))
    encoder.batches.budget = before
    check_near(encoder.embed_passages(MANY), wanted)


def test_relevances_are_those_of_the_processor(tmp_path: Path) -> None:
    folder = make_reranker(tmp_path / "reranker")
    exact = load_reranker(read_reranker(folder), device="cpu").relevances("close a socket", TEXTS)
    found = load_reranker(read_reranker(folder), device="cuda").relevances("close a socket", TEXTS)
    assert np.abs(np.array(found) - np.array(exact)).max() < 0.02
