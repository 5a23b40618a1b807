"""When embedding should hold back: on battery, on a machine that others keep busy, while a question is answered.

Reading files and answering never hold back; only embedding takes minutes of every core.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.machine import usable_cores

if TYPE_CHECKING:
    from collections.abc import Iterator

# Embedding alone fills every core once; from twice the cores on, others wait for as many again.
BUSY_LOAD_PER_CORE = 2.0
# How long to rest after a batch, in batches: a third of the time is ours then.
REST_BATCHES = 2.0
# The answer changes slowly, and asking costs some reads of small files.
ASK_SECONDS = 5.0
_SUPPLIES = Path("/sys/class/power_supply")


def is_on_battery(supplies: Path = _SUPPLIES) -> bool:
    """Say whether a battery discharges and no supply is plugged in; False where the system does not tell."""
    discharging = False
    for supply in sorted(supplies.glob("*")):
        kind = _line(supply / "type")
        if kind in ("Mains", "USB") and _line(supply / "online") == "1":
            return False
        # A mouse's battery has the scope "Device".
        if kind == "Battery" and _line(supply / "scope") != "Device":
            discharging = discharging or _line(supply / "status") == "Discharging"
    return discharging


def _line(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text(encoding="ascii", errors="replace").strip()
    return ""


def is_busy(load: float, cores: int) -> bool:
    """Say whether a one-minute load means that others want the machine too."""
    return load > BUSY_LOAD_PER_CORE * cores


class Throttle:
    """Why embedding holds back now. Used by one thread."""

    def __init__(self) -> None:
        """Ask at the first use."""
        self._asked = float("-inf")
        self._reason: str | None = None

    def reason(self) -> str | None:
        """Return why embedding should rest between batches, None where it need not."""
        if time.monotonic() - self._asked > ASK_SECONDS:
            self._asked = time.monotonic()
            self._reason = _reason()
        return self._reason


def _reason() -> str | None:
    if is_on_battery():
        return "on battery"
    with contextlib.suppress(OSError):
        if is_busy(os.getloadavg()[0], usable_cores()):
            return "the machine is busy"
    return None


class Questions:
    """The questions being answered now, over all roots."""

    def __init__(self) -> None:
        """Begin with none."""
        self._condition = threading.Condition()
        self._count = 0

    @contextlib.contextmanager
    def asked(self) -> Iterator[None]:
        """Count one for as long as the block lasts."""
        with self._condition:
            self._count += 1
        try:
            yield
        finally:
            with self._condition:
                self._count -= 1
                self._condition.notify_all()

    def let_pass(self, *, timeout_seconds: float) -> None:
        """Wait until none is being answered, or for as long as that may hold up embedding."""
        with self._condition:
            self._condition.wait_for(lambda: not self._count, timeout_seconds)
