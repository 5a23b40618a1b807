"""The folder all indexes lie in: private to its owner and on a local disk, or refused. Opens no database.

Clients import this too: nothing heavy may come along.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .errors import StorageFailure
from .mounts import MOUNTS, remote_file_system

if TYPE_CHECKING:
    from pathlib import Path

# Moves everything below one folder: for tests, containers and read-only home folders.
HOME_VARIABLE = "FUNCSEEK_HOME"


def claim(folder: Path, *, mounts: Path = MOUNTS) -> None:
    """Make a folder for databases, which only its owner can enter.

    ``mounts`` is a table as in ``proc(5)``. Raises StorageFailure where it is somebody else's, on a network file system
    or cannot be made.
    """
    make_private(folder)
    check_local(folder, mounts=mounts)


def check_local(folder: Path, *, mounts: Path = MOUNTS) -> None:
    """Raise StorageFailure for a folder on a network file system; ``mounts`` is a table as in ``proc(5)``."""
    if kind := remote_file_system(folder.resolve(), mounts=mounts):
        raise StorageFailure(
            f"{folder} is on a network file system ({kind}), where a database can be damaged;"
            f" set {HOME_VARIABLE} to a folder on a local disk."
        )


def make_private(folder: Path) -> None:
    """Make a folder only its owner can enter; raise StorageFailure where it is somebody else's or cannot be made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        if found.st_uid != os.geteuid():
            raise StorageFailure(f"{folder} belongs to another user; set {HOME_VARIABLE} to a folder of yours.")
        if found.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise StorageFailure(
            f"Cannot use {folder}: {error.strerror}; make it writable or set {HOME_VARIABLE} to another folder."
        ) from error
