"""What this process may use of the machine, and what it gives back."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import sys

# What a process can run out of anywhere, and what a person does about it.
_EXHAUSTED = {
    errno.EMFILE: "too many files are open; raise the limit with `ulimit -n 4096`",
    errno.ENFILE: "too many files are open on this machine; close other programs",
    errno.ENOMEM: "there is no memory left; close other programs",
    errno.EAGAIN: "there are too many processes; close other programs",
    errno.ENOSPC: "the disk is full; free some space",
    errno.EIO: "the disk fails; check it",
}


def exhaustion(error: OSError) -> str | None:
    """Say in a sentence what the machine has run out of, None for any other error."""
    told = _EXHAUSTED.get(error.errno or 0)
    return f"The system refuses: {told}." if told else None


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
