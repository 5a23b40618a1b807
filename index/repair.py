"""What is done about a damaged index: what can be read is kept, the rest is made again. Never touches a user's source.

For the holder of the root's lock, with its connections closed. The caches are shared: whoever has a replaced one open
goes on with the old file until `Database.is_replaced` tells.
"""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from filelock import FileLock

from .catalogue import open_catalogue
from .errors import IndexDamaged
from .store import remove_database, replace_database
from .vector_cache import copy_readable, open_vector_cache

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .home import Home
    from .store import Database

_logger = logging.getLogger(__name__)


def mend(home: Home, root: Path) -> None:
    """Replace the vector cache where it is damaged by what can be read of it, and else remove the catalogue.

    Damage that was met and that no check finds, as in the full-text rows, is the catalogue's: it is built anew from
    source, and embeds nothing.
    """
    catalogue = home.catalogue_of(root)
    # Two roots may meet the same damage at once.
    with FileLock(home.folder / "mending.lock", mode=0o600, thread_local=False):
        are_vectors_sound = is_sound(lambda: open_vector_cache(home.vector_cache))
        if not are_vectors_sound:
            rescue_vectors(home.vector_cache)
    if are_vectors_sound or not is_sound(lambda: open_catalogue(catalogue, home.vector_cache)):
        _logger.warning("%s is damaged; it is built anew", catalogue)
        remove_database(catalogue)


def is_sound(opened: Callable[[], Database]) -> bool:
    """Say whether a database opens and every page of it has its structure."""
    try:
        with contextlib.closing(opened()) as database:
            return database.is_sound()
    except IndexDamaged:
        return False


def rescue_vectors(path: Path) -> None:
    """Put what can be read of a damaged vector cache in its place; for one at a time. Raises StorageFailure."""
    fresh = path.with_name("rescued.db")
    remove_database(fresh)
    kept = 0
    try:
        with (
            contextlib.closing(open_vector_cache(fresh)) as target,
            contextlib.suppress(IndexDamaged),
            contextlib.closing(open_vector_cache(path)) as source,
        ):
            kept = copy_readable(source, target)
    except BaseException:
        remove_database(fresh)
        raise
    _logger.warning("%s is damaged: %d vectors are kept, the others computed again", path, kept)
    replace_database(path, fresh)
