"""A model in the shape of Qwen3-Embedding, tiny and with random weights, in a folder as it is published.

Its tokenizer is of Qwen3's kind, trained on a few functions, so that another program has to split texts as it does.
Rows of every matrix are a multiple of 256 numbers, which is what the blocks of Q4_K need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
import transformers
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from tests.index.model_texts import TEXTS
from tests.index.tiny_models import publish

if TYPE_CHECKING:
    from pathlib import Path

VOCABULARY = 600
MAX_TOKENS = 1024
SHAPE: dict[str, Any] = {
    "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 4, "num_attention_heads": 4,
    "num_key_value_heads": 2, "head_dim": 64, "max_position_embeddings": 2048, "rope_theta": 1_000_000.0,
    "rms_norm_eps": 1e-6, "tie_word_embeddings": True,
}  # fmt: skip
CLOSING = "<|endoftext|>"
# What Qwen3's tokenizer splits at before it merges letters; llama.cpp knows it as "qwen2".
_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def make(folder: Path, *, seed: int = 7) -> Path:
    """Write the model and return its folder; another seed is another model."""
    folder.mkdir()
    tokenizer = _tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    closing = tokenizer.token_to_id(CLOSING)
    config = transformers.AutoConfig.for_model(
        "qwen3", vocab_size=tokenizer.get_vocab_size(), pad_token_id=closing, eos_token_id=closing, **SHAPE
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = transformers.AutoModel.from_config(config, dtype=torch.float32)
    for name, values in network.named_parameters():
        # As in `tiny_models`: layers that hardly change what goes in would hide mistakes.
        if values.dim() == 2 and "embed" not in name:
            values.data *= 4
    network.save_pretrained(folder)
    publish(folder, "lasttoken", {}, width=SHAPE["hidden_size"], max_tokens=MAX_TOKENS)
    return folder


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.add_special_tokens([AddedToken(CLOSING, special=True)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {CLOSING}", special_tokens=[(CLOSING, tokenizer.token_to_id(CLOSING))]
    )
    return tokenizer
