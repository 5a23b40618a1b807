"""What of a root is not searched, and why, in words for people. Writes nothing.

The rules themselves are in ``files`` and ``content``; this only tells which of them decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .credentials import secrets_in
from .extraction import Job
from .files import GENERATED, WANTED, FoundFile, Skipped, cited, examine, guess, judged, look, read
from .walk import closed, walk
from .workers import Pool

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    from ..parsers import Language
    from .walk import Listing


NEWLINE = b"\n"
# Of a file of fixtures that holds dozens.
SHOWN_SECRETS = 3


@dataclass(frozen=True, slots=True)
class Omission:
    """A file or folder that is not searched; ``reason`` ends a sentence that begins with its path."""

    path: str
    reason: str


def survey(root: Path, below: str = "") -> Iterator[FoundFile | Omission]:
    """Yield every file that is searched, and everything else in the folders of a root with the reason against it.

    ``below`` narrows it to a file or folder. Of a folder that is left out only the folder itself is told. Reads every
    file that counts, because its bytes may speak against it.
    """
    for listing in walk(root, guess, below=below, every=True):
        found = [*((entry, "") for entry in listing.folders), *listing.files]
        for entry, guessed in sorted(found, key=lambda pair: pair[0].name):
            path = listing.prefix + entry.name
            if not below or path == below or path.startswith(f"{below}/"):
                yield from _told(root, entry, listing, guessed)


def _told(
    root: Path, entry: os.DirEntry[str], listing: Listing, guessed: Language | str
) -> Iterator[FoundFile | Omission]:
    path = listing.prefix + entry.name
    found = (
        closed(path, listing.rules, is_bare=listing.is_bare)
        if entry.is_dir(follow_symlinks=False)
        else judged(entry, listing, guessed)
    )
    if isinstance(found, FoundFile):
        content = read(root, path, is_wanted=bool(found.marks & WANTED))
        yield Omission(path, f"is not searched: it {content.reason}") if isinstance(content, Skipped) else found
    elif found is not None:
        reason = found if isinstance(found, str) else cited(found, listing.rules)
        yield Omission(path, f"is not searched: {reason}")


def explain(root: Path, path: str) -> str:
    """Say in one sentence why a path is searched or not: the first reason that decides."""
    found = examine(root, path)
    if isinstance(found, str):
        return f"{path} {found}."
    content = read(root, path, is_wanted=bool(found.marks & WANTED))
    if isinstance(content, Skipped):
        return f"{path} is not searched: it {content.reason}."
    generated = ""
    if content.is_generated:
        generated = ", although its head says that a program wrote it"
    elif found.marks & GENERATED:
        generated = ", although its name or .gitattributes says that a program wrote it"
    return f"{path} is searched as {found.language}{generated}.{_withheld(content.data)}"


def _withheld(content: bytes) -> str:
    """Say which secrets of a file are overwritten; ``""`` for none."""
    found = sorted(secrets_in(content), key=lambda secret: secret.start)
    if not found:
        return ""
    lines = [f"{one.kind} in line {content.count(NEWLINE, 0, one.start) + 1}" for one in found[:SHOWN_SECRETS]]
    more = f" and {len(found) - SHOWN_SECRETS} more" if len(found) > SHOWN_SECRETS else ""
    return f" Overwritten in all that is kept of it: {', '.join(lines)}{more}."


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
