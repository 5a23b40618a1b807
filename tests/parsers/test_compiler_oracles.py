"""What compilers' own parsers find in trees of real code is what we find.

Runs over whatever source the machine has: the JDK's own, npm's, Go's. Skips, and says so, where the compiler or the
source is missing.
"""

from __future__ import annotations

import shutil
import subprocess
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from funcseek.parsers import Function, extract, language_for

if TYPE_CHECKING:
    from collections.abc import Iterable

ORACLES = Path(__file__).parent / "oracles"
SAMPLES = Path(__file__).parent / "samples"
MAX_FILES = 150
# One in a thousand may be missed: code inside macros, or what a grammar cannot read.
MIN_RECALL = 0.999

Row = tuple[str, str, int]


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: nothing to compare with")
    return found


def oracle_rows(*command: str) -> tuple[set[Row], set[str]]:
    """Return path, name and zero-based line of each function, and the paths that could be read."""
    output = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=True).stdout
    rows = [(path, name, int(line)) for path, name, line in (line.split("\t") for line in output.splitlines())]
    return {row for row in rows if row[1]}, {row[0] for row in rows}


def our_functions(paths: Iterable[str]) -> list[tuple[str, Function]]:
    pairs = ((path, language_for(path)) for path in paths)
    found = [(path, extract(Path(path).read_bytes(), language)) for path, language in pairs if language]
    return [(path, function) for path, extraction in found for function in extraction.functions]


def check(wanted: set[Row], found: set[Row]) -> None:
    missed = wanted - found
    assert len(wanted) > 20, "the oracle found next to nothing"
    assert len(missed) <= (1 - MIN_RECALL) * len(wanted), f"{len(missed)} of {len(wanted)}: {sorted(missed)[:10]}"


def some(paths: Iterable[Path]) -> list[str]:
    """Return a sample of the paths, spread evenly, without files too large to be written by hand."""
    present = sorted(str(path) for path in paths if path.is_file() and path.stat().st_size < 300_000)
    return present[:: max(1, len(present) // MAX_FILES)][:MAX_FILES]


def test_java_functions_are_those_of_javac(tmp_path: Path) -> None:
    home = Path(program("javac")).resolve().parents[1]
    paths = [str(SAMPLES / "java.java")]
    for archive in islice(filter(Path.is_file, sorted(home.parent.glob("*/lib/src.zip"))), 1):
        with ZipFile(archive) as sources:
            names = [name for name in sources.namelist() if name.startswith("java.base/java/util/")]
            paths += [
                sources.extract(name, tmp_path) for name in islice(names, MAX_FILES // 3) if name.endswith(".java")
            ]
    wanted, readable = oracle_rows(program("java"), str(ORACLES / "Functions.java"), *paths)
    found = {(path, function.name, function.start_line) for path, function in our_functions(readable)}
    check(wanted, found)
    # Nor do we find anything that is no function.
    check(found, wanted)


def test_javascript_functions_are_those_of_acorn() -> None:
    node = program("node")
    root = Path(node).resolve().parents[1] / "lib" / "node_modules"
    paths = [str(SAMPLES / "anonymous.mjs"), *some(root.rglob("*.js"))]
    wanted, readable = oracle_rows(node, "--expose-internals", str(ORACLES / "functions.js"), *paths)
    ours = our_functions(readable)
    found = {
        (path, "[computed]" if function.name.startswith("[") else function.name, function.name_line)
        for path, function in ours
    }
    check(wanted, found)


def test_go_functions_are_those_of_its_own_parser() -> None:
    go = program("go")
    goroot = Path(subprocess.run([go, "env", "GOROOT"], capture_output=True, text=True, check=True).stdout.strip())
    paths = [str(SAMPLES / "go.go"), *some((goroot / "src").rglob("*.go"))]
    wanted, readable = oracle_rows(go, "run", str(ORACLES / "functions.go"), "--", *paths)
    check(wanted, {(path, function.name, function.name_line) for path, function in our_functions(readable)})
