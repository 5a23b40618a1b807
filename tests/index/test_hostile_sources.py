"""Hostile files in a folder with good ones: each costs a reason, and the good ones lose nothing.

All of them go through one pool at once, as they would in a checkout.
"""

from __future__ import annotations

import os
import random
import resource
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from funcseek.index.extraction import Job, Outcome
from funcseek.index.files import scan
from funcseek.index.serving import WORKER_MEMORY_BYTES
from funcseek.index.workers import FILE_DEADLINE_SECONDS, Pool
from funcseek.parsers import extract
from tests.extractions import SOURCES, of_sample

if TYPE_CHECKING:
    from pathlib import Path

LINE = 60
PARENT_BYTES = 64 << 20
# What a busy machine may need to end a worker and start the next.
MARGIN_SECONDS = 4

DEEP = {"is nested too deeply"}
SLOW = {"timed out", "took too long to parse"}  # also on a machine too busy to give a worker its time
STARVED = {"crashed the parser or took too much memory", *SLOW}
LARGE, TOO_MANY = {"is larger than 2,000,000 bytes"}, {"holds more than 20,000 functions"}
REFUSALS = DEEP | SLOW | STARVED
MINIFIED, BINARY = {"is minified"}, {"is binary"}
FINE = {None}
# All that a user may be told of a file that was opened, as the end of a sentence that begins with "it".
REASONS = FINE | REFUSALS | MINIFIED | BINARY | LARGE | TOO_MANY


