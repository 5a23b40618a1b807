"""``funcseek clear``: deletes indexes. Never touches a user's source, and nothing but what funcseek itself wrote."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.code_index import Home
from ..index.errors import StorageFailure
from .client import ask_to_leave, running
from .places import places
from .roots import locate

if TYPE_CHECKING:
    import argparse

    from .places import Places


def run(chosen: argparse.Namespace) -> int:
    """Run the command; clearing what is not there is no failure."""
    here = places()
    if chosen.all:
        ask_to_leave(here)
        _delete(here.cache / "indexes")
        for path in here.cache.glob(f"{Home(here.cache).vector_cache.name}*"):
            path.unlink()
        print("Every index and all cached vectors are deleted.")
        return 0
    root, _ = locate(str(Path(chosen.path).absolute()))
    _close(here, root)
    _delete(Home(here.cache).index_of(root))
    print(f"The index of {root} is deleted.")
    return 0


def _close(here: Places, root: Path) -> None:
    if client := running(here):
        with client:
            client.call("close", path=str(root))


def _delete(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageFailure(f"Cannot delete {error.filename}: {error.strerror}; delete the folder by hand.") from error
