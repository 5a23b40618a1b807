"""Brings the catalogue up to the disk: which files changed, what they hold now, one transaction for some dozen of them.

A stat that differs is only a reason to read; the digest decides. Computes no vector: ``embedding_queue`` does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .catalogue import FileRecord, keep_stamp, remove_file, replace_file
from .entries import Entry
from .extraction import Job
from .extraction_cache import keep_extractions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .extraction import Outcome
    from .files import FoundFile
    from .store import Database
    from .workers import Pool

# A file changed this shortly before it was read may change again within the clock's tick and look the same: git's
# "racy clean" rule. Its stamp is not kept, so the next scan reads it once more.
RACY_NS = 2_000_000_000
# Transactions are this short so that searches see files as they come and a kill loses little.
COMMIT_SECONDS = 0.1
COMMIT_FILES = 100
# What both a found file and a record have after the path: size, both times and inode.
_STAMP = slice(1, 5)


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


def plan(known: dict[str, FileRecord], found: Iterable[FoundFile]) -> Plan:
    """Compare a whole scan with what is known."""
    unseen = dict(known)
    jobs = []
    for file in found:
        record = unseen.pop(file.path, None)
        if record is None or record[_STAMP] != file[_STAMP] or record.marks != file.marks:
            jobs.append(job(file, record))
    return Plan(tuple(jobs), tuple(unseen))


def job(file: FoundFile, record: FileRecord | None) -> Job:
    """Return what is to be done about a file that may have changed. With other marks the same content is read anew."""
    return Job(file, record.digest if record and record.marks == file.marks else b"")


def apply(stores: Stores, pool: Pool, work: Plan, *, model: int) -> Iterator[Commit]:
    """Carry out a plan and yield after each transaction. Stopping early leaves a consistent catalogue."""
    catalogue = stores.catalogue
    if work.removed:
        yield Commit(remove(catalogue, work.removed), len(work.removed), 0, len(work.jobs))
    done = 0
    for batch in _batches(pool.run(work.jobs)):
        done += len(batch)
        with catalogue.transaction():
            touched = [_store(catalogue, outcome, model) for outcome in batch]
        keep_extractions(stores.extractions, (outcome.fresh for outcome in batch if outcome.fresh))
        changed = [labels for labels in touched if labels is not None]
        # Urgent jobs that came in between are done too.
        yield Commit(frozenset().union(*changed), len(changed), done, max(done, len(work.jobs)))


def remove(catalogue: Database, paths: Iterable[str]) -> frozenset[int]:
    """Remove files and their functions in one transaction; return their labels."""
    with catalogue.transaction():
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


def _store(catalogue: Database, outcome: Outcome, model: int) -> set[int] | None:
    """Store one outcome; return the labels it touched, None where the content was the known one."""
    if outcome.is_gone:
        return remove_file(catalogue, outcome.job.file.path)
    record = _record(outcome)
    if outcome.functions is None:
        keep_stamp(catalogue, record)
        return None
    entries = [Entry(function, text) for function, text in zip(outcome.functions, outcome.texts, strict=True)]
    return replace_file(catalogue, record, entries, model=model)


def _record(outcome: Outcome) -> FileRecord:
    # The stamp is the one from before the file was read: if it changed in between, the next scan sees a difference.
    file = outcome.job.file
    racy = time.time_ns() - max(file.mtime_ns, file.ctime_ns) < RACY_NS
    return FileRecord(
        path=file.path,
        size=file.size,
        mtime_ns=-1 if racy else file.mtime_ns,
        ctime_ns=file.ctime_ns,
        inode=file.inode,
        digest=outcome.digest,
        language=file.language,
        problem=outcome.problem,
        marks=file.marks,
    )
