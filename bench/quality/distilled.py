"""A static model in model2vec's format, distilled from the embedded default. For peers whose own model is out of reach.

As model2vec's own distillation has it: each entry of the vocabulary alone through the model, the first 256 principal
components, and weights by the entry's rank as in Zipf's law. One thing differs: unit vectors go in.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import save_file

from .embedders import installed_default

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIMENSION = 256
SIF = 1e-4
_BATCH = 2_048


def static_model(cache: Path) -> Path:
    """Return the folder of the static model, made in half a minute where it is not in the cache yet."""
    made = cache / "peers" / "static-minilm"
    if not made.is_dir():
        made.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=made.parent) as scratch:
            whole = Path(scratch, "whole")
            whole.mkdir()
            _make(cache, whole)
            whole.rename(made)
    return made


def _make(cache: Path, folder: Path) -> None:
    from funcseek.index.onnx_encoder import load

    installed = installed_default(cache)
    encoder = load(installed)
    first, last = encoder.query_tokens("")
    entries = [[first, number, last] for number in range(encoder.vocabulary_size)]
    batches = [encoder.embed_tokens(entries[at : at + _BATCH]) for at in range(0, len(entries), _BATCH)]
    save_file({"embeddings": weighted(np.concatenate(batches), DIMENSION)}, folder / "model.safetensors")
    shutil.copy(installed.folder / "tokenizer.json", folder / "tokenizer.json")
    config = {"model_type": "model2vec", "architectures": ["StaticModel"], "normalize": True, "hidden_dim": DIMENSION}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


def weighted(rows: NDArray[np.float32], dimension: int) -> NDArray[np.float32]:
    """Return the first principal components of rows in the order of their frequency, the frequent ones made small."""
    centred = rows - rows.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    components = centred @ vectors[:, ::-1][:, :dimension]
    share = 1 / np.arange(2, len(rows) + 2)
    weights = SIF / (SIF + share / share.sum())
    return np.ascontiguousarray(components * weights[:, None], dtype=np.float32)
