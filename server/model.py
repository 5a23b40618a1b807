"""The one model of the service: loaded once, in the background, for every root. Decides nothing about ranking."""

from __future__ import annotations

import logging
import math
import threading
import time
from typing import TYPE_CHECKING

from ..index.errors import FuncseekError, ModelAway

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..index.embedder import Embedder
    from .consents import Consents
    from .models import Loaded

_logger = logging.getLogger(__name__)


# How often an endpoint that is away is looked for.
RETRY_SECONDS = 30.0


class Model:
    """An embedder that may still be loading, or missing with a reason the user is told."""

    def __init__(self, load: Callable[[], Loaded], consents: Consents) -> None:
        """Remember how to load it; nothing is loaded yet."""
        self._load = load
        self._consents = consents
        self._host = ""
        self._retry_at = math.inf
        # Rises whenever there may be another embedder, or none any more.
        self.revision = 0
        self._lock = threading.Lock()
        self._embedder: Embedder | None = None
        self._tried = False
        # Whether it is loaded, or known why it cannot be.
        self.is_settled = False
        self.problem: str | None = None
        self.reason: str | None = None

    def begin(self) -> None:
        """Load it in a thread of its own, if that was not tried yet: files are read meanwhile."""
        if not self._tried:
            threading.Thread(target=self.get, name="load model", daemon=True).start()

    def get(self) -> Embedder | None:
        """Return the embedder, loading it on the first call; None where there is none, with ``problem`` saying why."""
        with self._lock:
            if not self._tried or self.is_due:
                self._tried, self._retry_at = True, math.inf
                self._try()
                self.revision += 1
                self.is_settled = True
            return self._embedder

    def _try(self) -> None:
        try:
            loaded = self._load()
            self._embedder, self.reason, self.problem = loaded.embedder, loaded.reason, None
            self._host = loaded.host
        except FuncseekError as error:
            self._embedder, self.reason, self.problem = None, None, str(error)
            if isinstance(error, ModelAway):
                self._retry_at = time.monotonic() + RETRY_SECONDS
            _logger.warning("%s", error)

    @property
    def is_due(self) -> bool:
        """Whether it is time to look for an endpoint again that was away."""
        return time.monotonic() >= self._retry_at

    def get_for(self, root: Path) -> Embedder | None:
        """Return the embedder as ``get`` does; None also where the code of a root may not go where the model is."""
        embedder = self.get()
        return None if self.withheld(root) else embedder

    def withheld(self, root: Path) -> str | None:
        """Return why a root's code stays away from the model that there is, None where it does not."""
        return self._consents.withheld(root, self._host)

    def forget(self) -> None:
        """Load anew on the next call: a model was installed or removed."""
        with self._lock:
            self._tried = self.is_settled = False
            self._host = ""
            self._embedder = self.reason = self.problem = None
            self.revision += 1

    @property
    def name(self) -> str | None:
        """Name of the loaded model."""
        return self._embedder.name if self._embedder else None
