"""Grammars out of the package of the extra ``more``, which brings many in one archive. Imports it where one is needed.

The package unpacks a grammar once, checks it against its list of digests, and from then on loads what lies in its
folder as machine code without another look. So that folder is one that nobody else can write to.
"""

from __future__ import annotations

import importlib
import os
import stat
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .trees import Unreadable

if TYPE_CHECKING:
    from tree_sitter import Language as Grammar

PACKAGE = "semble_grammars"
_FOLDER_VARIABLE = "SEMBLE_GRAMMARS_CACHE_DIR"
_HOME_VARIABLE = "FUNCSEEK_HOME"


def bundled(name: str) -> Grammar:
    """Return a grammar of the package; raises ImportError without the package, Unreadable where it is of no use."""
    package = importlib.import_module(PACKAGE)
    os.environ[_FOLDER_VARIABLE] = str(_private_folder())
    try:
        return cast("Grammar", package.get_language(name))
    except (package.GrammarLoadError, package.LanguageNotFoundError, package.UnsupportedPlatformError) as error:
        raise Unreadable(f"needs the grammar of {name}, which cannot be loaded ({error})") from None


def _private_folder() -> Path:
    """Return the folder for unpacked grammars, made if need be; raises Unreadable where others could write to it."""
    # Imported where it is needed, as most trees hold no file in these languages.
    import platformdirs

    home = os.environ.get(_HOME_VARIABLE) or platformdirs.user_cache_dir("funcseek", appauthor=False)
    folder = Path(home).absolute() / "grammars" / version(PACKAGE.replace("_", "-"))
    try:
        for part in (folder.parents[1], folder.parent, folder):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.name == "posix" and not _is_private(part.lstat()):
                raise Unreadable(f"needs a grammar, and {part} is open to other users")
    except OSError as error:
        raise Unreadable(f"needs a grammar, and {folder} cannot be used ({error.strerror})") from None
    return folder


def _is_private(found: os.stat_result) -> bool:
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
