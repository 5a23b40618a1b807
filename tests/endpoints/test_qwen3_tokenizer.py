"""Qwen3-Embedding with the very tokenizer it is published with, and with random weights: how its texts are closed."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
import transformers

from funcseek.index.model_folder import read_folder
from funcseek.index.models import QWEN3, QWEN3_PROMPT
from funcseek.index.transformer import TransformerEncoder, load
from tests.endpoints.llama_cpp_process import HERE
from tests.index import qwen3_files
from tests.index.model_texts import TEXTS
from tests.index.qwen3_files import CLOSING
from tests.index.test_qwen3_card import FOX, FOX_TOKENS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Of a package of npm, see install.sh.
CHAT = HERE / ".servers/package/models"
UNEVEN = ["", "a", "def close(self): ...", "<|endoftext|>", "<|endoftext|>" * 3 + "a", "déjà vu", "x = 1\n" * 400]
TINY = {
    "vocab_size": 151_669, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4,
    "num_key_value_heads": 2, "head_dim": 16, "max_position_embeddings": 32_768,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its published files, but for the weights and the shape in ``config.json``."""
    folder = qwen3_files.write(tmp_path_factory.mktemp("qwen3") / "Qwen3-Embedding-0.6B")
    content = qwen3_files.embedding_tokenizer(json.loads((CHAT / "tokenizer.json").read_text(encoding="utf-8")))
    published = next(file for file in QWEN3.files if file.name == "tokenizer.json")
    assert (len(content), sha256(content).hexdigest()) == (published.size, published.sha256)
    (folder / "tokenizer.json").write_bytes(content)
    shutil.copy(CHAT / "tokenizer_config.json", folder)
    with torch.random.fork_rng():
        torch.manual_seed(7)
        network = transformers.AutoModel.from_config(transformers.AutoConfig.for_model("qwen3", **TINY))
    for name, values in network.named_parameters():
        if values.dim() == 2 and "embed" not in name:
            values.data *= 8
    network.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def qwen3(folder: Path) -> TransformerEncoder:
    return load(read_folder(folder, fallback=QWEN3.usage), device="cpu", dtype=torch.float32)


def check_same(left: NDArray[np.float32], right: NDArray[np.float32], least: float) -> None:
    assert (left * right).sum(axis=-1).min() >= least


def test_text_is_closed_once_by_the_token_that_also_pads(qwen3: TransformerEncoder) -> None:
    fox, empty, long = qwen3.passage_tokens([FOX, "", "x = 1\n" * 4_000])
    assert fox == FOX_TOKENS
    assert empty == [CLOSING]
    assert len(long) == qwen3.max_tokens
    assert long.count(CLOSING) == 1
    assert long[-1] == CLOSING


def test_question_stands_behind_its_instruction_without_a_space(qwen3: TransformerEncoder) -> None:
    assert qwen3.query_tokens("close the pool") == qwen3.passage_tokens([f"{QWEN3_PROMPT}close the pool"])[0]
    assert QWEN3_PROMPT.endswith("\nQuery:")


def test_rows_do_not_depend_on_their_batch(qwen3: TransformerEncoder) -> None:
    texts = [*UNEVEN, *TEXTS]
    check_same(qwen3.embed_passages(texts), np.concatenate([qwen3.embed_passages([text]) for text in texts]), 0.99999)


def test_vectors_are_those_of_sentence_transformers(folder: Path, qwen3: TransformerEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": torch.float32})
    texts = [text for text in UNEVEN + TEXTS if len(text) < 2_000]
    check_same(qwen3.embed_passages(texts), theirs.encode(texts), 0.9999)
