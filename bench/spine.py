"""``python -m bench.spine [--embed-seconds S] [--model NAME] [DIR…]``: the whole path on real trees, as users meet it.

Prints a table. Without arguments it measures the standard library (without its tests) and some installed packages.
Every figure comes from the real service and the real language server in a fresh home folder; nothing is asserted.
Embedding a large tree to the end takes many minutes, so that past ``--embed-seconds`` only its rate is measured, and
queries are asked while the rest is embedded. Memory is read from /proc: Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from funcseek.server.client import Client, ask_to_leave, connect
from funcseek.server.places import HOME_VARIABLE, places
from funcseek.server.protocol import SearchRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funcseek.server.protocol import RootJson

EMBED_SECONDS = 240.0
# The first answer waits until every file was read, up to this.
FIRST_SECONDS = 600.0
# So many Python files of installed packages, that the figures of two virtual environments can be compared.
PACKAGED_FILES = 5_500
QUERIES = (
    "retry with exponential backoff", "parse a date from a string", "copy a directory tree", "open a url and read it",
    "split a path into its parts", "compress bytes", "walk a syntax tree", "read configuration from a file",
    "wait until a thread ends", "quote a string for the shell", "format a traceback", "merge sorted iterables",
)  # fmt: skip
QUERY_ROUNDS = 15
SAVES = 8
COMMAND_RUNS = 7


@dataclass(slots=True)
class Figures:
    """What was measured on one tree, in the order it is printed; ``started`` is when that began, in seconds."""

    rows: dict[str, str] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    def add(self, name: str, value: float, unit: str) -> None:
        """Add one row."""
        self.rows[name] = f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
        print(f"{name}: {self.rows[name]}", file=sys.stderr, flush=True)


def main() -> None:
    """Measure the trees named on the command line, or the two default ones, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("trees", nargs="*", type=Path)
    parser.add_argument("--embed-seconds", type=float, default=EMBED_SECONDS, metavar="S")
    parser.add_argument("--model", default="", metavar="NAME", help="as for `funcseek model use`; else the default")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fs-bench-") as scratch:
        trees = [tree.absolute() for tree in options.trees] or default_trees(Path(scratch))
        homes = [Path(scratch) / f"home{number}" for number in range(len(trees))]
        measured = {
            tree.name: measure(tree, home, embed_seconds=options.embed_seconds, model=options.model)
            for tree, home in zip(trees, homes, strict=True)
        }
    print_table(measured)


def default_trees(scratch: Path) -> list[Path]:
    """Return a copy of the standard library without its tests, and one of some installed packages."""
    library = scratch / "standard-library"
    shutil.copytree(
        sysconfig.get_path("stdlib"),
        library,
        ignore=shutil.ignore_patterns(
            "test", "tests", "idle_test", "site-packages", "__pycache__", "idlelib", "lib2to3"
        ),
    )
    packages = scratch / "installed-packages"
    for package in _some_packages(Path(sysconfig.get_path("purelib"))):
        shutil.copytree(package, packages / package.name, ignore=shutil.ignore_patterns("__pycache__", "*.so*"))
    return [library, packages]


def _some_packages(installed: Path) -> Iterator[Path]:
    """Yield installed packages in the order of their names, as many as `PACKAGED_FILES` allows."""
    files = 0
    for package in sorted(path for path in installed.iterdir() if path.is_dir() and path.name != "__pycache__"):
        files += sum(1 for _ in package.rglob("*.py"))
        if files > PACKAGED_FILES:
            return
        yield package


def measure(tree: Path, home: Path, *, embed_seconds: float = EMBED_SECONDS, model: str = "") -> Figures:
    """Measure one tree in a home of its own."""
    os.environ[HOME_VARIABLE] = str(home)
    install_model(model)
    figures = Figures()
    with connect(places()) as client:
        try:
            _first_index(client, tree, figures, embed_seconds=embed_seconds)
            _queries(client, tree, figures)
            _saves(client, tree, figures)
            _commands(tree, figures)
            _language_server(tree, figures)
            _sizes(client, tree, figures)
            is_whole = client.open(str(tree))["phase"] == "ready"
        finally:
            ask_to_leave(places())
    if is_whole:
        _opened(tree, figures)
    return figures


def install_model(chosen: str = "") -> None:
    """Have the home of the environment use a model, by default the embedded one."""
    action = ["use", chosen] if chosen else ["install"]
    subprocess.run([sys.executable, "-m", "funcseek.server", "model", *action], check=True, stdout=subprocess.DEVNULL)


def _states(client: Client, tree: Path) -> Iterator[RootJson]:
    state = client.open(str(tree))
    while True:
        yield state
        state = client.wait(str(tree), revision=state["revision"], wait_seconds=10)


def _first_index(client: Client, tree: Path, figures: Figures, *, embed_seconds: float) -> None:
    answer = client.search(SearchRequest(QUERIES[0], (str(tree),), wait_seconds=FIRST_SECONDS))
    lexical = time.monotonic() - figures.started
    state = client.open(str(tree))
    figures.add("files", state["files"], "")
    figures.add("functions", answer["coverage"]["functions"], "")
    figures.add("cold start to the first answer by words", lexical, "s")
    figures.add("files read and parsed", state["files"] / lexical, "/s")
    begun, first = time.monotonic(), state["embedded"]
    for state in _states(client, tree):
        if state["phase"] == "ready" or time.monotonic() - begun > embed_seconds:
            break
    seconds = time.monotonic() - begun
    figures.add("functions embedded", (state["embedded"] - first) / seconds, "/s")
    if state["phase"] == "ready":
        figures.add("cold start to full coverage", time.monotonic() - figures.started, "s")
    else:
        figures.rows["cold start to full coverage"] = f"not waited for ({state['embedded']:,} after {seconds:.0f} s)"


