"""Which files below a root are searched, why or why not, and, through ``content``, their bytes. Writes nothing.

A file counts if it is a regular file in a supported language, no rule leaves it out (see ``ignore``), and neither it
nor a folder between it and the root is a symbolic link. Whether its bytes are of use shows when it is read.
A path is text relative to the root with ``/``; bytes that are no UTF-8 stand in it as lone surrogates (`os.fsdecode`).
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..parsers import language_for
from .content import Content, Skipped, head, read
from .errors import RootError
from .ignore import GIT_SOURCES, excluding_rule, ignores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..parsers import Language
    from .ignore import Ignores, Rule

    # Called with a folder's path relative to the root, "" for the root itself.
    Entering = Callable[[str], None]

__all__ = [
    "Content",
    "FoundFile",
    "Skipped",
    "check_root",
    "enclosing_root",
    "entered",
    "examine",
    "look",
    "read",
    "scan",
]

# Real trees stay below 40; deeper ones are made to break whoever walks them.
MAX_DEPTH = 200
# A script without a suffix is executable or at least short; nothing else without a suffix is opened to see its "#!".
MAX_SCRIPT_BYTES = 16_384
_SHEBANG_BYTES = 256
# What `examine` says of a folder that a scan enters.
IS_ENTERED = "is a folder that is searched"
_EXECUTABLE = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
_GIT = ".git"


def _unwatched(_folder: str) -> None:
    """Watch nothing."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that counts, and what tells without reading it that it may have changed. ``language`` is a name."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    language: str


def scan(root: Path, below: str = "", *, entering: Entering = _unwatched) -> Iterator[FoundFile]:
    """Yield every file that counts, each folder's in the order of names; with ``below`` only what that path holds.

    ``entering`` is called with each folder before it is listed, and with each ``.git`` folder, which is not: who
    watches a folder from there on misses nothing that the scan does not see.
    Raises RootError where the root itself cannot be listed; a folder that cannot is left out, as is what vanishes while
    the scan goes on. A nested git repository is a folder like any other.
    """
    if below and (found := examine(root, below)) != IS_ENTERED:
        if isinstance(found, FoundFile):
            yield found
        return
    for path, entry, rules in entered(root, below, entering=entering):
        if entry.is_dir(follow_symlinks=False):
            if entry.name == _GIT:
                entering(path)
        elif file := _found(entry, path, rules):
            yield file


def entered(
    root: Path, below: str = "", *, entering: Entering = _unwatched
) -> Iterator[tuple[str, os.DirEntry[str], Ignores]]:
    """Yield everything in the folders that a scan enters: path, entry, and the rules that hold there; see `scan`."""
    pending = [(below, _rules_above(root, below))]
    while pending:
        folder, above = pending.pop()
        entering(folder)
        # Only now, so that no more rules are held than one chain of folders has.
        rules = above.below(folder) if folder else above
        for entry in _entries(root, folder):
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False) and _enters(path, entry.name, rules):
                pending.append((path, rules))
            yield path, entry, rules


def _rules_above(root: Path, folder: str) -> Ignores:
    rules = ignores(root)
    for position, letter in enumerate(folder):
        if letter == "/":
            rules = rules.below(folder[:position])
    return rules


def _entries(root: Path, folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(f"{root}/{folder}") as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        if not folder:
            raise RootError(
                f"{root} cannot be listed ({error.strerror}); check that it is there and readable."
            ) from error
        return []


def _enters(path: str, name: str, rules: Ignores) -> bool:
    return name != _GIT and path.count("/") < MAX_DEPTH and not rules.excludes(path, is_folder=True)


def _found(entry: os.DirEntry[str], path: str, rules: Ignores) -> FoundFile | None:
    # In the order of cost: most files of most trees are in no language.
    language = language_for(entry.name)
    if language is None and "." in entry.name:
        return None
    if not entry.is_file(follow_symlinks=False) or rules.excludes(path, is_folder=False):
        return None
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    language = language or _scripted(entry.path, status)
    return _described(path, status, language) if language else None


def _scripted(place: str, status: os.stat_result) -> Language | None:
    """Return the language that the first line of a file without a suffix names."""
    if status.st_size > MAX_SCRIPT_BYTES and not status.st_mode & _EXECUTABLE:
        return None
    return language_for("", head(place, _SHEBANG_BYTES) or b"")


def _described(path: str, status: os.stat_result, language: Language) -> FoundFile:
    return FoundFile(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, language.name)


def look(root: Path, path: str) -> FoundFile | None:
    """Return one file as `scan` would yield it now, None where it would not."""
    found = examine(root, path)
    return found if isinstance(found, FoundFile) else None


def examine(root: Path, path: str) -> FoundFile | str:
    """Return one file as `scan` would yield it now, else why not, as the end of a sentence that begins with its path.

    A folder that is entered is told as such.
    """
    parts = path.split("/")
    if "\0" in path or any(part in ("", ".", "..") for part in parts):
        return "is no path below the root"
    if _GIT in parts:
        return "is not searched: it belongs to git"
    status = _status(root, parts)
    if isinstance(status, str):
        return status
    if rule := excluding_rule(root, path, is_folder=stat.S_ISDIR(status.st_mode)):
        return f"is not searched: {_cited(rule)}"
    if len(parts) > MAX_DEPTH + 1:
        return f"is not searched: it lies more than {MAX_DEPTH} folders deep"
    if stat.S_ISDIR(status.st_mode):
        return IS_ENTERED
    if not stat.S_ISREG(status.st_mode):
        return "is not searched: it is not a regular file"
    language = language_for(parts[-1])
    if language is None and "." not in parts[-1]:
        language = _scripted(f"{root}/{path}", status)
    return _described(path, status, language) if language else "is not searched: it is in no supported language"


def _status(root: Path, parts: list[str]) -> os.stat_result | str:
    """Return the status of the last part after a look at every one."""
    reached = os.fspath(root)
    try:
        for part in parts:
            reached = f"{reached}/{part}"
            status = os.lstat(reached)
            if stat.S_ISLNK(status.st_mode):
                return f"is not searched: {part} is a symbolic link"
    except OSError as error:
        return f"cannot be searched ({error.strerror})"
    return status


def _cited(rule: Rule) -> str:
    return f'line {rule.line} of {rule.source} leaves it out ("{rule.text}")'


def check_root(path: Path) -> Path:
    """Return the real, absolute path of a folder that can be read; raises RootError."""
    try:
        root = Path(path).resolve(strict=True)
    except PermissionError as error:
        raise RootError(f"{path} cannot be reached; make its parent folders readable for you.") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise RootError(f"{path} does not exist; give an existing folder.") from error
    if root.is_file():
        raise RootError(f"{path} is a file; give the folder that holds it.")
    if not root.is_dir():
        raise RootError(f"{path} is not a folder; give a folder.")
    if not os.access(root, os.R_OK | os.X_OK):
        raise RootError(f"{path} cannot be read; make it readable for you.")
    return root


def enclosing_root(folder: Path) -> Path:
    """Return the git repository a folder belongs to, the folder itself where there is none or it ignores the folder."""
    for top in (folder, *folder.parents):
        if not os.path.lexists(top / _GIT):
            continue
        below = folder.relative_to(top).as_posix()
        return folder if excluding_rule(top, below, is_folder=True, sources=GIT_SOURCES) else top
    return folder