def lines(unit: str, size: int) -> bytes:
    """Repeat a text up to a size, in lines that do not look minified."""
    line = (unit * (LINE // len(unit) + 1)).encode() + b"\n"
    return (line * (size // len(line) + 1))[:size]


def line(unit: str, size: int) -> bytes:
    """Repeat a text in one line, below blank ones enough not to look minified."""
    return b"\n" * (size + 10) + (unit * (size // len(unit))).encode()


def balanced(opening: str, closing: str, depth: int) -> bytes:
    return lines(opening, depth) + b"\n" + lines(closing, depth) + b"\n"


# By the name of the file: its content, and the reasons of which one is given; FINE where all is found.
HOSTILE: dict[str, tuple[bytes, set[str] | set[None] | set[str | None]]] = {
    "parens.py": (lines("(", 1_000_000), DEEP | SLOW),
    "parens.js": (lines("(", 1_000_000), DEEP | SLOW),
    "parens.rs": (lines("(", 1_000_000), DEEP | SLOW),
    "brackets.py": (lines("[", 300_000), DEEP | SLOW),
    "braces.py": (lines("{", 300_000), DEEP | SLOW),
    "balanced.py": (balanced("(", ")", 500_000), {None, *SLOW}),
    "balanced_small.py": (b"def f(): pass\n" + balanced("(", ")", 20_000), FINE),
    "random.py": (random.Random(1).randbytes(1_000_000), BINARY),
    "random.js": (random.Random(2).randbytes(1_000_000), BINARY),
    "nul.py": (b"\0" * 1_000_000, BINARY),
    "letter.py": (b"\xff" * 1_000_000, MINIFIED),
    "letters.py": ((b"\xff" * 60 + b"\n") * 16_000, FINE),
    "identifier.py": (b"a" * 1_000_000, MINIFIED),
    "parens_in_one_line.py": (b"(" * 1_000_000, MINIFIED),
    "minified.js": (b"function f(a){return a}" * 13_000, MINIFIED),
    "large.py": (b"# comment\n" * 200_001, LARGE),
    "attributes.py": (b"def f(): pass\nx = (" + lines("a.", 300_000) + b"a)\n", FINE),
    "sum.py": (b"def f(): pass\nx = (" + lines("a+", 300_000) + b"a)\n", FINE),
    "arrows.c": (lines("a=>", 30_000), STARVED),
    "arrows.java": (lines("a=>", 30_000), STARVED),
    "less.java": (lines("a<", 50_000), STARVED),
    "less.cs": (lines("a<", 50_000), STARVED),
    "less.cpp": (lines("a<", 600_000), STARVED),
    "less.ts": (line("a<", 600_000), STARVED | FINE),  # a quick machine reads it in time
    "arguments.ts": (line("a<b,", 30_000), STARVED),
    "modulo.rs": (lines("%w(", 40_000), STARVED),
    "modulo.c": (lines("%w(", 40_000), STARVED),
    "casts.cpp": (line("-(a)", 25_000), STARVED),
    "brackets.lua": (lines("[[", 200_000), SLOW),
    "sum.lua": (lines("a+", 50_000), SLOW),
    "less.lua": (lines("a<", 50_000), SLOW),
    "colons.lua": (lines("a:", 50_000), SLOW),
    "colons.kt": (lines("a:", 100_000), SLOW),
    "colons.scala": (line("a:", 100_000), SLOW),
    "less.sh": (lines("<", 100_000), SLOW),
    "questions.swift": (line("a?", 20_000), DEEP | SLOW),
    "tuple.ml": (lines("a,", 100_000), SLOW),
    "pipes.sh": (line("a|", 20_000), STARVED),
    "functions.py": (b"def f(): pass\n" * 100_000, TOO_MANY | SLOW),
    "comments.py": (b"# a\n" * 50_000 + b"def f(): pass\n", FINE),
    "decorators.py": (b"@a\n" * 20_000 + b"def f(): pass\n", FINE),
    "else_ifs.js": (b"function f() {}\n" + lines("if (a) {} else ", 60_000) + b"{}\n", FINE),
    "here_document.pl": (b"sub f() { 1 }\nprint <<EOT;\n@;", FINE),
    "calls.rb": (lines("a.", 200_000), FINE),
}
LARGEST = 10 << 30

# Names and texts that look odd and are read like others: the path, and the functions in the file.
ODD: dict[str, tuple[bytes, list[str]]] = {
    "-rf.py": (b"def f(): pass\n", ["f"]),
    "$(touch x).py": (b"def f(): pass\n", ["f"]),
    ";.py": (b"def f(): pass\n", ["f"]),
    "line\nbreak.py": (b"def f(): pass\n", ["f"]),
    "\x1b]0;title\x07.py": (b"def f(): pass\n", ["f"]),
    os.fsdecode(b"\xff\xfe.py"): (b"def f(): pass\n", ["f"]),
    "Case.py": (b"def f(): pass\n", ["f"]),
    "case.py": (b"def g(): pass\n", ["g"]),
    "\u00e9.py": (b"def f(): pass\n", ["f"]),
    "e\u0301.py": (b"def g(): pass\n", ["g"]),
    "n" * 252 + ".py": (b"def f(): pass\n", ["f"]),
    "empty.py": (b"", []),
    "utf16.py": ("\ufeffdef f(): pass\n".encode("utf-16-le"), ["f"]),
    "marked_crlf.py": (b"\xef\xbb\xbfdef f():\r\n    pass\r\n", ["f"]),
    "carriage_returns.py": (b"# one\rdef f(): pass\r", ["f"]),
    "latin1.py": (b"# caf\xe9\ndef f(): pass\n", ["f"]),
    "nul_in_string.py": (b"x = '\0'\ndef f(): pass\n", ["f"]),
    "conflict.py": (b"<<<<<<< a\ndef f(): pass\n=======\ndef f(): pass\n>>>>>>> b\n", ["f", "f"]),
    "two_heads.c": (b"#ifdef A\nint f(int a) {\n#else\nint f(void) {\n#endif\n  return 1;\n}\n", ["f"]),
}


@dataclass(frozen=True)
class Run:
    """What came of all files of the folder, how long it took, and what the largest processes took."""

    outcomes: dict[str, Outcome]
    seconds: float
    parent_growth: int
    largest_worker: int


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Run:
    root = tmp_path_factory.mktemp("checkout")
    for sample in SOURCES:
        (root / f"good_{sample.name}").write_bytes(sample.read_bytes())
    for name, (content, _) in [*HOSTILE.items(), *ODD.items()]:
        (root / name).write_bytes(content)
    with (root / "sparse.py").open("wb") as sparse:
        sparse.truncate(LARGEST)
    pool = Pool(root, size=2)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    try:
        outcomes = {outcome.job.file.path: outcome for outcome in pool.run([Job(file) for file in scan(root)])}
    finally:
        pool.close()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return Run(outcomes, time.monotonic() - start, grown << 10, largest << 10)


def names(outcome: Outcome) -> list[str]:
    return [function.name for function in outcome.functions or ()]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_read_or_says_why_not(done: Run, name: str) -> None:
    content, reasons = HOSTILE[name]
    outcome = done.outcomes[name]
    assert outcome.problem in reasons
    assert ("f" in names(outcome)) == (outcome.problem not in REFUSALS and b" f()" in content)


@pytest.mark.parametrize("name", [name for name, (_, reasons) in HOSTILE.items() if reasons & STARVED])
def test_file_that_cost_a_worker_is_not_tried_again(done: Run, name: str) -> None:
    assert done.outcomes[name].digest != b""


@pytest.mark.parametrize("sample", SOURCES, ids=lambda sample: sample.name)
def test_good_file_among_hostile_ones_keeps_every_function(done: Run, sample: Path) -> None:
    outcome = done.outcomes[f"good_{sample.name}"]
    assert outcome.problem is None
    expected = extract(sample.read_bytes(), of_sample(sample)).functions
    assert names(outcome) == [function.name for function in expected]


@pytest.mark.parametrize("name", ODD)
def test_odd_name_or_text_is_read_like_others(done: Run, name: str) -> None:
    assert done.outcomes[name].problem is None
    assert names(done.outcomes[name]) == ODD[name][1]


def test_every_problem_is_a_reason_of_the_list(done: Run) -> None:
    assert {outcome.problem for outcome in done.outcomes.values()} <= REASONS


def test_nothing_is_read_of_a_sparse_file(done: Run) -> None:
    assert done.outcomes["sparse.py"].problem == "is larger than 2,000,000 bytes"


def test_no_file_holds_the_others_up(done: Run) -> None:
    assert done.seconds < len(HOSTILE) * (FILE_DEADLINE_SECONDS + MARGIN_SECONDS)


def test_memory_stays_bounded(done: Run) -> None:
    assert done.parent_growth < PARENT_BYTES
    assert done.largest_worker < WORKER_MEMORY_BYTES + PARENT_BYTES


def test_pipes_sockets_and_links_are_never_opened(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text("def f(): pass\n")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    (tmp_path / "loop").symlink_to("..", target_is_directory=True)
    with socket.socket(socket.AF_UNIX) as planted:
        planted.bind(str(tmp_path / "socket.py"))
        assert [file.path for file in scan(tmp_path)] == ["good.py"]
