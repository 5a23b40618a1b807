"""Models with random weights in the shape of published ones: their speed does not depend on the values.

The tokenizer is trained on the texts that are to be embedded, so that they come to about as many tokens as they would
with the published one: 3.4 characters for each.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import torch
import transformers
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, processors, trainers

from funcseek.index.transformer import best_device
from tests.index.tiny_models import publish

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

VOCABULARY = 30_000
# Qwen3-Embedding-0.6B: 595,776,512 parameters, of which 440,401,920 in matrices that each token is multiplied with.
QWEN3: dict[str, Any] = {
    "vocab_size": 151_669, "hidden_size": 1024, "intermediate_size": 3072, "num_hidden_layers": 28,
    "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128, "max_position_embeddings": 32_768,
    "rope_theta": 1_000_000.0, "rms_norm_eps": 1e-6,
}  # fmt: skip
_CLOSING = "<|endoftext|>"
_TURNS = ("<|im_start|>", "<|im_end|>")


def qwen3(folder: Path, texts: Sequence[str], *, layers: int) -> Path:
    """Write a model in the shape of Qwen3-Embedding-0.6B, with so many of its 28 layers, as it is published."""
    folder.mkdir()
    _tokenizer(texts).save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": _CLOSING})
    )
    config = transformers.AutoConfig.for_model("qwen3", **{**QWEN3, "num_hidden_layers": layers})
    torch.manual_seed(0)
    with torch.device(best_device()):
        transformers.AutoModel.from_config(config, dtype=torch.bfloat16).save_pretrained(folder)
    publish(folder, "lasttoken", {}, width=QWEN3["hidden_size"], max_tokens=512)
    return folder


def qwen3_reranker(folder: Path, texts: Sequence[str], *, layers: int) -> Path:
    """Write a model in the shape of Qwen3-Reranker-0.6B, which is that of the embedding model with its words."""
    folder.mkdir()
    tokenizer = _tokenizer(texts)
    tokenizer.post_processor = None
    tokenizer.add_special_tokens([*_TURNS])
    tokenizer.add_tokens([AddedToken(word, single_word=True) for word in ("yes", "no")])
    tokenizer.save(str(folder / "tokenizer.json"))
    config = transformers.AutoConfig.for_model(
        "qwen3", **{**QWEN3, "num_hidden_layers": layers, "tie_word_embeddings": True}
    )
    torch.manual_seed(0)
    with torch.device(best_device()):
        transformers.AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16).save_pretrained(folder)
    return folder


def _tokenizer(texts: Sequence[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=[_CLOSING], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )  # fmt: skip
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {_CLOSING}", special_tokens=[(_CLOSING, tokenizer.token_to_id(_CLOSING))]
    )
    return tokenizer


def operations_per_token(layers: int, lengths: Sequence[int]) -> float:
    """Return floating-point operations for each real token: the matrices, and causal attention over these lengths."""
    heads, width = QWEN3["num_attention_heads"] * QWEN3["head_dim"], QWEN3["hidden_size"]
    keys = 2 * QWEN3["num_key_value_heads"] * QWEN3["head_dim"]
    matrices = layers * width * (heads + keys + heads + 3 * QWEN3["intermediate_size"])
    attention = 4 * heads * layers * sum(length * length for length in lengths) / sum(lengths) / 2
    return float(2 * matrices + attention)
