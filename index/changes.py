"""A burst of file system events folded into what to look at. Pure: it never asks what is there.

An event is only a hint and content decides, so the kind of an event does not matter, only which paths it touched:
a move touches two. A path is looked at once however often it was touched.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# A look at each of this many paths costs as much as a scan of their folders, and a burst this large, a checkout or a
# package manager at work, goes on while it is handled.
MAX_PATHS = 500
# Each folder costs a walk down from the root to find its rules; above this a scan of the whole root is cheaper.
MAX_FOLDERS = 100

_IGNORE_FILES = frozenset({".gitignore", ".funcseekignore", ".gitattributes"})
_GIT = ".git"
# Below .git, what changes which files count or comes with a change of many; "" is .git itself, moved in or away.
_GIT_MATTERS = frozenset({"", "HEAD", "index", "info/exclude", "info/attributes"})


@dataclass(frozen=True, slots=True)
class Burst:
    """Where to look, relative to the root, sorted, no path twice and none below another of ``folders``.

    Everything below one of ``folders`` may have changed, come or gone. With ``is_everything`` the rest is empty.
    """

    paths: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    is_everything: bool = False

    def __bool__(self) -> bool:
        return self.is_everything or bool(self.paths or self.folders)


EVERYTHING = Burst(is_everything=True)


def fold(root: str, touched: Iterable[str]) -> Burst:
    """Fold absolute paths, those of folders with a slash at their end, into one burst; paths outside are dropped."""
    base = _slashed(root).rstrip("/") + "/"
    paths: set[str] = set()
    folders: set[str] = set()
    for path in map(_slashed, touched):
        if path == base[:-1]:
            return EVERYTHING
        if path.startswith(base):
            _sort(path[len(base) :], paths, folders)
        if "" in folders:
            return EVERYTHING
    return _net(paths, folders)


def _slashed(path: str) -> str:
    return path if os.sep == "/" else path.replace(os.sep, "/")


def _sort(inside: str, paths: set[str], folders: set[str]) -> None:
    """Put a touched path where it belongs: nowhere, among the paths, or as a folder among the folders."""
    path = inside.rstrip("/")
    parts = path.split("/")
    if _GIT in parts:
        depth = parts.index(_GIT)
        if "/".join(parts[depth + 1 :]) in _GIT_MATTERS:
            folders.add("/".join(parts[:depth]))
    elif parts[-1] in _IGNORE_FILES:
        folders.add(_above(path))
    else:
        (folders if inside.endswith("/") or not inside else paths).add(path)


def _net(paths: set[str], folders: set[str]) -> Burst:
    if len(paths) > MAX_PATHS:
        folders = folders.union(map(_above, paths))
        paths = set()
    folders = {folder for folder in folders if not _is_below(folder, folders)}
    if "" in folders or len(folders) > MAX_FOLDERS:
        return EVERYTHING
    return Burst(
        tuple(sorted(path for path in paths - folders if not _is_below(path, folders))),
        tuple(sorted(folders)),
    )


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _is_below(path: str, folders: set[str]) -> bool:
    above = _above(path)
    while above and above not in folders:
        above = _above(above)
    return bool(above)
