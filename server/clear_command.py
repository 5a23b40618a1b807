"""``funcseek clear``: deletes indexes. Never touches a user's source, and nothing but what funcseek itself wrote."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.code_index import Home
from ..index.errors import IndexFailure, RootError, StorageFailure
from ..index.housekeeping import drop_unused_vectors, stored_indexes, today
from ..index.store import remove_database
from ..index.vector_cache import open_vector_cache
from .client import ask_to_leave, running
from .display import escaped
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
        for cache in (Home(here.cache).vector_cache, Home(here.cache).extraction_cache):
            remove_database(cache)
        print("Every index and all cached vectors are deleted.")
        return 0
    if chosen.gone:
        _clear_gone(here)
        return 0
    root, _ = locate(str(Path(chosen.path).absolute()))
    _close(here, root)
    _delete(Home(here.cache).index_of(root))
    print(f"The index of {escaped(str(root))} is deleted.")
    return 0


def _clear_gone(here: Places) -> None:
    """Delete the indexes of folders that are not there, an unmounted disk's too, and the vectors that nobody uses."""
    home = Home(here.cache)
    if not home.vector_cache.exists():
        print("Nothing is indexed.")
        return
    for stored in stored_indexes(home):
        if stored.root is not None and stored.is_gone:
            # The service opens only what is there; one that it has open it closes.
            with contextlib.suppress(RootError):
                _close(here, stored.root)
            _delete(stored.folder)
            print(f"The index of {escaped(str(stored.root))} is deleted.")
    count = drop_unused_vectors(home, day=today(), unused_days=0)
    print(f"{count} vectors that no folder uses are deleted.")
    with contextlib.closing(open_vector_cache(home.vector_cache)) as cache, contextlib.suppress(IndexFailure):
        # Others may have it open; what was deleted is then filled again first.
        cache.compact()


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
