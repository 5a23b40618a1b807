"""What a folder with a published encoder says of itself: how its tokens become a vector. Reads JSON, loads no weights.

Understands the files of sentence-transformers (``modules.json`` and what it names) and, where there are none, what the
caller or a preset says. A folder that would run code of its own, or whose weights are a pickle, is refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from .errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

Pooling = Literal["cls", "mean", "last"]

# Passages are 900 characters; a longer limit would only let a hostile text take the machine's memory.
MAX_TOKENS = 512
# Architectures in which a token sees only what stands before it: whoever pads right needs no mask for them.
_CAUSAL = frozenset({"qwen2", "qwen3", "llama", "mistral", "gemma", "gpt2", "gpt_bigcode", "starcoder2", "phi3"})
_POOLINGS: dict[str, Pooling] = {"cls": "cls", "mean": "mean", "lasttoken": "last"}
# sentence-transformers wrote one of these until its version 5.
_OLD_POOLINGS = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_lasttoken": "lasttoken",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
}
_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
_PICKLES = ("pytorch_model.bin", "pytorch_model.bin.index.json", "model.pt", "pytorch_model.pt")
# Which files of the folder decide a vector, weights apart.
_TOKENIZER_FILES = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "sentencepiece.bpe.model",
    "spiece.model",
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user says of a model, which counts more than what its folder says; None leaves it to the folder.

    ``dimension`` cuts vectors that were trained to be cut (Matryoshka) and must be below the model's own.
    """

    pooling: Pooling | None = None
    dimension: int | None = None
    max_tokens: int | None = None
    query_prompt: str | None = None
    passage_prompt: str | None = None


NO_WISHES = Wishes()


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """One encoder on the disk, and how it is to be used. Vectors are brought to unit length in any case.

    ``width`` is the length of the model's own vectors, ``dimension`` that of the ones asked for.
    """

    path: Path
    name: str
    architecture: str
    pooling: Pooling
    width: int
    dimension: int
    max_tokens: int
    query_prompt: str = ""
    passage_prompt: str = ""

    @property
    def is_causal(self) -> bool:
        """Whether a token sees only those before it."""
        return is_causal(self.architecture)


def is_causal(architecture: str) -> bool:
    """Say whether in models of an architecture a token sees only those before it."""
    return architecture in _CAUSAL


def read_folder(path: Path, wishes: Wishes = NO_WISHES, *, fallback: Wishes = NO_WISHES) -> ModelFolder:
    """Return what a folder says, under the user's wishes; ``fallback`` says what the folder does not.

    Raises ModelError where it is no model, where a wish does not fit it, or where it cannot be used safely.
    """
    config = read_json(path / "config.json")
    if config is None:
        raise ModelError(f"{path} holds no config.json; name the folder of a model in the format of transformers.")
    check_safe(path, config)
    pooling = wishes.pooling or _pooling(path) or fallback.pooling
    if pooling is None:
        known = ", ".join(get_args(Pooling))
        raise ModelError(f"{path} does not say how its tokens become a vector; say so with --pooling ({known}).")
    prompts = _prompts(path)
    width = _width(path, config)
    return ModelFolder(
        path=path,
        name=model_name(path),
        architecture=str(config.get("model_type", "")),
        pooling=pooling,
        width=width,
        dimension=_dimension(path, width, wishes.dimension),
        max_tokens=_max_tokens(path, config, wishes.max_tokens or fallback.max_tokens),
        query_prompt=_first(wishes.query_prompt, fallback.query_prompt, prompts.get("query")),
        passage_prompt=_first(wishes.passage_prompt, prompts.get("document"), fallback.passage_prompt),
    )


def model_name(path: Path) -> str:
    """Return what people call a model; the hub's cache names its folders by commits, below one named by the model."""
    cached = path.parent.parent.name if path.parent.name == "snapshots" else ""
    return cached.rpartition("--")[2] or path.name


def check_safe(path: Path, config: Mapping[str, Any]) -> None:
    """Raise ModelError for a folder that would run code of its own, or that has no safetensors."""
    if config.get("auto_map"):
        raise ModelError(f"{path} asks to run code of its own, which is never done; use a model without `auto_map`.")
    if any((path / name).is_file() for name in _WEIGHTS):
        return
    if pickle := next((name for name in _PICKLES if (path / name).is_file()), None):
        raise ModelError(f"{path / pickle} is a pickle, which may run code; convert it to model.safetensors.")
    raise ModelError(f"{path} holds no model.safetensors; download the model again.")


