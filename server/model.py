"""The one model of the service: loaded once, in the background, for every root. Decides nothing about ranking."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from ..index.errors import FuncseekError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..index.embedder import Embedder
    from .models import Loaded

_logger = logging.getLogger(__name__)


class Model:
    """An embedder that may still be loading, or missing with a reason the user is told."""

    def __init__(self, load: Callable[[], Loaded]) -> None:
        """Remember how to load it; nothing is loaded yet."""
        self._load = load
        self._lock = threading.Lock()
        self._embedder: Embedder | None = None
        self._tried = False
        self.problem: str | None = None
        self.reason: str | None = None

    def get(self) -> Embedder | None:
        """Return the embedder, loading it on the first call; None where there is none, with ``problem`` saying why."""
        with self._lock:
            if not self._tried:
                self._tried = True
                try:
                    loaded = self._load()
                    self._embedder, self.reason, self.problem = loaded.embedder, loaded.reason, None
                except FuncseekError as error:
                    self._embedder, self.reason, self.problem = None, None, str(error)
                    _logger.warning("%s", error)
            return self._embedder

    def forget(self) -> None:
        """Load anew on the next call: a model was installed or removed."""
        with self._lock:
            self._tried = False
            self._embedder = self.reason = self.problem = None

    @property
    def name(self) -> str | None:
        """Name of the loaded model."""
        return self._embedder.name if self._embedder else None
