"""What an embedder promises, kept over every architecture; and each known way to get a decoder's vectors wrong."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
import transformers

from funcseek.index.embedder import Encoder
from funcseek.index.errors import ModelError
from funcseek.index.model_folder import Wishes, read_folder
from funcseek.index.padded import Padded
from funcseek.index.token_batches import batches
from funcseek.index.transformer import TransformerEncoder, load
from tests.index.model_texts import TEXTS
from tests.index.tiny_models import ARCHITECTURES, TOKENS, WIDTH, make

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from funcseek.index.embedder import Embedder

# What float32 sums differ by when their order does: 0.9999999 was the smallest seen.
SAME = 0.99999
PROMPTS = {"query": "Instruct: find the function\nQuery:", "document": ""}
KINDS = [
    ("qwen3", "lasttoken"), ("bert", "mean"), ("bert", "cls"), ("roberta", "mean"), ("xlm-roberta", "cls"),
    ("gpt_bigcode", "mean"), ("gpt_bigcode", "lasttoken"),
]  # fmt: skip
UNEVEN = ["def close(self): ...", "", "a", "retry " * 40, "déjà vu \N{GREEK SMALL LETTER LAMDA}", "x" * 4_000]


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    home = tmp_path_factory.mktemp("tiny")
    return {kind: make(home / "-".join(kind), kind[0], pooling=kind[1], prompts=PROMPTS) for kind in KINDS}


@pytest.fixture(scope="session")
def encoders(folders: dict[tuple[str, str], Path]) -> dict[tuple[str, str], TransformerEncoder]:
    return {kind: load(read_folder(folder), device="cpu") for kind, folder in folders.items()}


@pytest.fixture(scope="session")
def qwen3(encoders: dict[tuple[str, str], TransformerEncoder]) -> TransformerEncoder:
    return encoders["qwen3", "lasttoken"]


def check_same(left: NDArray[np.float32], right: NDArray[np.float32], least: float = SAME) -> None:
    assert left.shape == right.shape
    assert (left * right).sum(axis=-1).min() >= least


@pytest.mark.parametrize("kind", KINDS)
def test_rows_do_not_depend_on_their_batch_and_keep_the_order(
    encoders: dict[tuple[str, str], TransformerEncoder], kind: tuple[str, str]
) -> None:
    embedder: Embedder = encoders[kind]
    texts = [*UNEVEN, *TEXTS]
    rows = embedder.embed_passages(texts)
    assert rows.dtype == np.float32
    assert np.abs(np.linalg.norm(rows, axis=1) - 1).max() < 1e-5
    alone = np.concatenate([embedder.embed_passages([text]) for text in texts])
    check_same(rows, alone)
    assert (rows @ alone.T).argmax(axis=1).tolist() == list(range(len(texts)))


@pytest.mark.parametrize("kind", KINDS)
def test_vectors_are_those_of_sentence_transformers(
    folders: dict[tuple[str, str], Path], encoders: dict[tuple[str, str], TransformerEncoder], kind: tuple[str, str]
) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(folders[kind]), device="cpu")
    # It cannot run a text without any token.
    texts = [text for text in UNEVEN if text]
    check_same(encoders[kind].embed_passages(texts), theirs.encode(texts), 0.9999)
    asked = theirs.encode(["close the pool"], prompt_name="query")[0]
    check_same(encoders[kind].embed_query("close the pool"), asked, 0.9999)


def test_same_text_twice_has_the_same_vector(qwen3: TransformerEncoder) -> None:
    rows = qwen3.embed_passages(["open", *UNEVEN, "open"])
    assert np.abs(rows[0] - rows[-1]).max() < 1e-6


def test_tokens_of_passages_give_their_vectors(qwen3: TransformerEncoder) -> None:
    assert isinstance(qwen3, Encoder)
    tokens = qwen3.passage_tokens([*TEXTS, "word " * 1000])
    check_same(qwen3.embed_tokens(tokens[:-1]), qwen3.embed_passages(TEXTS))
    assert len(tokens[-1]) == qwen3.max_tokens
    assert max(map(max, tokens)) < qwen3.vocabulary_size
    assert qwen3.query_tokens("x") != qwen3.passage_tokens(["x"])[0]


def test_no_texts_give_no_rows(qwen3: TransformerEncoder) -> None:
    assert qwen3.embed_passages([]).shape == (0, WIDTH)


def test_text_is_read_when_it_holds_what_no_file_should(qwen3: TransformerEncoder) -> None:
    check_same(qwen3.embed_passages(["open\ud800 a file"]), qwen3.embed_passages(["open? a file"]))


def test_text_of_a_megabyte_counts_up_to_the_limit(qwen3: TransformerEncoder) -> None:
    kept = ("open read write close " * TOKENS)[: TOKENS - 1]
    check_same(qwen3.embed_passages([kept + "x" * 1_000_000]), qwen3.embed_passages([kept]))
    assert qwen3.embed_passages([kept[:-1]]) @ qwen3.embed_passages([kept]).T < SAME


def test_query_has_its_prompt_and_a_passage_has_none(qwen3: TransformerEncoder) -> None:
    check_same(qwen3.embed_query("close"), qwen3.embed_passages([PROMPTS["query"] + "close"])[0])
    assert qwen3.embed_query("close") @ qwen3.embed_passages(["close"])[0] < SAME


def test_vectors_are_cut_and_brought_to_unit_length(folders: dict[tuple[str, str], Path]) -> None:
    folder = folders["qwen3", "lasttoken"]
    whole = load(read_folder(folder), device="cpu").embed_passages(UNEVEN)
    short = load(read_folder(folder, Wishes(dimension=8)), device="cpu")
    cut = whole[:, :8] / np.linalg.norm(whole[:, :8], axis=1, keepdims=True)
    assert short.dimension == 8
    check_same(short.embed_passages(UNEVEN), cut)


def test_whatever_decides_a_vector_decides_the_identity(folders: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    folder = folders["qwen3", "lasttoken"]
    wishes = [
        Wishes(), Wishes(dimension=8), Wishes(max_tokens=64), Wishes(query_prompt="Q:"), Wishes(passage_prompt="P:"),
        Wishes(pooling="mean"),
    ]  # fmt: skip
    others = [read_folder(folders["bert", "mean"]), read_folder(folders["bert", "cls"])]
    identities = {load(read_folder(folder, wish), device="cpu").identity for wish in wishes}
    identities |= {load(other, device="cpu").identity for other in others}
    assert len(identities) == len(wishes) + len(others)
    moved = make(tmp_path / "elsewhere", "qwen3", pooling="lasttoken", prompts=PROMPTS)
    assert load(read_folder(moved), device="cpu").identity in identities


def network(encoder: TransformerEncoder) -> torch.nn.Module:
    assert isinstance(encoder._form, Padded)  # noqa: SLF001
    found: torch.nn.Module = encoder._form._network  # noqa: SLF001
    return found


def hidden(encoder: TransformerEncoder, tokens: Sequence[Sequence[int]], *, left: bool) -> torch.Tensor:
    """Return last hidden states as a caller of transformers gets them who pads, with a mask."""
    longest = max(map(len, tokens))
    ids = torch.zeros(len(tokens), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, text in enumerate(tokens):
        place = slice(longest - len(text), longest) if left else slice(0, len(text))
        ids[row, place] = torch.tensor(text)
        mask[row, place] = 1
    network = transformers.AutoModel.from_pretrained(encoder.folder.path, dtype=torch.float32).eval()
    with torch.inference_mode():
        found: torch.Tensor = network(input_ids=ids, attention_mask=mask).last_hidden_state
    return found


def test_known_mistakes_of_pooling_would_be_seen(qwen3: TransformerEncoder) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(qwen3.folder.path / "tokenizer.json"))
    texts = [text for text in UNEVEN if len(text) < TOKENS]
    tokens = [tokenizer.encode(text).ids for text in texts]
    closing = tokenizer.token_to_id("<|endoftext|>")
    assert all(ids[-1] == closing and ids.count(closing) == 1 for ids in tokens)
    counts = torch.tensor([len(ids) for ids in tokens])
    places = torch.arange(len(tokens))
    ours = torch.from_numpy(qwen3.embed_passages(texts))

    def least(pooled: torch.Tensor) -> float:
        return float((torch.nn.functional.normalize(pooled, dim=-1) * ours).sum(dim=-1).min())

    padded_right, padded_left = hidden(qwen3, tokens, left=False), hidden(qwen3, tokens, left=True)
    assert least(padded_right[places, counts - 1]) > SAME
    assert least(padded_left[:, -1]) > SAME
    assert least(padded_left[places, counts - 1]) < 0.9, "padded left, pooled as if padded right"
    assert least(padded_right[:, -1]) < 0.9, "the last place, whatever stands there"
    assert least(padded_right[places, counts - 2]) < 0.9, "a mask of what is not padding, which closes the text too"
    unclosed = [ids[:-1] or ids for ids in tokens]
    lengths = torch.tensor([len(ids) for ids in unclosed])
    assert least(hidden(qwen3, unclosed, left=False)[places, lengths - 1]) < 0.9, "no closing token"


def test_memory_that_runs_out_halves_the_budget_and_loses_nothing(folders: dict[tuple[str, str], Path]) -> None:
    """A network with less memory than a batch needs, as a GPU beside another program."""
    encoder = load(read_folder(folders["bert", "mean"]), device="cpu")
    wanted = encoder.embed_passages(UNEVEN)

    def refuse(_module: torch.nn.Module, _arguments: object, named: dict[str, torch.Tensor]) -> None:
        if named["input_ids"].numel() > TOKENS:
            raise torch.OutOfMemoryError("CUDA out of memory")

    encoder.batches.budget = 10_000
    network(encoder).register_forward_pre_hook(refuse, with_kwargs=True)
    check_same(encoder.embed_passages(UNEVEN), wanted)
    assert encoder.batches.budget < 10_000


def test_text_that_does_not_fit_the_memory_alone_is_said(folders: dict[tuple[str, str], Path]) -> None:
    encoder = load(read_folder(folders["bert", "mean"]), device="cpu")

    def refuse(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    network(encoder).register_forward_pre_hook(refuse)
    with pytest.raises(ModelError, match="does not fit the memory of cpu"):
        encoder.embed_passages(["open"])
    with pytest.raises(ModelError, match="does not fit the memory of cpu"):
        encoder.embed_query("open")


def test_model_that_returns_no_numbers_is_refused(tmp_path: Path) -> None:
    folder = make(tmp_path / "broken", "bert", pooling="mean")
    network = transformers.AutoModel.from_pretrained(folder)
    network.embeddings.LayerNorm.weight.data[:] = torch.nan
    network.save_pretrained(folder)
    encoder = load(read_folder(folder), device="cpu")
    with pytest.raises(ModelError, match="returned no numbers"):
        encoder.embed_passages(["open"])
    with pytest.raises(ModelError, match="returned no numbers"):
        encoder.embed_query("open")


def test_model_without_some_of_its_weights_is_refused(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = make(tmp_path / "partial", "bert", pooling="mean")
    weights = load_file(folder / "model.safetensors")
    del weights["encoder.layer.1.output.dense.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="lacks 1 of the model's weights"):
        load(read_folder(folder), device="cpu")


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_damaged_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = make(tmp_path / "damaged", "bert", pooling="mean")
    (folder / name).write_bytes((folder / name).read_bytes()[:100])
    with pytest.raises(ModelError, match="cannot be loaded"):
        load(read_folder(folder), device="cpu")


def test_unknown_device_is_said(folders: dict[tuple[str, str], Path]) -> None:
    with pytest.raises(ModelError, match="cannot be loaded on teapot"):
        load(read_folder(folders["bert", "mean"]), device="teapot")


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.int8])
def test_fewer_bits_stay_near_float32(tmp_path: Path, architecture: str, dtype: torch.dtype) -> None:
    folder = read_folder(make(tmp_path / architecture, architecture, pooling="mean"))
    exact = load(folder, device="cpu")
    rough = load(folder, device="cpu", dtype=dtype)
    texts = [text for text in UNEVEN if text]
    check_same(rough.embed_passages(texts), exact.embed_passages(texts), 0.99)
    assert rough.identity != exact.identity


@pytest.mark.parametrize("kind", KINDS)
def test_rows_in_int8_do_not_depend_on_their_batch(folders: dict[tuple[str, str], Path], kind: tuple[str, str]) -> None:
    encoder = load(read_folder(folders[kind]), device="cpu", dtype=torch.int8)
    rows = encoder.embed_passages(UNEVEN)
    check_same(rows, np.concatenate([encoder.embed_passages([text]) for text in UNEVEN]))


def test_int8_is_for_processors(folders: dict[tuple[str, str], Path]) -> None:
    with pytest.raises(ModelError, match="int8 is for processors; leave --precision out on cuda"):
        load(read_folder(folders["bert", "mean"]), device="cuda", dtype=torch.int8)


def test_batches_fit_the_budget_and_hold_every_text_once() -> None:
    lengths = [5, 900, 1, 1, 30, 7, 7, 300]
    found = list(batches(lengths, 600))
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * max(lengths[place] for place in batch) <= 600 for batch in found)
    assert found[0] == [1]


def test_reading_a_folder_loads_no_torch(folders: dict[tuple[str, str], Path]) -> None:
    code = (
        "import sys; from pathlib import Path; from funcseek.index.model_folder import read_folder, digest_of\n"
        "digest_of(read_folder(Path(sys.argv[1]))); sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, folders["bert", "mean"]], check=True)
