"""The lock that makes one service for each user: held for life, and taken before anything heavy is loaded.

Fifty editors that start at once start fifty services; forty-nine of them leave before they have cost anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from ..index.cache_folder import claim, make_private
from ..index.errors import StorageFailure

if TYPE_CHECKING:
    from .places import Places


def alone(places: Places) -> FileLock | None:
    """Return the service's lock, taken; None where another service holds it. Within one process it may be taken twice.

    Raises StorageFailure where its folders cannot be used.
    """
    claim(places.cache)
    make_private(places.runtime)
    lock = FileLock(places.lock, mode=0o600, is_singleton=True)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return None
    except OSError as error:
        raise StorageFailure(
            f"Cannot use {places.lock}: {error.strerror}; make its folder writable for you."
        ) from error
    return lock