def _pooling(path: Path) -> Pooling | None:
    modules = read_json_list(path / "modules.json")
    if modules is None:
        return None
    pooling: Pooling | None = None
    for module in modules:
        kind = str(module.get("type", "")).rpartition(".")[2]
        if kind == "Pooling":
            pooling = _pooling_of(path / str(module.get("path", "")) / "config.json")
        elif kind not in {"Transformer", "Normalize"}:
            raise ModelError(f"{path} ends in a layer of kind {kind}, which is not supported; use another model.")
    return pooling


def _pooling_of(path: Path) -> Pooling:
    config = read_json(path)
    if config is None:
        raise ModelError(f"{path} is missing; download the model again.")
    modes = config.get("pooling_mode") or [mode for key, mode in _OLD_POOLINGS.items() if config.get(key)] or "mean"
    modes = [modes] if isinstance(modes, str) else list(modes)
    if len(modes) != 1 or modes[0] not in _POOLINGS:
        raise ModelError(f"{path} asks for the pooling {'+'.join(map(str, modes))}, which is not supported.")
    return _POOLINGS[modes[0]]


def _prompts(path: Path) -> dict[str, str]:
    config = read_json(path / "config_sentence_transformers.json") or {}
    found = config.get("prompts")
    prompts = {key: value for key, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}
    default = prompts.get(str(config.get("default_prompt_name")), "")
    return {
        "query": prompts.get("query") or default,
        "document": prompts.get("document") or prompts.get("passage") or default,
    }


def _width(path: Path, config: Mapping[str, Any]) -> int:
    width = config.get("hidden_size", config.get("n_embd", config.get("d_model")))
    if not isinstance(width, int) or width <= 0:
        raise ModelError(f"{path / 'config.json'} does not say how long its vectors are; use another model.")
    return width


def _dimension(path: Path, width: int, wished: int | None) -> int:
    if wished is None:
        return width
    if not 0 < wished <= width:
        raise ModelError(f"{path} has vectors of {width} numbers, so that there are none of {wished}; ask for fewer.")
    return wished


def _max_tokens(path: Path, config: Mapping[str, Any], wished: int | None) -> int:
    own = (read_json(path / "sentence_bert_config.json") or {}).get("max_seq_length")
    most = config.get("max_position_embeddings", config.get("n_positions"))
    limits = [limit for limit in (own, most) if isinstance(limit, int) and limit > 0]
    # RoBERTa's positions begin behind the number of the padding token.
    if config.get("model_type") in {"roberta", "xlm-roberta", "camembert"} and isinstance(most, int):
        limits.append(most - 2)
    if wished is not None and limits and wished > min(limits):
        raise ModelError(f"{path} reads {min(limits)} tokens at most; ask for no more.")
    return wished or min([*limits, MAX_TOKENS])


def _first(*values: str | None) -> str:
    return next((value for value in values if value is not None), "")


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the object in a file, None where there is no file; raises ModelError for anything else."""
    found = _loaded(path)
    if found is not None and not isinstance(found, dict):
        raise ModelError(f"{path} is damaged; download the model again.")
    return found


def read_json_list(path: Path) -> list[dict[str, Any]] | None:
    """Return the list of objects in a file, None where there is no file; raises ModelError for anything else."""
    found = _loaded(path)
    if found is not None and not (isinstance(found, list) and all(isinstance(one, dict) for one in found)):
        raise ModelError(f"{path} is damaged; download the model again.")
    return found


def _loaded(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read ({error}); download the model again.") from error


def digest_of(folder: ModelFolder) -> str:
    """Return a digest of every byte and setting that decides a vector, in hex. Reads all weights: 1 s for 1.2 GB."""
    digest = sha256()
    for path in sorted(folder.path.glob("*.safetensors")) + [folder.path / name for name in _TOKENIZER_FILES]:
        if path.is_file():
            with path.open("rb") as file:
                digest.update(path.name.encode() + file_digest(file, "sha256").digest())
    digest.update((folder.path / "config.json").read_bytes())
    settings = replace(folder, path=Path(), name="")
    digest.update(repr(settings).encode())
    return digest.hexdigest()
