"""What an embedder promises, kept by the embedded default."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.index.embedder import Encoder
from funcseek.index.errors import ModelError
from funcseek.index.installation import MODEL
from funcseek.index.machine import give_memory_back
from funcseek.index.onnx_encoder import BATCH_TOKENS, load
from tests.index.model_texts import OTHERS, PYTHON, QUESTIONS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funcseek.index.embedder import Embedder
    from funcseek.index.installation import Installed
    from funcseek.index.onnx_encoder import OnnxEncoder

# Fixed ranges leave only the order of float32 sums: 1 - 7e-7 was the smallest over 100 functions.
SAME = 0.9999


def check_same(encoder: OnnxEncoder, left: Sequence[str], right: Sequence[str]) -> None:
    cosines = (encoder.embed_passages(left) * encoder.embed_passages(right)).sum(axis=1)
    assert cosines.min() > SAME


def test_encoder_is_an_embedder(encoder: OnnxEncoder) -> None:
    embedder: Embedder = encoder
    assert (embedder.name, embedder.dimension) == ("all-MiniLM-L6-v2", 384)
    assert len(embedder.identity) == 64


def test_rows_are_float32_unit_vectors(encoder: OnnxEncoder) -> None:
    rows = encoder.embed_passages(TEXTS)
    assert rows.dtype == np.float32
    assert rows.shape == (len(TEXTS), 384)
    assert np.abs(np.linalg.norm(rows, axis=1) - 1).max() < 1e-5


def test_rows_keep_the_order_and_do_not_depend_on_their_batch(encoder: OnnxEncoder) -> None:
    rows = encoder.embed_passages(TEXTS)
    alone = np.stack([encoder.embed_query(text) for text in TEXTS])
    assert (rows * alone).sum(axis=1).min() > SAME
    assert (rows @ alone.T).argmax(axis=1).tolist() == list(range(len(TEXTS)))


def test_more_texts_than_a_batch_holds_keep_their_order(encoder: OnnxEncoder) -> None:
    count = BATCH_TOKENS * 3
    rows = encoder.embed_passages([str(number % 7) for number in range(count)])
    assert np.abs(rows - rows[np.arange(count) % 7]).max() < 1e-5
    assert np.linalg.matrix_rank(rows[:7]) == 7


def test_tokens_of_passages_give_their_vectors(encoder: OnnxEncoder) -> None:
    assert isinstance(encoder, Encoder)
    tokens = encoder.passage_tokens([*TEXTS, "word " * 1000])
    assert (encoder.embed_tokens(tokens[:-1]) * encoder.embed_passages(TEXTS)).sum(axis=1).min() > SAME
    assert len(tokens[-1]) == encoder.max_tokens
    assert max(map(max, tokens)) < encoder.vocabulary_size
    assert encoder.query_tokens(TEXTS[0]) == tokens[0]


def test_no_texts_give_no_rows(encoder: OnnxEncoder) -> None:
    assert encoder.embed_passages([]).shape == (0, 384)


def test_empty_text_has_a_vector(encoder: OnnxEncoder) -> None:
    check_same(encoder, ["", PYTHON[0]], [" \n\t", PYTHON[0]])


def test_text_is_read_when_it_holds_what_no_file_should(encoder: OnnxEncoder) -> None:
    check_same(encoder, ["open\ud800 a file", "read\0 bytes"], ["open? a file", "read bytes"])


def test_text_counts_only_up_to_128_tokens(encoder: OnnxEncoder) -> None:
    words = "open read write close " * 40
    check_same(encoder, [words, words], [words + "encrypt", words + "x" * 1_000_000])
    assert encoder.embed_query("open " * 125) @ encoder.embed_query("open " * 125 + "encrypt") < 1 - 1e-4


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("copy a folder and all that is in it", "def copytree("),
        ("how full is the disk", "def disk_usage("),
        ("where is this program on the path", "def which("),
        ("send the request again after waiting longer and longer", "func (c *Client) Do"),
        ("turn a string around", "public static String reverse("),
    ],
)
def test_question_is_nearest_to_the_function_that_answers_it(encoder: OnnxEncoder, question: str, answer: str) -> None:
    functions = PYTHON + OTHERS
    nearest = functions[int((encoder.embed_passages(functions) @ encoder.embed_query(question)).argmax())]
    assert answer in nearest


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_of_batches_is_given_back_and_taken_again(encoder: OnnxEncoder) -> None:
    def held() -> int:
        give_memory_back()
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) << 10

    texts = [f"{text} {number} " * 40 for number in range(20) for text in TEXTS]
    rows = encoder.embed_passages(texts)
    full = held()
    encoder.give_memory_back()
    assert held() < full - (4 << 20)
    np.testing.assert_array_equal(encoder.embed_passages(texts), rows)


def test_threads_share_an_encoder(encoder: OnnxEncoder) -> None:
    expected = [encoder.embed_query(text) for text in QUESTIONS]
    with ThreadPoolExecutor(4) as threads:
        passages = threads.submit(encoder.embed_passages, TEXTS)
        found = list(threads.map(encoder.embed_query, QUESTIONS * 5))
    assert np.abs(np.stack(found) - np.stack(expected * 5)).max() < 1e-5
    assert len(passages.result()) == len(TEXTS)


def test_identity_changes_with_the_weights(minilm: Installed, encoder: OnnxEncoder) -> None:
    weights = replace(minilm.preset.weights, sha256="0" * 64)
    other = load(replace(minilm, preset=replace(minilm.preset, weights=weights)))
    assert load(minilm).identity == encoder.identity != other.identity


def test_load_refuses_a_damaged_graph(minilm: Installed, tmp_path: Path) -> None:
    shutil.copytree(minilm.folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / MODEL).write_bytes(b"no graph at all")
    with pytest.raises(ModelError, match="install it again"):
        load(replace(minilm, folder=tmp_path))


def test_loading_needs_neither_onnx_nor_torch() -> None:
    code = "import sys, funcseek.index.onnx_encoder; print(sorted({'onnx', 'safetensors', 'torch'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_encoder_leaves_no_telemetry(minilm: Installed, tmp_path: Path) -> None:
    """ONNX Runtime keeps what it is about to report in a database below the user's cache folder."""
    script = (
        "import sys; from pathlib import Path; from funcseek.index.installation import installed;"
        "from funcseek.index.onnx_encoder import load; load(installed(Path(sys.argv[1]))).embed_query('x')"
    )
    environment = {"HOME": str(tmp_path), "PATH": os.defpath}
    subprocess.run([sys.executable, "-c", script, minilm.folder.parent], env=environment, check=True)
    assert list(tmp_path.rglob("*")) == []
