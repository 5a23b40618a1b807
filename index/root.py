"""Which folder is a root: one that can be read, and the repository around a folder. Reads no user's file."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import RootError
from .git_folders import GIT
from .ignore import excluding_rule
from .ignore_files import GIT_SOURCES


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
        if not os.path.lexists(top / GIT):
            continue
        below = folder.relative_to(top).as_posix()
        return folder if excluding_rule(top, below, is_folder=True, sources=GIT_SOURCES) else top
    return folder
