"""What a folder with a published reranker says of itself. Reads JSON, loads no weights.

A folder that would run code of its own, or whose weights are a pickle, is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import ModelError
from .model_folder import check_safe, is_causal, model_name, read_json, read_json_list

if TYPE_CHECKING:
    from pathlib import Path

# The card's example reads 8,192 tokens. A document has 1,200 characters, which are as many tokens at most but for rare
# scripts, and a query may be as long: a longer limit would only let a hostile text take the machine's memory.
MAX_TOKENS = 2_048

_KIND = "name a folder of Qwen3-Reranker's kind"


@dataclass(frozen=True, slots=True)
class RerankerFolder:
    """One reranker on the disk: a language model that is asked for yes or no; it reads ``max_tokens`` of a pair."""

    path: Path
    name: str
    max_tokens: int


def read_reranker(path: Path) -> RerankerFolder:
    """Return what a folder says; raises ModelError where it is no such model or cannot be used safely."""
    config = read_json(path / "config.json")
    if config is None:
        raise ModelError(f"{path} holds no config.json; name the folder of a model in the format of transformers.")
    check_safe(path, config)
    made = config.get("architectures")
    if not isinstance(made, list) or not any(str(one).endswith("ForCausalLM") for one in made):
        raise ModelError(f"{path} is no language model that can be asked for yes or no; {_KIND}.")
    if not is_causal(str(config.get("model_type", ""))):
        raise ModelError(f"{path} is of an architecture that is not supported for reranking; {_KIND}.")
    modules = read_json_list(path / "modules.json") or []
    if any(str(module.get("type", "")).rpartition(".")[2] == "Pooling" for module in modules):
        raise ModelError(f"{path} is a model that turns texts into vectors, no reranker; {_KIND}.")
    most = config.get("max_position_embeddings")
    return RerankerFolder(path, model_name(path), min(most, MAX_TOKENS) if isinstance(most, int) else MAX_TOKENS)
