"""The small files of Qwen3-Embedding-0.6B byte for byte as they are published; `index/models.py` has their hashes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

WEB_PROMPT = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
CLOSING = 151_643
_CONFIG: dict[str, Any] = {
    "architectures": ["Qwen3ForCausalLM"],
    "attention_bias": False,
    "attention_dropout": 0.0,
    "bos_token_id": CLOSING,
    "eos_token_id": CLOSING,
    "head_dim": 128,
    "hidden_act": "silu",
    "hidden_size": 1024,
    "initializer_range": 0.02,
    "intermediate_size": 3072,
    "max_position_embeddings": 32768,
    "max_window_layers": 28,
    "model_type": "qwen3",
    "num_attention_heads": 16,
    "num_hidden_layers": 28,
    "num_key_value_heads": 8,
    "rms_norm_eps": 1e-06,
    "rope_scaling": None,
    "rope_theta": 1000000,
    "sliding_window": None,
    "tie_word_embeddings": True,
    "torch_dtype": "bfloat16",
    "transformers_version": "4.51.3",
    "use_cache": True,
    "use_sliding_window": False,
    "vocab_size": 151669,
}
_MODULES = [
    {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
    for number, (path, kind) in enumerate([("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")])
]
_POOLING = {
    "word_embedding_dimension": 1024,
    "pooling_mode_cls_token": False,
    "pooling_mode_mean_tokens": False,
    "pooling_mode_max_tokens": False,
    "pooling_mode_mean_sqrt_len_tokens": False,
    "pooling_mode_weightedmean_tokens": False,
    "pooling_mode_lasttoken": True,
    "include_prompt": True,
}
_PROMPTS = {
    "prompts": {"query": WEB_PROMPT, "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}
CONTENTS = {
    "config.json": json.dumps(_CONFIG, indent=2) + "\n",
    "modules.json": json.dumps(_MODULES, indent=2),
    "1_Pooling/config.json": json.dumps(_POOLING, indent=4),
    "config_sentence_transformers.json": json.dumps(_PROMPTS, indent=2),
}


def write(folder: Path) -> Path:
    """Write them and return the folder."""
    for name, content in CONTENTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def embedding_tokenizer(chat: dict[str, Any]) -> bytes:
    """Return the published ``tokenizer.json``, made of the one of Qwen3's chat models, which closes no text."""
    closing = "<|endoftext|>"
    text = [{"Sequence": {"id": "A", "type_id": 0}}]
    close = [{"SpecialToken": {"id": closing, "type_id": 0}}]
    template = {
        "type": "TemplateProcessing",
        "single": text + close,
        "pair": [*text, {"Sequence": {"id": "B", "type_id": 0}}, *close],
        "special_tokens": {closing: {"id": closing, "ids": [CLOSING], "tokens": [closing]}},
    }
    both = {"type": "Sequence", "processors": [chat["post_processor"], template]}
    return json.dumps({**chat, "post_processor": both}, ensure_ascii=False, indent=2).encode()
