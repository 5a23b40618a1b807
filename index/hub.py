"""Whole models from the Hugging Face hub, in the hub's own cache: its mirror, offline and token variables count.

Takes safetensors and what describes them, never a pickle or a program. Keeps no copy of its own. What arrives is held
against the hashes that the hub names its files by, and where the published ones are known against those.
"""

from __future__ import annotations

import re
from hashlib import file_digest, sha1
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ModelError

if TYPE_CHECKING:
    from .models import HubModel

_WANTED = ["*.json", "*.safetensors", "*.txt", "*.model"]
_UNWANTED = ["onnx/*", "openvino/*", "*/onnx/*", "original/*"]
# What the cache calls a large file, by its SHA-256, and a small one, by the name that git gives it.
_LARGE, _SMALL = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{40}")


def fetched(repository: str, revision: str | None = None) -> Path:
    """Return the folder of a model, fetched where the cache does not hold it; raises ModelError.

    Without a revision it is the newest.
    """
    try:
        folder = _snapshot(repository, revision, is_local=False)
    except Exception as error:
        # Its errors have no common base, and their texts run over many lines.
        raise ModelError(
            f"{repository} could not be fetched from the hub ({type(error).__name__}); check the name and the network, "
            "or name a folder that holds the model."
        ) from error
    check_arrived(folder)
    return folder


def obtained(model: HubModel) -> Path:
    """Return the folder of a known model with its published bytes, as ``fetched`` does."""
    folder = fetched(model.repository, model.revision)
    check_published(model, folder, has_arrived=True)
    return folder


def cached(model: HubModel) -> Path | None:
    """Return the folder of a known model that the cache holds, None where it does not; asks nobody, checks nothing."""
    try:
        return _snapshot(model.repository, model.revision, is_local=True)
    except Exception:
        return None  # whatever is wrong, it is not there


def _snapshot(repository: str, revision: str | None, *, is_local: bool) -> Path:
    from huggingface_hub import snapshot_download

    found = snapshot_download(
        repository, revision=revision, allow_patterns=_WANTED, ignore_patterns=_UNWANTED, local_files_only=is_local
    )
    return Path(found)


def discard(model: HubModel) -> bool:
    """Delete all of a known model from the cache, and say whether anything was there; raises ModelError."""
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        held = scan_cache_dir()
        revisions = [
            revision.commit_hash
            for repository in held.repos
            if (repository.repo_type, repository.repo_id) == ("model", model.repository)
            for revision in repository.revisions
        ]
        held.delete_revisions(*revisions).execute()
    except CacheNotFound:
        return False
    except Exception as error:
        raise ModelError(f"{model.name} cannot be deleted from the hub's cache ({type(error).__name__}).") from error
    return bool(revisions)


def check_arrived(folder: Path) -> None:
    """Raise ModelError where a file of the cache is not what its name there says; hashes all of them.

    Without links, as on Windows, the cache does not tell, and nothing is compared.
    """
    for path in sorted(folder.rglob("*")):
        name = path.resolve().name
        if not path.is_file() or (_LARGE.fullmatch(name) or _SMALL.fullmatch(name)) is None:
            continue
        if (_sha256(path) if _LARGE.fullmatch(name) else _git_name(path)) != name:
            raise ModelError(f"{path.resolve()} did not arrive whole; delete it and fetch the model again.")


def check_published(model: HubModel, folder: Path, *, has_arrived: bool = False) -> None:
    """Raise ModelError where a file whose published bytes are known is missing or another; hashes them.

    ``has_arrived``: `check_arrived` has just held each large file against its name, which is its hash.
    """
    for file in model.files:
        path = folder / file.name
        if not path.is_file():
            raise ModelError(f"{path} is missing; download {model.name} again.")
        name = path.resolve().name
        digest = name if has_arrived and _LARGE.fullmatch(name) else _sha256(path)
        if path.stat().st_size != file.size or digest != file.sha256:
            raise ModelError(
                f"{path} is not the published file (its SHA-256 must begin {file.sha256[:12]}); download it again."
            )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _git_name(path: Path) -> str:
    content = path.read_bytes()
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
