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

# Of malloc.h.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
# Python lets one thread run at a time: more than two heaps are hardly used at once, and each has holes of its own.
MOST_HEAPS = 2
# A large graph and a model's weights are larger: they go back whole, and leave no hole for smaller ones to nest in.
# With 512 kB a question to 101,203 functions takes 17.7 ms, with this 16.1, without any 16.5: p50, means of two runs in
# turns.
LARGE_BLOCK_BYTES = 4 << 20


def exhaustion(error: OSError) -> str | None:
    """Say in a sentence what the machine has run out of, None for any other error."""
    told = _EXHAUSTED.get(error.errno or 0)
    return f"The system refuses: {told}." if told else None


def usable_cores() -> int:
    """Return the cores this process may use, which in a container are fewer than the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spare_memory() -> None:
    """Have this process keep little of what it frees, at the price of asking the system more often; on glibc only.

    Left to itself glibc has eight heaps for each core, and keeps blocks of up to 32 MB in them once it has freed one.
    """
    if (library := _glibc()) is not None:
        library.mallopt(_M_ARENA_MAX, MOST_HEAPS)
        library.mallopt(_M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES)


def give_memory_back() -> None:
    """Return freed memory to the system; on glibc only, elsewhere the allocator does as it likes."""
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    with contextlib.suppress(OSError):
        if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "gnu_get_libc_version"):
            return library
    return None
