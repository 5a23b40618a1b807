"""``python -m bench.files [COUNT…]``: which files count, on trees of so many empty files in one git repository.

Prints one column for each count: a start at which nothing has changed, taken apart, beside what git needs for the same
list, and the memory of it; then the time of a scan under ignore files made to hang it. Medians of CPU seconds, because
the disk's part of a warm scan is nothing. Memory is read from /proc: Linux. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from funcseek.index import git_index, ignore
from funcseek.index.catalogue import FileRecord, known_files, open_catalogue
from funcseek.index.files import look, scan
from funcseek.index.omissions import survey
from funcseek.index.replacement import replace_file
from funcseek.index.updater import plan
from funcseek.index.vector_cache import open_vector_cache

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTS = (50_000, 200_000)
PER_FOLDER = 96
ROUNDS = 5
LOOKS = 500
HOSTILE = {
    "no ignore file": b"",
    "stars": b"*a*a*a*a*a*a*a*a*b\n" * 1000,
    "pairs of stars": b"**/a**/a**/a**/a**/a**/b\n" * 1000,
    "10,000 lines": b"".join(b"/some/folder/or/other/file_%d.py\n" % number for number in range(10_000)),
    "a megabyte in one line": b"*a" * 500_000,
    "a megabyte of questions": (b"?" * 100 + b"\n") * 10_000,
}
IGNORED = b"*.log\n__pycache__/\n*.pyc\n/out/\n.idea\n*.egg-info/\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS)
    parser.add_argument("--peak", type=Path, metavar="ROOT", help="only print the peak memory of one scan, in bytes")
    chosen = parser.parse_args()
    if chosen.peak:
        before = _peak_bytes()
        known = {file.path: file for file in scan(chosen.peak)}
        print((_peak_bytes() - before) / max(1, len(known)))
        return
    with tempfile.TemporaryDirectory(prefix="fs-bench-") as scratch:
        columns = {f"{count:,} files": measure(Path(scratch) / str(count), count) for count in chosen.counts}
        print_table(columns)
        print_table({"2,000 files": hostile(Path(scratch) / "hostile")})


def make(root: Path, count: int) -> None:
    """Make a repository of so many tracked, empty files, some ignored output beside them."""
    for start in range(0, count, PER_FOLDER):
        folder = root / f"package_{start // PER_FOLDER // 40:03}" / f"module_{start // PER_FOLDER % 40:02}"
        folder.mkdir(parents=True)
        for number in range(start, min(count, start + PER_FOLDER)):
            (folder / f"file_{number % PER_FOLDER:02}.py").touch()
    (root / ".gitignore").write_bytes(IGNORED)
    (root / "out").mkdir()
    for command in (["init", "-q", "."], ["add", "."]):
        subprocess.run(["git", *command], cwd=root, check=True)


def measure(root: Path, count: int) -> dict[str, str]:
    """Return the figures of one tree."""
    make(root, count)
    found = list(scan(root))
    cache = root.parent / "vectors.db"
    open_vector_cache(cache).close()
    catalogue = open_catalogue(root.parent / f"{count}.db", cache)
    with catalogue.transaction():
        for file in found:
            record = FileRecord(*file[:5], digest=b"\0" * 16, language="python", problem=None, marks=file.marks)
            replace_file(catalogue, record, [], model=0)
    known = known_files(catalogue)
    figures = {
        "every name and `lstat`, nothing else": seconds(lambda: _bare(root)),
        "scan": seconds(lambda: list(scan(root))),
        "what the catalogue knows": seconds(lambda: known_files(catalogue)),
        "plan": seconds(lambda: plan(known, found)),
        "all three, wall": seconds(lambda: plan(known_files(catalogue), scan(root)), time.perf_counter),
        "git's index, read anew": seconds(lambda: _tracked_anew(root)),
        f"a look at each of {LOOKS} paths": seconds(lambda: [look(root, file.path) for file in found[:LOOKS]]),
        "`funcseek files`": seconds(lambda: list(survey(root))),
        "`git ls-files -co --exclude-standard`, wall": seconds(lambda: _listed(root), time.perf_counter),
    }
    catalogue.close()
    return figures | {"memory for each file": f"{peak(root):,.0f} bytes"}


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> str:
    """Return the median time of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        start = clock()
        work()
        taken.append(clock() - start)
    return f"{statistics.median(taken):.3f} s"


def _bare(root: Path) -> None:
    pending = [str(root)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    entry.stat(follow_symlinks=False)
                elif entry.name != ".git":
                    pending.append(entry.path)


def _tracked_anew(root: Path) -> None:
    os.utime(root / ".git" / "index")
    assert git_index.tracked(str(root / ".git")).paths


def _listed(root: Path) -> None:
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)


def peak(root: Path) -> float:
    """Return the bytes that a fresh process needs for each file of a scan whose result it keeps."""
    command = [sys.executable, "-m", "bench.files", "--peak", str(root)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _peak_bytes() -> int:
    # Not getrusage: a new process starts with the peak of the one it was forked from.
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) << 10


def hostile(root: Path) -> dict[str, str]:
    """Return the time of scans under ignore files made with ill will, compiling included."""
    make(root, 2_000)
    figures = {}
    for name, text in HOSTILE.items():
        (root / ".gitignore").write_bytes(text)
        start = time.process_time()
        ignore.ignores(root)
        compiled = time.process_time() - start
        figures[f"scan under {name}"] = f"{compiled:.3f} s to compile, {seconds(lambda: list(scan(root)))}"
    return figures


def print_table(columns: dict[str, dict[str, str]]) -> None:
    """Print one column for each tree."""
    print(f"| | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for name in next(iter(columns.values())):
        print(f"| {name} | {' | '.join(column[name] for column in columns.values())} |")
    print()


if __name__ == "__main__":
    main()
