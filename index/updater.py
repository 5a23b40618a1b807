"""Brings the catalogue up to the disk: which files changed, what they hold now, one transaction for some dozen of them.

A stat that differs is only a reason to read; the digest decides. Computes no vector: ``embedding_queue`` does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from .catalogue import UNKNOWN_TIME, FileRecord, advance, keep_stamp, known_file
from .entries import Entry
from .extraction import Job
from .extraction_cache import keep_extractions
from .files import look
from .replacement import Replaced, put_words, remove_file, replace_but_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from .catalogue import KnownFile
    from .extraction import Outcome
    from .files import FoundFile
    from .store import Database

# A file changed this shortly before it was read may change again within the clock's tick and look the same: git's
# "racy clean" rule. Its stamp is not kept, so the next scan reads it once more.
RACY_NS = 2_000_000_000
DAY_NS = 86_400 * 10**9
# Transactions are this short so that searches see files as they come and a kill loses little.
COMMIT_SECONDS = 0.1
COMMIT_FILES = 100
# What both a found file and a known one have after the path: size, both times, inode and marks.
_STAMP = slice(1, 6)


@dataclass(frozen=True, slots=True)
class Plan:
    """What must be read and what must go."""

    jobs: tuple[Job, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """One transaction done: the labels it touched, and how far the plan has come."""

    labels: frozenset[int]
    changed_files: int
    done_files: int
    total_files: int


@dataclass(frozen=True, slots=True)
class Stores:
    """The databases that an update writes."""

    catalogue: Database
    extractions: Database


def plan(known: dict[str, KnownFile], found: Iterable[FoundFile]) -> Plan:
    """Compare a scan with what is known of the same part of the root; jobs stand in the order of `_urgency`."""
    unseen = dict(known)
    jobs = []
    for file in found:
        seen = unseen.pop(file.path, None)
        if seen is None or seen[_STAMP] != file[_STAMP]:
            jobs.append(job(file, seen))
    return Plan(tuple(sorted(jobs, key=_urgency)), tuple(unseen))


def plan_paths(catalogue: Database, root: Path, paths: Iterable[str]) -> Plan:
    """Compare the present state of some files with what is known of them."""
    jobs, removed = [], []
    for path in paths:
        known, file = known_file(catalogue, path), look(root, path)
        if file is not None:
            jobs.append(job(file, known))
        elif known is not None:
            removed.append(path)
    return Plan(tuple(jobs), tuple(removed))


def joined(plans: Iterable[Plan]) -> Plan:
    """Return several plans for different parts of a root as one."""
    every = list(plans)
    return Plan(tuple(job for one in every for job in one.jobs), tuple(path for one in every for path in one.removed))


def _urgency(job: Job) -> tuple[int, int]:
    """Sort files by the day of their last change, the newest first, and those of one day by size.

    By the day, because a clone gives all files times within a minute, where the order would mean nothing.
    """
    return -(job.file.mtime_ns // DAY_NS), job.file.size


def job(file: FoundFile, known: KnownFile | None) -> Job:
    """Return what is to be done about a file that may have changed. With other marks the same content is read anew."""
    *_, marks, digest = known or (None, b"")
    return Job(file, digest if marks == file.marks else b"")


def apply(
    stores: Stores,
    outcomes: Iterator[Outcome],
    work: Plan,
    *,
    model: int,
    before_removal: Callable[[], None] = lambda: None,
) -> Iterator[Commit]:
    """Store what a plan's jobs come to and yield after each transaction. Stopping early leaves a consistent catalogue.

    ``before_removal`` is called when files turn out to be gone as they are read; what it raises stops the work.
    """
    catalogue = stores.catalogue
    if work.removed:
        yield Commit(remove(catalogue, work.removed), len(work.removed), 0, len(work.jobs))
    done = 0
    for batch in _batches(outcomes):
        done += len(batch)
        if any(outcome.is_gone for outcome in batch):
            before_removal()
        with catalogue.transaction():
            stored = (_store(catalogue, outcome, model) for outcome in batch)
            changed = [replaced for replaced in stored if replaced is not None]
            put_words(catalogue, chain.from_iterable(replaced.words for replaced in changed))
            if changed:
                advance(catalogue)
        keep_extractions(stores.extractions, (outcome.fresh for outcome in batch if outcome.fresh))
        touched = frozenset[int]().union(*(replaced.labels for replaced in changed))
        # Urgent jobs that came in between are done too.
        yield Commit(touched, len(changed), done, max(done, len(work.jobs)))


def remove(catalogue: Database, paths: Iterable[str]) -> frozenset[int]:
    """Remove files and their functions in one transaction; return their labels."""
    with catalogue.transaction():
        advance(catalogue)
        return frozenset().union(*(remove_file(catalogue, path) for path in paths))


def _batches(outcomes: Iterator[Outcome]) -> Iterator[list[Outcome]]:
    batch: list[Outcome] = []
    started = time.monotonic()
    for outcome in outcomes:
        batch.append(outcome)
        if len(batch) >= COMMIT_FILES or time.monotonic() - started > COMMIT_SECONDS:
            yield batch
            batch, started = [], time.monotonic()
    if batch:
        yield batch


def _store(catalogue: Database, outcome: Outcome, model: int) -> Replaced | None:
    """Store one outcome but for the words; return what came of it, None where the content was the known one."""
    if outcome.is_gone:
        return Replaced(remove_file(catalogue, outcome.job.file.path), [])
    record = _record(outcome)
    if outcome.functions is None:
        keep_stamp(catalogue, record)
        return None
    entries = [Entry(function, text) for function, text in zip(outcome.functions, outcome.texts, strict=True)]
    return replace_but_words(catalogue, record, entries, model=model)


def _record(outcome: Outcome) -> FileRecord:
    # The stamp is the one from before the file was read: if it changed in between, the next scan sees a difference.
    file = outcome.job.file
    # A time in the future, from a clock that was set back, is no reason to read a file at every scan.
    now = time.time_ns()
    racy = any(abs(now - stamp) < RACY_NS for stamp in (file.mtime_ns, file.ctime_ns))
    return FileRecord(
        path=file.path,
        size=file.size,
        mtime_ns=UNKNOWN_TIME if racy else file.mtime_ns,
        ctime_ns=file.ctime_ns,
        inode=file.inode,
        digest=outcome.digest,
        language=file.language,
        problem=outcome.problem,
        marks=file.marks,
    )
