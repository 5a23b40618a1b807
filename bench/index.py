"""``python -m bench.index``: the vector side of the index beside other libraries, printed as Markdown tables.

Each row is measured in a process of its own over the same vectors and queries. A figure is thread or process time where
it is marked "cpu" (other programs do not count), else wall time. ``--checkout N`` measures a branch switch of N files.
Needs the extra ``bench``. Memory is read from /proc: Linux. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.contenders import CONTENDERS
from bench.ours import measure_ours
from bench.timing import anonymous_bytes, answers, seconds
from bench.vector_sets import base, queries, vectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection

    from numpy.typing import NDArray

    from bench.timing import Row

OURS = "funcseek"


def main() -> None:
    """Measure what the command line names and print it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="1k,10k,100k", help="numbers of functions, such as 1k,10k,100k,500k")
    parser.add_argument("--dimensions", default="384,1024")
    parser.add_argument("--only", default="", help="measure only the contenders whose name begins so")
    parser.add_argument("--checkout", type=int, default=0, metavar="N", help="also switch a branch of N files")
    options = parser.parse_args()
    started_at = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="fs-bench-") as scratch:
        folder = Path(scratch)
        origin = _prepare(folder, options)
        print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; vectors {origin}; "
              f"load {started_at:.1f} at the start.\n")  # fmt: skip
        for dimension in map(int, options.dimensions.split(",")):
            for size in map(_number, options.sizes.split(",")):
                _table(folder, size, dimension, only=options.only)
        if options.checkout:
            from bench.checkout import measure_checkout

            _print([{"": name, "result": value} for name, value in measure_checkout(options.checkout, folder).items()])


def _number(text: str) -> int:
    return int(text.removesuffix("k")) * (1000 if text.endswith("k") else 1)


def _prepare(folder: Path, options: argparse.Namespace) -> str:
    """Write all vectors once; the children map them into memory."""
    found = base()
    largest = max(map(_number, options.sizes.split(",")))
    for dimension in map(int, options.dimensions.split(",")):
        np.save(folder / f"vectors{dimension}.npy", vectors(found, largest, dimension))
        np.save(folder / f"queries{dimension}.npy", queries(found, dimension))
    return found.origin


def _table(folder: Path, size: int, dimension: int, *, only: str) -> None:
    print(f"## {size:,} vectors of {dimension}\n", flush=True)
    rows = []
    for name in [OURS, *CONTENDERS]:
        if name.startswith(only):
            rows += _in_a_child(folder, name, size, dimension)
            print(f"{size} of {dimension}: {rows[-1]}", file=sys.stderr, flush=True)
    _print(rows)


def _print(rows: Sequence[Row]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    print(f"| {' | '.join(names)} |\n|{'---|' * len(names)}")
    for row in rows:
        print(f"| {' | '.join(row.get(name, '') for name in names)} |")
    print(flush=True)


def _in_a_child(folder: Path, name: str, size: int, dimension: int) -> list[Row]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(theirs, folder, name, (size, dimension)))
    process.start()
    theirs.close()
    try:
        rows: list[Row] = ours.recv()
    except EOFError:
        rows = [{"": f"{name}: crashed"}]
    process.join()
    return rows


def _child(pipe: Connection, folder: Path, name: str, shape: tuple[int, int]) -> None:
    size, dimension = shape
    rows = np.load(folder / f"vectors{dimension}.npy", mmap_mode="r")[:size]
    asked = np.load(folder / f"queries{dimension}.npy")
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        measured = measure_ours if name == OURS else _measure_contender
        pipe.send(measured(name, rows, asked, folder=Path(scratch)))


def _measure_contender(name: str, rows: NDArray[np.float32], asked: NDArray[np.float32], *, folder: Path) -> list[Row]:
    contender, breadths = CONTENDERS[name]
    before = anonymous_bytes()
    began, began_cpu = time.perf_counter(), time.process_time()
    contender.build(rows)
    row = {"build µs cpu": f"{(time.process_time() - began_cpu) / len(rows) * 1e6:.0f}",
           "build s": f"{time.perf_counter() - began:.1f}",
           "memory kB": f"{(anonymous_bytes() - before) / len(rows) / 1e3:.2f}"}  # fmt: skip
    contender.save(folder / "saved")
    row["disk kB"] = f"{(folder / 'saved').stat().st_size / len(rows) / 1e3:.2f}"
    row["open ms"] = f"{1e3 * seconds(lambda: contender.load(folder / 'saved', rows.shape[1])):.0f}"
    measured = []
    for ef in breadths:
        contender.widen(ef)
        label = f"{name}, ef {ef}" if ef else name
        measured.append({"": label} | row | answers(contender.nearest, rows, asked))
    return measured


if __name__ == "__main__":
    main()
