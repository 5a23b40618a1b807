"""LASER 2 keeps what an embedder promises, and gives the vectors of its package's own pipeline."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from nano_laser import LaserEncoderPipeline

from funcseek.index.embedder import Encoder
from funcseek.index.errors import ModelError
from funcseek.index.laser import LaserEncoder, is_laser, load, obtained
from tests.index.model_texts import TEXTS
from tests.index.tiny_laser import WIDTH, make

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SAME = 0.99999
UNEVEN = ["def close(self): ...", "", "a", "retry " * 40, "déjà vu \N{GREEK SMALL LETTER LAMDA}", "x" * 4_000]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("laser") / "laser2")


@pytest.fixture(scope="module")
def laser(folder: Path) -> LaserEncoder:
    return load(folder, device="cpu")


def check_same(left: NDArray[np.float32], right: NDArray[np.float32]) -> None:
    assert left.shape == right.shape
    assert left.dtype == np.float32
    assert (left * right).sum(axis=-1).min() >= SAME


def test_vectors_are_those_of_its_own_pipeline(laser: LaserEncoder, folder: Path) -> None:
    theirs = LaserEncoderPipeline(laser="laser2", model_dir=str(folder), cpu=True)
    texts = [text for text in TEXTS if len(laser.query_tokens(text)) < laser.max_tokens]
    assert len(texts) > len(TEXTS) // 2
    check_same(laser.embed_passages(texts), theirs.encode_sentences(texts, normalize_embeddings=True))


def test_rows_do_not_depend_on_their_batch_and_keep_the_order(laser: LaserEncoder) -> None:
    texts = [*UNEVEN, *TEXTS]
    rows = laser.embed_passages(texts)
    assert np.abs(np.linalg.norm(rows, axis=1) - 1).max() < 1e-5
    alone = np.stack([laser.embed_query(text) for text in texts])
    check_same(rows, alone)
    assert (rows @ alone.T).argmax(axis=1).tolist() == list(range(len(texts)))
    assert laser.embed_passages([]).shape == (0, WIDTH)


def test_tokens_of_passages_give_their_vectors(laser: LaserEncoder) -> None:
    assert isinstance(laser, Encoder)
    tokens = laser.passage_tokens([*TEXTS, "word " * 1000])
    check_same(laser.embed_tokens(tokens[:-1]), laser.embed_passages(TEXTS))
    assert len(tokens[-1]) == laser.max_tokens
    assert max(map(max, tokens)) < laser.vocabulary_size


def test_text_is_read_whatever_it_holds_and_up_to_the_limit(laser: LaserEncoder) -> None:
    check_same(laser.embed_passages(["open\ud800 a file"]), laser.embed_passages(["open? a file"]))
    kept = "open read write close " * 400
    check_same(laser.embed_passages([kept + "x" * 1_000_000]), laser.embed_passages([kept]))


def test_what_decides_a_vector_decides_the_identity(laser: LaserEncoder, folder: Path) -> None:
    assert load(folder, device="cpu").identity == laser.identity
    assert load(folder, device="cpu", max_tokens=64).identity != laser.identity


def test_folder_is_known_by_its_files(folder: Path, tmp_path: Path) -> None:
    assert is_laser(folder)
    assert not is_laser(tmp_path)
    assert obtained(folder) == folder


@pytest.mark.parametrize("name", ["laser2.pt", "laser2.spm"])
def test_damaged_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = make(tmp_path)
    (folder / name).write_bytes((folder / name).read_bytes()[:100])
    with pytest.raises(ModelError, match="cannot be loaded"):
        load(folder, device="cpu")


class Hostile:
    """What runs when a pickle is believed."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self.trace), "w")


def test_weights_that_would_run_code_run_none(tmp_path: Path) -> None:
    folder, trace = make(tmp_path / "laser2"), tmp_path / "trace"
    torch.save({"params": Hostile(trace)}, folder / "laser2.pt", pickle_module=pickle)
    with pytest.raises(ModelError, match="cannot be loaded"):
        load(folder, device="cpu")
    assert not trace.exists()


def test_model_that_returns_no_numbers_is_refused(tmp_path: Path) -> None:
    folder = make(tmp_path)
    saved = torch.load(folder / "laser2.pt", weights_only=True)
    saved["model"]["lstm.weight_ih_l0"][:] = torch.nan
    torch.save(saved, folder / "laser2.pt")
    with pytest.raises(ModelError, match="returned no numbers"):
        load(folder, device="cpu").embed_query("open")


def test_download_that_fails_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A port where nobody listens.
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match="LASER 2 could not be downloaded"):
        obtained(tmp_path / "cache")
