"""Systems asked the questions: one process for each system, so that its memory is its own. Judges no answer.

Corpus after corpus; opening a system on one, which may build an index, is not part of the response time.
"""

from __future__ import annotations

import contextlib
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from .corpora import Unavailable
from .systems import system_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .measures import Hit
    from .ranker import Ranker, System
    from .sets import Case

# Asked once on each root before time counts: the first answer reads the index from the disk.
WARM_UP = "read the settings from a file"


@dataclass(frozen=True, slots=True)
class Record:
    """One answer: what was found, how long it took, and whether the system stands behind it."""

    hits: tuple[Hit, ...]
    seconds: float
    is_confident: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A system's answers by the ids of the questions, and the most memory that no file backs while it answered.

    ``memory`` is in bytes, 0 where it was not measured.
    """

    system: str
    note: str
    records: dict[str, Record]
    memory: int


def run_all(names: Iterable[str], cases: Sequence[Case], cache: Path) -> tuple[list[Run], list[str]]:
    """Return what each system answered, and a sentence for each that cannot take part."""
    runs: list[Run] = []
    missing: list[str] = []
    for name in names:
        # Spawned, not forked: a fork would count this process's memory as the system's.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            outcome = process.submit(_run_named, name, list(cases), cache).result()
        if isinstance(outcome, Run):
            runs.append(outcome)
        else:
            missing.append(outcome)
    return runs, missing


def _run_named(name: str, cases: Sequence[Case], cache: Path) -> Run | str:
    try:
        with contextlib.closing(system_named(name, cache)) as system:
            return run_system(system, cases)
    except Unavailable as reason:
        return str(reason)
    except Exception as failed:
        # What the systems before it have answered may have taken hours.
        traceback.print_exc()
        return f"{name} is left out: it failed, see above ({type(failed).__name__})."


def run_system(system: System, cases: Sequence[Case]) -> Run:
    """Ask a system in this process; raises Unavailable where it cannot go on."""
    by_root: dict[Path, list[Case]] = {}
    for case in cases:
        by_root.setdefault(case.root, []).append(case)
    records: dict[str, Record] = {}
    memory = 0
    for number, (root, asked) in enumerate(by_root.items(), start=1):
        began = time.monotonic()
        with system.opened(root) as ranker:
            opened = time.monotonic() - began
            ranker.ask(WARM_UP)
            records.update((case.question.id, _record(ranker, case.question.query)) for case in asked)
            memory = max(memory, anonymous_bytes(ranker.pid))
        _tell(f"{system.name}: {number}/{len(by_root)} {asked[0].question.corpus}, {len(asked)} questions")
        _tell(f", opened in {opened:.1f} s, all in {time.monotonic() - began:.1f} s\n")
    return Run(system.name, system.note, records, memory)


def _record(ranker: Ranker, query: str) -> Record:
    began = time.perf_counter()
    response = ranker.ask(query)
    return Record(response.hits, time.perf_counter() - began, response.is_confident)


def anonymous_bytes(pid: int | None) -> int:
    """Return the memory of a process that no file backs; 0 where the system does not tell, or there is no process."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text(encoding="utf-8").splitlines() if pid is not None and status.exists() else []
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("RssAnon")), 0)


def _tell(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
