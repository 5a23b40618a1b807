"""What this process may use of the machine, and what it gives back."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys


def usable_cores() -> int:
    """Return the cores this process may use, which in a container are fewer than the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def give_memory_back() -> None:
    """Return freed memory to the system; on glibc only, elsewhere the allocator does as it likes.

    Once blocks of up to 32 MB were freed glibc keeps blocks of that size for later: half of a small index's memory
    after its graph was read or built.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
