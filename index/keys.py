"""The secret that tells files we wrote from planted ones: made once, private to the user. Keeps it on disk, no more."""

from __future__ import annotations

import contextlib
import os
import secrets
from hashlib import blake2b
from typing import TYPE_CHECKING

from .errors import StorageFailure

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32


def secret_key(path: Path) -> bytes:
    """Return this user's key, made on first use, mode 0600; raises StorageFailure."""
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise StorageFailure(f"Cannot use {path}: {error.strerror}; make its folder writable for you.") from error
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


def keyed_hash(data: bytes, key: bytes) -> str:
    """Return the hash that only a holder of the key can make."""
    return blake2b(data, key=key, digest_size=KEY_BYTES).hexdigest()
