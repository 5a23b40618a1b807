"""A program of the servers' environment: ``to_gguf.py FOLDER FILE [--quantised]`` writes a folder of Qwen3's as GGUF.

What llama.cpp's own converter and `llama-quantize` write, which come in no wheel: all numbers in float32, or the mix
called Q4_K_M, quantised by llama.cpp's own code.
"""

from __future__ import annotations

import argparse
import ctypes
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from gguf import LlamaFileType, TokenType
from safetensors.numpy import load_file
from xllamacpp import xllamacpp

if TYPE_CHECKING:
    from numpy.typing import NDArray

_quantise = ctypes.CDLL(xllamacpp.__file__).ggml_quantize_chunk
_quantise.restype = ctypes.c_size_t


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--quantised", action="store_true")
    chosen = parser.parse_args()
    config = json.loads((chosen.folder / "config.json").read_text())
    writer = gguf.GGUFWriter(chosen.target, "qwen3")
    writer.add_file_type(LlamaFileType.MOSTLY_Q4_K_M if chosen.quantised else LlamaFileType.ALL_F32)
    _add_shape(writer, config)
    _add_tokenizer(writer, json.loads((chosen.folder / "tokenizer.json").read_text()), config["vocab_size"])
    layers = config["num_hidden_layers"]
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.QWEN3, layers)
    for name, values in load_file(chosen.folder / "model.safetensors").items():
        target = names.get_name(f"model.{name}", try_suffixes=(".weight",))
        kind = _kind(target, layers) if chosen.quantised and values.ndim == 2 else Kind.F32
        writer.add_tensor(target, _packed(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_shape(writer: gguf.GGUFWriter, config: dict[str, Any]) -> None:
    writer.add_name("tiny-qwen3")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_pooling_type(gguf.PoolingType.LAST)


def _add_tokenizer(writer: gguf.GGUFWriter, tokenizer: dict[str, Any], size: int) -> None:
    tokens = {number: token for token, number in tokenizer["model"]["vocab"].items()}
    added = {token["id"]: token["content"] for token in tokenizer["added_tokens"]}
    tokens |= added
    (closing,) = added
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([tokens[number] for number in range(size)])
    writer.add_token_types([TokenType.CONTROL if number in added else TokenType.NORMAL for number in range(size)])
    merges = tokenizer["model"]["merges"]
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    writer.add_eos_token_id(closing)
    writer.add_pad_token_id(closing)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(True)


def _kind(name: str, layers: int) -> Kind:
    """Return how Q4_K_M keeps a matrix: what matters most in six bits, the rest in four."""
    if name.startswith("token_embd"):
        return Kind.Q6_K
    layer = int(name.split(".")[1])
    is_kept = layer < layers // 8 or layer >= 7 * layers // 8 or (layer - layers // 8) % 3 == 2
    return Kind.Q6_K if is_kept and ("attn_v" in name or "ffn_down" in name) else Kind.Q4_K


def _packed(values: NDArray[np.float32], kind: Kind) -> NDArray[np.generic]:
    if kind is Kind.F32:
        return values.astype(np.float32)
    rows, width = values.shape
    numbers, size = gguf.GGML_QUANT_SIZES[kind]
    exact = np.ascontiguousarray(values, np.float32)
    packed = np.empty((rows, width // numbers * size), np.uint8)
    _quantise(
        ctypes.c_int(kind), ctypes.c_void_p(exact.ctypes.data), ctypes.c_void_p(packed.ctypes.data),
        ctypes.c_int64(0), ctypes.c_int64(rows), ctypes.c_int64(width), None,
    )  # fmt: skip
    return packed


if __name__ == "__main__":
    main()
