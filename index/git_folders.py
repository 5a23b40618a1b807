"""Where a repository keeps its index and private files, for an ordinary one, a worktree and a submodule.

Never runs git and never reads a repository's configuration. A ``.git`` file may name any folder: of that folder only
``HEAD`` (one byte), ``commondir``, ``index``, ``sharedindex.*``, ``info/exclude`` and ``info/attributes`` are read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .content import head

if TYPE_CHECKING:
    from collections.abc import Container

GIT = ".git"
# "gitdir: PATH" in place of a .git folder; longer paths cannot be opened anyway.
_MAX_LINK_BYTES = 4_200
_LINK = b"gitdir: "
# What git asks of a folder before it takes it for a repository.
BARE_MARKS = frozenset({"HEAD", "objects", "refs"})
# What git keeps in a bare repository under a name that could hold source: the hooks are programs, the references are
# files named like branches. Worktrees are often put beside them.
BARE_PARTS = frozenset(
    {"annex", "branches", "hooks", "info", "lfs", "logs", "modules", "objects", "refs", "rr-cache", "worktrees", "HEAD"}
)


class GitFolder(NamedTuple):
    """The folder of one worktree (index), and the one that all worktrees share (info); absolute paths."""

    own: str
    common: str


def git_folder(folder: str) -> GitFolder | None:
    """Return where the repository whose tree starts at ``folder`` keeps its files, None where there is none.

    In a worktree or a submodule ``.git`` is a file that names the real folder.
    """
    own = os.path.join(folder, GIT)
    if (link := head(own, _MAX_LINK_BYTES)) is not None:
        if not link.startswith(_LINK):
            return None
        own = _followed(folder, link.removeprefix(_LINK))
    if not os.path.lexists(f"{own}/HEAD"):
        return None
    shared = head(f"{own}/commondir", _MAX_LINK_BYTES)
    return GitFolder(own, _followed(own, shared) if shared else own)


def _followed(folder: str, name: bytes) -> str:
    """Join a path read from a file of git's; one on another machine is refused, because a look would log in there."""
    path = os.fsdecode(name.split(b"\0")[0].rstrip(b"\r\n"))
    return folder if path.startswith(("//", "\\\\")) else os.fspath(Path(folder, path))


def is_bare(folder: str, names: Container[str]) -> bool:
    """Tell whether a folder, in which at most the given names are, is a repository without a tree of its own."""
    if any(mark not in names for mark in BARE_MARKS):
        return False
    return os.path.isfile(f"{folder}/HEAD") and all(map(os.path.isdir, (f"{folder}/objects", f"{folder}/refs")))
