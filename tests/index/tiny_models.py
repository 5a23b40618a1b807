"""Models of real architectures, tiny and with random weights, in folders as they are published. Made, never fetched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = 32
TOKENS = 128
_SHAPE: dict[str, Any] = {
    "hidden_size": WIDTH, "intermediate_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4,
    "max_position_embeddings": TOKENS + 8,
}  # fmt: skip
_GROUPED = {**_SHAPE, "num_key_value_heads": 2, "head_dim": 16}
_GPT = {"n_embd": WIDTH, "n_layer": 3, "n_head": 4, "n_positions": TOKENS + 8, "n_inner": 64}
_PADDING = "<pad>"
_CLOSING = "<|endoftext|>"
_BEFORE, _BEHIND = "<s>", "</s>"
# architecture: its shape, and how the tokens of a text are wrapped.
ARCHITECTURES: dict[str, tuple[dict[str, Any], str]] = {
    "qwen3": (_GROUPED, f"$A {_CLOSING}"),
    "bert": (_SHAPE, f"{_BEFORE} $A {_BEHIND}"),
    "roberta": (_SHAPE, f"{_BEFORE} $A {_BEHIND}"),
    "xlm-roberta": (_SHAPE, f"{_BEFORE} $A {_BEHIND}"),
    "gpt_bigcode": (_GPT, "$A"),
}
_SPECIAL = (_PADDING, _CLOSING, _BEFORE, _BEHIND, "<unk>")


def make(folder: Path, architecture: str, *, pooling: str | None = None, prompts: dict[str, str] | None = None) -> Path:
    """Write a model of an architecture; with a pooling also the files of sentence-transformers."""
    shape, wrapping = ARCHITECTURES[architecture]
    tokenizer = _tokenizer(wrapping)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    _write(folder / "tokenizer_config.json", tokenizer_class="PreTrainedTokenizerFast", pad_token=_PADDING)
    config = transformers.AutoConfig.for_model(
        architecture, vocab_size=tokenizer.get_vocab_size(), pad_token_id=0, bos_token_id=1, eos_token_id=1, **shape
    )
    with torch.random.fork_rng():
        torch.manual_seed(7)
        network = transformers.AutoModel.from_config(config, dtype=torch.float32)
    # Random layers of the usual size hardly change what goes in; larger ones tell right from wrong.
    for name, values in network.named_parameters():
        if values.dim() == 2 and "embed" not in name:
            values.data *= 8
    network.save_pretrained(folder)
    if pooling:
        publish(folder, pooling, prompts or {})
    return folder


def _tokenizer(wrapping: str) -> Tokenizer:
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate([*_SPECIAL, *letters])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(_SPECIAL))
    if wrapping != "$A":
        specials = [(token, vocabulary[token]) for token in _SPECIAL if token in wrapping]
        tokenizer.post_processor = processors.TemplateProcessing(single=wrapping, special_tokens=specials)
    return tokenizer


def publish(
    folder: Path, pooling: str, prompts: dict[str, str], *, width: int = WIDTH, max_tokens: int = TOKENS
) -> None:
    """Write the files of sentence-transformers that say how a model in a folder is used."""
    kinds = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (path, kind) in enumerate(kinds)
    ]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling").mkdir()
    (folder / "2_Normalize").mkdir()
    old = {
        "pooling_mode_cls_token": pooling == "cls",
        "pooling_mode_mean_tokens": pooling == "mean",
        "pooling_mode_lasttoken": pooling == "lasttoken",
    }
    _write(folder / "1_Pooling" / "config.json", word_embedding_dimension=width, **old)
    _write(folder / "sentence_bert_config.json", max_seq_length=max_tokens)
    _write(folder / "config_sentence_transformers.json", prompts=prompts, default_prompt_name=None)


def _write(path: Path, **fields: object) -> None:
    path.write_text(json.dumps(fields))
