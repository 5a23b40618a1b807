"""A language model of Qwen3's architecture, tiny and random, in a folder as Qwen3-Reranker is published."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import torch
import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

if TYPE_CHECKING:
    from pathlib import Path

MAX_TOKENS = 900
_MERGES = [("y", "e"), ("ye", "s"), ("n", "o")]
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
# Whole words to Qwen3's tokenizer that are not special to it.
_MARKS = ("<think>", "</think>")


def make_reranker(folder: Path, *, words: bool = True) -> Path:
    """Write a model; without ``words`` one that has no token for yes and no."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(_MERGES if words else [])
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": SPECIAL[0]}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    config = transformers.Qwen3Config(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=32, intermediate_size=64, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, head_dim=16, max_position_embeddings=MAX_TOKENS,
        tie_word_embeddings=True, pad_token_id=0, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    with torch.random.fork_rng():
        torch.manual_seed(11)
        network = transformers.Qwen3ForCausalLM(config)
    # Random layers of the usual size hardly change what goes in, and random words are all as likely.
    for name, values in network.named_parameters():
        if values.dim() == 2:
            values.data *= 20 if "embed" in name else 6
    network.save_pretrained(folder)
    return folder


def _tokenizer(merges: list[tuple[str, str]]) -> Tokenizer:
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    joined = ["".join(pair) for pair in merges]
    vocabulary = {token: number for number, token in enumerate([*SPECIAL, *letters, *joined])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.add_tokens([AddedToken(mark, normalized=False) for mark in _MARKS])
    return tokenizer
