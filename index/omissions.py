"""What of a root is not searched, and why, in words for people. Writes nothing.

The rules themselves are in ``files`` and ``content``; this only tells which of them decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .extraction import Job
from .files import IS_ENTERED, FoundFile, Skipped, entered, examine, look, read, scan
from .workers import Pool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Omission:
    """A file or folder that is not searched; ``reason`` ends a sentence that begins with its path."""

    path: str
    reason: str


def survey(root: Path) -> Iterator[FoundFile | Omission]:
    """Yield every file that is searched, and everything else in the folders of a root with the reason against it.

    Of a folder that is left out only the folder itself is told. Reads every file that counts, because its bytes may
    speak against it.
    """
    counted = {file.path: file for file in scan(root)}
    for path, _entry, _rules in entered(root):
        file = counted.get(path)
        if file is None:
            reason = examine(root, path)
            if isinstance(reason, str) and reason != IS_ENTERED:
                yield Omission(path, reason)
            continue
        content = read(root, path)
        yield Omission(path, f"is not searched: it {content.reason}") if isinstance(content, Skipped) else file


def explain(root: Path, path: str) -> str:
    """Say in one sentence why a path is searched or not: the first reason that decides."""
    found = examine(root, path)
    if isinstance(found, str):
        return f"{path} {found}."
    content = read(root, path)
    if isinstance(content, Skipped):
        return f"{path} is not searched: it {content.reason}."
    generated = ", although its head says that a program wrote it" if content.is_generated else ""
    return f"{path} is searched as {found.language}{generated}."


def explain_functions(root: Path, path: str) -> str:
    """Parse a file and say in one sentence what came of it; ``""`` for what is no file that counts."""
    found = look(root, path)
    if found is None:
        return ""
    pool = Pool(root, size=1)
    try:
        outcome = next(pool.run([Job(found, wants_texts=False)]))
    finally:
        pool.close()
    count = len(outcome.functions or ())
    held = f"It holds {count} function{'' if count == 1 else 's'}."
    return f"{held} Some may be missing: it {outcome.problem}." if outcome.problem else held
