"""Whether a root is really there: a folder that went away must not look like one whose files were all deleted.

A disk that is not mounted leaves an empty folder behind, and a listing that fails halfway leaves half of the files.
"""

from __future__ import annotations

import contextlib
import os
import stat
from typing import TYPE_CHECKING

from .catalogue import keep_setting, setting
from .errors import RootError, RootGone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .store import Database

# The setting that holds the identity of the folder as it was looked through last.
_FOLDER = "folder"


def identity(root: Path) -> str:
    """Return what tells this folder from another at the same path; raises RootGone where there is none to read."""
    try:
        status = os.stat(root)
    except OSError as error:
        raise RootGone(_sentence(root, f"is not there ({error.strerror})")) from error
    if not stat.S_ISDIR(status.st_mode) or not os.access(root, os.R_OK | os.X_OK):
        raise RootGone(_sentence(root, "is no folder that can be read"))
    return f"{status.st_dev}:{status.st_ino}"


def known_identity(catalogue: Database) -> str | None:
    """Return the identity of the root that was looked through last, None before the first time."""
    return setting(catalogue, _FOLDER)


def check_present(root: Path, known: str | None) -> str:
    """Return the root's identity; raises RootGone where it is missing, or another folder than ``known`` and empty."""
    found = identity(root)
    if known not in (None, found) and _is_empty(root):
        raise RootGone(_sentence(root, "is an empty folder in place of the one that was indexed"))
    return found


@contextlib.contextmanager
def steady(root: Path, catalogue: Database) -> Iterator[None]:
    """Look at a root that is there before and after: what is seen while it goes away is no deletion.

    Raises RootGone where it was not there, or was replaced meanwhile.
    """
    known = known_identity(catalogue)
    before = check_present(root, known)
    try:
        yield
    except RootError:
        check_present(root, before)
        raise
    if check_present(root, before) != before:
        raise RootGone(f"{root} was replaced while it was looked through; it is read again.")
    if before != known:
        keep_setting(catalogue, _FOLDER, before)


def _is_empty(root: Path) -> bool:
    try:
        with os.scandir(root) as entries:
            return next(entries, None) is None
    except OSError as error:
        raise RootGone(_sentence(root, f"cannot be listed ({error.strerror})")) from error


def _sentence(root: Path, what: str) -> str:
    return f"{root} {what}; its index is kept and goes on by itself once the folder is back."
