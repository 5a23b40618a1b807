"""What a folder of a model says, and which folders are refused, each with what to do."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.index.errors import ModelError
from funcseek.index.model_folder import MAX_TOKENS, NO_WISHES, ModelFolder, Wishes, read_folder
from funcseek.index.models import QWEN3 as QWEN3_PRESET
from funcseek.index.models import QWEN3_PROMPT
from tests.index import qwen3_files

if TYPE_CHECKING:
    from pathlib import Path

QWEN3 = {"model_type": "qwen3", "hidden_size": 1024, "max_position_embeddings": 32768}
PROMPTS = {"prompts": {"query": "Instruct: web\nQuery:", "document": ""}, "default_prompt_name": None}


def lay_out(folder: Path, files: dict[str, Any]) -> Path:
    for name, content in {"model.safetensors": "", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is not None:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


def modules(*kinds: str) -> list[dict[str, str]]:
    return [{"type": f"sentence_transformers.models.{kind}", "path": kind} for kind in kinds]


def check(folder: Path, wishes: Wishes = NO_WISHES, *, fallback: Wishes = NO_WISHES, **expected: object) -> ModelFolder:
    found = read_folder(folder, wishes, fallback=fallback)
    assert {name: getattr(found, name) for name in expected} == expected
    return found


def check_refused(folder: Path, match: str, wishes: Wishes = NO_WISHES) -> None:
    with pytest.raises(ModelError, match=match):
        read_folder(folder, wishes)


def test_published_files_of_qwen3_embedding_are_understood(tmp_path: Path) -> None:
    folder = qwen3_files.write(tmp_path / "Qwen3-Embedding-0.6B")
    known = {file.name: file.sha256 for file in QWEN3_PRESET.files}
    for name, content in qwen3_files.CONTENTS.items():
        assert sha256(content.encode()).hexdigest() == known[name]
    (folder / "model.safetensors").touch()
    check(
        folder, name="Qwen3-Embedding-0.6B", architecture="qwen3", is_causal=True, pooling="last", width=1024,
        dimension=1024, max_tokens=MAX_TOKENS, query_prompt=qwen3_files.WEB_PROMPT, passage_prompt="",
    )  # fmt: skip
    check(folder, fallback=QWEN3_PRESET.usage, pooling="last", query_prompt=QWEN3_PROMPT)


def test_model_in_the_hubs_cache_has_its_own_name(tmp_path: Path) -> None:
    folder = tmp_path / "models--Qwen--Qwen3-Embedding-0.6B" / "snapshots" / "97b0c614"
    check(lay_out(folder, {"config.json": QWEN3}), Wishes(pooling="last"), name="Qwen3-Embedding-0.6B")


@pytest.mark.parametrize(
    ("config", "pooling"),
    [
        ({"pooling_mode": "cls"}, "cls"),
        ({"pooling_mode": "lasttoken"}, "last"),
        ({"pooling_mode": ["mean"]}, "mean"),
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, "cls"),
        ({"word_embedding_dimension": 8}, "mean"),
    ],
)
def test_pooling_is_that_of_its_own_file_in_either_format(tmp_path: Path, config: object, pooling: str) -> None:
    files = {"config.json": QWEN3, "modules.json": modules("Transformer", "Pooling"), "Pooling/config.json": config}
    check(lay_out(tmp_path, files), pooling=pooling)


def test_user_counts_more_than_the_preset_and_the_preset_more_than_the_folder(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, {"config.json": QWEN3, "config_sentence_transformers.json": PROMPTS})
    preset = Wishes(pooling="last", query_prompt="Instruct: code\nQuery:", max_tokens=300)
    check(folder, fallback=preset, pooling="last", query_prompt="Instruct: code\nQuery:", max_tokens=300)
    wishes = Wishes(pooling="mean", query_prompt="", max_tokens=100, dimension=64, passage_prompt="passage: ")
    check(
        folder, wishes, fallback=preset,
        pooling="mean", query_prompt="", max_tokens=100, dimension=64, passage_prompt="passage: ",
    )  # fmt: skip


def test_limit_is_the_smallest_of_what_the_folder_says(tmp_path: Path) -> None:
    roberta = {"model_type": "roberta", "hidden_size": 768, "max_position_embeddings": 258}
    fallback = Wishes(pooling="mean")
    check(lay_out(tmp_path / "a", {"config.json": roberta}), fallback=fallback, max_tokens=256)
    files = {"config.json": roberta, "sentence_bert_config.json": {"max_seq_length": 128}}
    check(lay_out(tmp_path / "b", files), fallback=fallback, max_tokens=128)
    check_refused(tmp_path / "b", "reads 128 tokens at most", Wishes(pooling="mean", max_tokens=500))


@pytest.mark.parametrize(
    ("files", "match"),
    [
        ({"model.safetensors": None}, "holds no config.json"),
        ({"config.json": "{"}, r"config.json cannot be read"),
        ({"config.json": "[]"}, "is damaged"),
        ({"config.json": {**QWEN3, "auto_map": {"AutoModel": "x.Y"}}}, "run code of its own"),
        ({"config.json": QWEN3, "model.safetensors": None}, "holds no model.safetensors"),
        ({"config.json": QWEN3, "model.safetensors": None, "pytorch_model.bin": "x"}, "is a pickle"),
        ({"config.json": QWEN3}, "--pooling"),
        (
            {"config.json": {"model_type": "x"}, "modules.json": modules("Pooling"), "Pooling/config.json": {}},
            "how long",
        ),
        ({"config.json": QWEN3, "modules.json": modules("Transformer", "Pooling", "Dense")}, "missing"),
        ({"config.json": QWEN3, "modules.json": modules("Transformer", "Dense")}, "a layer of kind Dense"),
        ({"config.json": QWEN3, "modules.json": {"0": "Transformer"}}, "is damaged"),
        (
            {"config.json": QWEN3, "modules.json": modules("Pooling"), "Pooling/config.json": {"pooling_mode": "max"}},
            "the pooling max, which is not supported",
        ),
    ],
)
def test_folder_that_is_no_model_or_not_safe_is_refused(tmp_path: Path, files: dict[str, Any], match: str) -> None:
    check_refused(lay_out(tmp_path, files), match)


@pytest.mark.parametrize("dimension", [0, -1, 1025])
def test_dimension_that_does_not_exist_is_refused(tmp_path: Path, dimension: int) -> None:
    folder = lay_out(tmp_path, {"config.json": QWEN3})
    check_refused(folder, "vectors of 1024 numbers", Wishes(pooling="last", dimension=dimension))