def _queries(client: Client, tree: Path, figures: Figures) -> None:
    warm = sorted(_asked(client, tree)[len(QUERIES) :])
    figures.add("warm query through the service, p50", 1e3 * statistics.median(warm), "ms")
    figures.add("warm query through the service, p99", 1e3 * warm[int(len(warm) * 0.99)], "ms")


def _asked(client: Client, tree: Path) -> list[float]:
    """Ask every query some times, and return the seconds that each took."""
    seconds = []
    for number in range(QUERY_ROUNDS * len(QUERIES)):
        begun = time.perf_counter()
        client.search(SearchRequest(QUERIES[number % len(QUERIES)], (str(tree),)))
        seconds.append(time.perf_counter() - begun)
    return seconds


def _saves(client: Client, tree: Path, figures: Figures) -> None:
    """Time from a finished save to the moment a query finds the new name with its vector."""
    seconds = []
    for number in range(SAVES):
        name = f"freshly_saved_{number}"
        path = tree / "fresh_bench_file.py"
        path.write_text(f'def {name}():\n    """Bench {number}."""\n    return {number}\n')
        begun = time.monotonic()
        for _ in _states(client, tree):
            answer = client.search(SearchRequest(name, (str(tree),), limit=1))
            if answer["results"] and answer["results"][0]["name"] == name:
                break
        seconds.append(time.monotonic() - begun)
    figures.add("save to searchable, median", 1e3 * statistics.median(seconds), "ms")


def _commands(tree: Path, figures: Figures) -> None:
    script = Path(sysconfig.get_path("scripts")) / "funcseek"
    seconds = []
    for number in range(COMMAND_RUNS):
        begun = time.perf_counter()
        subprocess.run([script, "search", QUERIES[number], str(tree)], stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - begun)
    figures.add("`funcseek search` with a running service, median", 1e3 * statistics.median(seconds), "ms")


def _language_server(tree: Path, figures: Figures) -> None:
    seconds = []
    for _ in range(COMMAND_RUNS):
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "funcseek.server", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdin is not None
        assert process.stdout is not None
        params: dict[str, object] = {"processId": None, "rootUri": tree.as_uri(), "capabilities": {}}
        _send(process, {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params})
        process.stdout.readline()
        seconds.append(time.perf_counter() - begun)
        _send(process, {"jsonrpc": "2.0", "method": "initialized", "params": {}})
        _send(process, {"jsonrpc": "2.0", "id": 2, "method": "funcseek/search", "params": {"query": QUERIES[0]}})
        _read_until(process, 2)
        peak = _megabytes(process.pid, "VmHWM")
        process.stdin.close()
        process.wait()
    figures.add("language server: `initialize` answered, median", 1e3 * statistics.median(seconds), "ms")
    figures.add("language server: peak memory", peak, "MB")


def _send(process: subprocess.Popen[bytes], message: dict[str, object]) -> None:
    assert process.stdin is not None
    body = json.dumps(message).encode()
    process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    process.stdin.flush()


def _read_until(process: subprocess.Popen[bytes], wanted: int) -> None:
    """Read messages until the answer to a request came; the rest of the first header is read already."""
    assert process.stdout is not None
    text = b""
    while b'"id":%d' % wanted not in text.replace(b" ", b""):
        text += os.read(process.stdout.fileno(), 1 << 16)


def _megabytes(pid: int, what: str) -> float:
    """Return what a process's status says of its memory: ``VmHWM`` for the peak, ``VmRSS`` for now."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(what))
    return int(line.split()[1]) / 1024


def _sizes(client: Client, tree: Path, figures: Figures) -> None:
    pid = client.health()["pid"]
    figures.add("service: peak memory", _megabytes(pid, "VmHWM"), "MB")
    figures.add("service: memory after all of this", _megabytes(pid, "VmRSS"), "MB")
    functions = client.open(str(tree))["functions"]
    stored = [path for part in ("indexes", "vectors.db*") for path in places().cache.glob(part)]
    size = sum(path.stat().st_size for part in stored for path in (part.rglob("*") if part.is_dir() else [part]))
    figures.add("index size per 1,000 functions", size / functions / 1e3, "MB")


def _opened(tree: Path, figures: Figures) -> None:
    """Measure a service that finds the index on the disk."""
    with connect(places()) as client:
        try:
            for state in _states(client, tree):
                if state["phase"] == "ready":
                    break
            _asked(client, tree)
            figures.add("service that opened the index: memory", _megabytes(client.health()["pid"], "VmRSS"), "MB")
        finally:
            ask_to_leave(places())


def print_table(measured: dict[str, Figures]) -> None:
    """Print one column for each tree."""
    names = list(dict.fromkeys(row for figures in measured.values() for row in figures.rows))
    print(f"| | {' | '.join(measured)} |\n|---|{'---|' * len(measured)}")
    for name in names:
        print(f"| {name} | {' | '.join(figures.rows.get(name, '') for figures in measured.values())} |")


if __name__ == "__main__":
    main()
