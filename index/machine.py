"""What this process may use of the machine. Measures and changes nothing."""

from __future__ import annotations

import os


def usable_cores() -> int:
    """Return the cores this process may use, which in a container are fewer than the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
