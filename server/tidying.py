"""When the caches are tidied: once a day, while no root is being worked on. Deletes nothing itself."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from ..index.errors import IndexFailure
from ..index.housekeeping import DAY_SECONDS, drop_unused_vectors, today

if TYPE_CHECKING:
    from ..index.code_index import Home

_logger = logging.getLogger(__name__)


class Tidying:
    """The daily round of one user's caches; a file keeps the time of the last one, also for the next service."""

    def __init__(self, home: Home) -> None:
        """Look at nothing yet."""
        self._home = home
        self._mark = home.folder / "tidied"

    def is_due(self) -> bool:
        """Whether there is something to tidy and the last time is a day ago, or to come: the clock was set back."""
        if not self._home.vector_cache.exists():
            return False
        try:
            age = time.time() - self._mark.stat().st_mtime
        except OSError:
            return True
        return not 0 <= age < DAY_SECONDS

    def run(self) -> None:
        """Tidy; what cannot be tidied is tried again the next day."""
        try:
            self._mark.touch(mode=0o600)
            count = drop_unused_vectors(self._home, day=today())
            _logger.info("%d vectors that were not used for long are deleted", count)
        except (IndexFailure, OSError) as error:
            _logger.warning("The vectors were not tidied: %s", error)
