"""Saved states of the graph on disk: published whole, verified before they are loaded, never trusted.

A generation is one immutable file and one row of the catalogue that tells its size, keyed hash and marked labels. The
key lies in the user's own cache folder, so that a file somebody planted is refused like a damaged one: hnswlib reads
memory outside its buffers when it loads bytes it did not write.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from .catalogue import keep_setting, setting
from .errors import IndexDamaged, StorageFailure
from .vectors import Graph

if TYPE_CHECKING:
    from pathlib import Path

    from .store import Database

KEY_BYTES = 32
_SUFFIX = ".hnsw"
_SETTING = "generation"


@dataclass(frozen=True, slots=True)
class Generation:
    """One saved graph: its file, how to know it again, and what the file itself does not say."""

    number: int
    file: str
    size: int
    keyed_hash: str
    model: str
    dead: list[int]


def secret_key(path: Path) -> bytes:
    """Return this user's key, made on first use, mode 0600."""
    if not path.exists():
        _make_key(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise StorageFailure(f"{path} is damaged; delete it and the graphs are built anew.")
    return key


def _make_key(path: Path) -> None:
    """Write a key beside its place and link it there, so that two first users agree and none reads half of one."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(unfinished)
    unfinished.unlink()


def current_generation(catalogue: Database) -> Generation | None:
    """Return the newest published generation."""
    stored = setting(catalogue, _SETTING)
    return Generation(**json.loads(stored)) if stored else None


def publish(graph: Graph, folder: Path, catalogue: Database, *, key: bytes, model: str) -> Generation:
    """Save the graph as a new generation and remove every other file of the folder; raises StorageFailure."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = current_generation(catalogue)
    number = before.number + 1 if before else 1
    target = folder / f"{number}{_SUFFIX}"
    unfinished = target.with_suffix(".unfinished")
    try:
        size = graph.save(unfinished)
        keyed_hash = _keyed_hash(unfinished, key)
        unfinished.replace(target)
        _sync_folder(folder)
    except OSError as error:
        raise StorageFailure(f"The graph could not be saved in {folder}: {error.strerror}.") from error
    generation = Generation(number, target.name, size, keyed_hash, model, sorted(graph.dead))
    keep_setting(catalogue, _SETTING, json.dumps(asdict(generation)))
    sweep(folder, keep=target.name)
    return generation


def load(folder: Path, catalogue: Database, *, key: bytes, model: str, dimension: int) -> Graph | None:
    """Return the graph of the newest generation, or None where there is none that can be trusted."""
    generation = current_generation(catalogue)
    if generation is None or generation.model != model:
        return None
    path = folder / generation.file
    try:
        if path.stat().st_size != generation.size or _keyed_hash(path, key) != generation.keyed_hash:
            return None
        return Graph.loaded(path, dimension, dead=set(generation.dead))
    except (OSError, IndexDamaged):
        return None


def sweep(folder: Path, *, keep: str) -> None:
    """Remove what a crash or an older generation left behind."""
    for path in folder.iterdir():
        if path.name != keep:
            path.unlink(missing_ok=True)


def _keyed_hash(path: Path, key: bytes) -> str:
    digest = blake2b(key=key, digest_size=KEY_BYTES)
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
