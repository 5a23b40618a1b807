"""Memory goes back to the system, on glibc, where it would be kept."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from funcseek.index.machine import MOST_HEAPS

IS_GLIBC = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "gnu_get_libc_version")

# A process of its own: what it sets cannot be taken back.
HOLES = """\
import ctypes, re, sys, threading
from funcseek.index.machine import spare_memory

libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
libc.malloc.argtypes, libc.free.argtypes = [ctypes.c_size_t], [ctypes.c_void_p]

def held():
    return int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1]) << 10

def work():
    for _ in range(2):
        large = []
        for _ in range(16):
            large.append(libc.malloc(8 << 20))
            ctypes.memset(large[-1], 1, 8 << 20)
            libc.malloc(2000)
        for block in large:
            libc.free(block)

if "spare" in sys.argv:
    spare_memory()
before = held()
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(held() - before)
file = libc.fopen(sys.argv[1].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(file))
libc.fclose(ctypes.c_void_p(file))
print(open(sys.argv[1]).read().count("<heap "))
"""


def run(*arguments: str) -> tuple[int, int]:
    """Return the bytes still held after blocks were freed that others lie between, and the number of heaps."""
    told = subprocess.check_output([sys.executable, "-c", HOLES, *arguments], text=True)
    kept, heaps = map(int, told.split())
    return kept, heaps


@pytest.mark.skipif(not IS_GLIBC, reason="there is nothing to set but in glibc")
def test_freed_blocks_leave_no_holes_in_a_process_that_spares_memory(tmp_path: object) -> None:
    kept, _ = run(f"{tmp_path}/plain")
    spared, heaps = run(f"{tmp_path}/spared", "spare")
    assert spared < 16 << 20 < kept
    assert heaps <= MOST_HEAPS
