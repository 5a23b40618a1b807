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
# How long others hold still for a model that loads. The embedded one needs half a second, one on torch ten or more.
PATIENCE_SECONDS = 1.0


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
        # Set when it is loaded, or known why it cannot be.
        self._settled = threading.Event()
        self._begun = math.inf
        self.problem: str | None = None
        self.reason: str | None = None

    def begin(self) -> None:
        """Load it in a thread of its own, if that was not tried yet: files are read meanwhile."""
        if not self._tried and self._begun == math.inf:
            self._begun = time.monotonic()
            threading.Thread(target=self.get, name="load model", daemon=True).start()

    def get(self) -> Embedder | None:
        """Return the embedder, loading it on the first call; None where there is none, with ``problem`` saying why."""
        with self._lock:
            if not self._tried or self.is_due:
                self._tried, self._retry_at = True, math.inf
                self._begun = min(self._begun, time.monotonic())
                try:
                    self._try()
                finally:
                    self.revision += 1
                    self._settled.set()
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
        except Exception:
            self.problem = "The model failed on an error of funcseek's own; see the log and report it."
            raise

    @property
    def is_settled(self) -> bool:
        """Whether it is loaded, or known why it cannot be."""
        return self._settled.is_set()

    def settles(self, *, is_awaited: bool = True) -> bool:
        """Say whether it is settled; begins to load it, and waits for one that began a moment ago."""
        self.begin()
        if not is_awaited:
            return self.is_settled
        left = self._begun + PATIENCE_SECONDS - time.monotonic()
        return self._settled.wait(max(0.0, min(left, PATIENCE_SECONDS)))

    @property
    def lacking(self) -> str | None:
        """Why there is no embedder, None where there is one."""
        return self.problem or (None if self.is_settled else "the model is still being loaded.")

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
            self._tried, self._begun = False, math.inf
            self._settled.clear()
            self._host = ""
            self._embedder = self.reason = self.problem = None
            self.revision += 1

    @property
    def name(self) -> str | None:
        """Name of the loaded model."""
        return self._embedder.name if self._embedder else None
