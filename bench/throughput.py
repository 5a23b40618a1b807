"""Extraction through the workers beside tree-sitter's bare parse and query, on the same files, in turns.

The bare side is as fast as Python can be: one process for each core, files read before, nothing done with the matches.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tree_sitter import Parser, QueryCursor

from funcseek.index.extraction import Job
from funcseek.index.files import scan
from funcseek.index.machine import usable_cores
from funcseek.index.workers import Pool
from funcseek.parsers import language_named
from funcseek.parsers.grammars import rules_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Throughput:
    """Medians over some rounds: through the workers, and its share of the bare rate of the same round."""

    megabytes_per_second: float
    functions_per_second: float
    share: float


def measure(root: Path) -> Throughput | None:
    """Measure over all files below a folder; None where there is none that counts."""
    jobs = [Job(file, wants_texts=False) for file in scan(root)]
    if not jobs:
        return None
    megabytes = sum(job.file.size for job in jobs) / 1e6
    ours, bare, functions = [], [], 0
    with closing(Pool(root)) as pool, closing(Bare(root, jobs)) as crew:
        for _ in pool.run(jobs[: 4 * usable_cores()]):
            pass
        for _ in range(ROUNDS):
            bare.append(crew.run())
            start = time.perf_counter()
            functions = sum(len(outcome.functions or ()) for outcome in pool.run(jobs))
            ours.append(time.perf_counter() - start)
    seconds = statistics.median(ours)
    share = statistics.median(plain / full for plain, full in zip(bare, ours, strict=True))
    return Throughput(megabytes / seconds, functions / seconds, share)


class Bare:
    """A process for each core that parses and queries its share of the files whenever it is told to."""

    def __init__(self, root: Path, jobs: Sequence[Job]) -> None:
        """Start the processes and wait until each has read its files and loaded its grammar."""
        context = multiprocessing.get_context("spawn")
        self._crew = []
        for number in range(usable_cores()):
            theirs, ours = context.Pipe()
            share = [(str(root / job.file.path), job.file.language) for job in jobs[number :: usable_cores()]]
            process = context.Process(target=_work, args=(theirs, share), daemon=True)
            process.start()
            self._crew.append((process, ours))
        for _process, pipe in self._crew:
            pipe.recv()

    def run(self) -> float:
        """Have all files parsed and queried; return the seconds until the last process is done."""
        start = time.perf_counter()
        for _process, pipe in self._crew:
            pipe.send(None)
        for _process, pipe in self._crew:
            pipe.recv()
        return time.perf_counter() - start

    def close(self) -> None:
        """End the processes."""
        for process, pipe in self._crew:
            pipe.close()
            process.join()


def _work(pipe: Connection, share: list[tuple[str, str]]) -> None:
    files = []
    for path, name in share:
        language = language_named(name)
        assert language is not None
        with open(path, "rb") as file:
            files.append((file.read(), rules_of(language)))
    pipe.send(None)
    try:
        while True:
            pipe.recv()
            for text, rules in files:
                QueryCursor(rules.query).matches(Parser(rules.grammar).parse(text).root_node)
            pipe.send(None)
    except EOFError:
        return
