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

# A look at each of this many paths costs as much as a scan of a large tree, and a burst this large, a checkout or a
# package manager at work, goes on while it is handled.
MAX_PATHS = 500

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


EVERYTHING = Burst(is_everything=True)


def fold(root: str, touched: Iterable[str]) -> Burst:
    """Fold absolute paths, those of folders with a slash at their end, into one burst; paths outside are dropped."""
    base = _slashed(root).rstrip("/") + "/"
    paths: set[str] = set()
    folders: set[str] = set()
    for path in map(_slashed, touched):
        if path in (base, base[:-1]):
            return EVERYTHING
        if not path.startswith(base):
            continue
        inside = path[len(base) :]
        match _weight(inside.rstrip("/")):
            case "everything":
                return EVERYTHING
            case "something":
                (folders if inside.endswith("/") else paths).add(inside.rstrip("/"))
    return _net(paths, folders)


def _slashed(path: str) -> str:
    return path if os.sep == "/" else path.replace(os.sep, "/")


def _weight(path: str) -> str:
    parts = path.split("/")
    if _GIT in parts:
        below = "/".join(parts[parts.index(_GIT) + 1 :])
        return "everything" if below in _GIT_MATTERS else "nothing"
    return "everything" if parts[-1] in _IGNORE_FILES else "something"


def _net(paths: set[str], folders: set[str]) -> Burst:
    if len(paths) + len(folders) > MAX_PATHS:
        return EVERYTHING
    return Burst(
        tuple(sorted(path for path in paths - folders if not _is_below(path, folders))),
        tuple(sorted(folder for folder in folders if not _is_below(folder, folders))),
    )


def _is_below(path: str, folders: set[str]) -> bool:
    above = path.rpartition("/")[0]
    while above and above not in folders:
        above = above.rpartition("/")[0]
    return bool(above)
