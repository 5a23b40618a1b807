"""How the index bench measures: time, memory, and answers against exact search."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Row = dict[str, str]
ROUNDS = 3


def answers(
    nearest: Callable[[NDArray[np.float32]], NDArray[np.int64]], rows: NDArray[np.float32], asked: NDArray[np.float32]
) -> Row:
    """Time one query after another, and compare each answer with exact search."""
    nearest(asked[0])
    cpu, wall, recalls = [], [], []
    for query in asked:
        began, began_cpu = time.perf_counter(), time.thread_time()
        found = nearest(query)
        cpu.append(time.thread_time() - began_cpu)
        wall.append(time.perf_counter() - began)
        scores = rows @ query
        # By score, not by name: which of two equal vectors is returned does not matter.
        least = -np.partition(-scores, 9)[9]
        recalls.append(float((scores[found[:10]] >= least - 1e-6).sum()) / 10)
    return {
        "query ms cpu p50": f"{1e3 * statistics.median(cpu):.2f}",
        "p99": f"{1e3 * float(np.quantile(cpu, 0.99)):.2f}",
        "wall p50": f"{1e3 * statistics.median(wall):.2f}",
        "recall": f"{np.mean(recalls):.4f}",
        "worst": f"{min(recalls):.1f}",
    }


def seconds(work: Callable[[], object]) -> float:
    """Return the median wall time of a few runs."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def anonymous_bytes() -> int:
    """Return this process's memory that no file backs."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("RssAnon"))
