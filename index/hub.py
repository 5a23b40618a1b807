"""Whole models from the Hugging Face hub, in the hub's own cache: its mirror, offline and token variables count.

Takes safetensors and what describes them, never a pickle or a program. Keeps no copy of its own.
"""

from __future__ import annotations

from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ModelError

if TYPE_CHECKING:
    from .models import HubModel

_WANTED = ["*.json", "*.safetensors", "*.txt", "*.model"]
_UNWANTED = ["onnx/*", "openvino/*", "*/onnx/*", "original/*"]


def fetched(repository: str) -> Path:
    """Return the folder of a model, fetched where the cache does not hold it; raises ModelError."""
    try:
        return _snapshot(repository, is_local=False)
    except Exception as error:
        # Its errors have no common base, and their texts run over many lines.
        raise ModelError(
            f"{repository} could not be fetched from the hub ({type(error).__name__}); check the name and the network, "
            "or name a folder that holds the model."
        ) from error


def cached(repository: str) -> Path | None:
    """Return the folder of a model that the cache holds, None where it does not; asks nobody."""
    try:
        return _snapshot(repository, is_local=True)
    except Exception:
        return None  # whatever is wrong, it is not there


def _snapshot(repository: str, *, is_local: bool) -> Path:
    from huggingface_hub import snapshot_download

    found = snapshot_download(repository, allow_patterns=_WANTED, ignore_patterns=_UNWANTED, local_files_only=is_local)
    return Path(found)


def check_published(model: HubModel, folder: Path) -> None:
    """Raise ModelError where a file whose published bytes are known is missing or another; hashes all of them."""
    for file in model.files:
        path = folder / file.name
        if not path.is_file():
            raise ModelError(f"{path} is missing; download {model.name} again.")
        if path.stat().st_size == file.size:
            with path.open("rb") as stream:
                if file_digest(stream, "sha256").hexdigest() == file.sha256:
                    continue
        raise ModelError(
            f"{path} is not the published file (its SHA-256 must begin {file.sha256[:12]}); download it again."
        )
