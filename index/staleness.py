"""Hits whose files are still there and what was indexed. Asks for each file's status; changes and reads nothing."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .catalogue import known_file
from .hits import MAX_LIMIT
from .search import found_in, snapshots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from .catalogue import KnownFile
    from .hits import Hit, Query
    from .search import Source
    from .store import Database

    Place = tuple[Path, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """Hits whose files are there, those of changed files marked, and every (root, path) that is not as indexed."""

    hits: tuple[Hit, ...]
    outdated: frozenset[Place]


def find_present(sources: Sequence[Source], query: Query) -> Checked:
    """Return the hits of a checked query whose files are there; where some are gone, others move up."""
    catalogues = {source.root: source.catalogue for source in sources if not source.drafts}
    # What is known of a file must be of the state that was searched: of a later one, a changed file looks unchanged.
    with snapshots(sources):
        found = present(found_in(sources, query), catalogues, limit=query.limit)
        if len(found.hits) == query.limit or not found.outdated:
            return found
        return present(found_in(sources, replace(query, limit=MAX_LIMIT)), catalogues, limit=query.limit)


def present(hits: Iterable[Hit], catalogues: Mapping[Path, Database], *, limit: int) -> Checked:
    """Return the first ``limit`` hits whose files are there."""
    kept: list[Hit] = []
    known: dict[Place, str] = {}
    for hit in hits:
        if len(kept) == limit:
            break
        if hit.draft:
            kept.append(hit)
            continue
        place = hit.root, hit.path
        if place not in known:
            known[place] = _state(hit.root / hit.path, known_file(catalogues[hit.root], hit.path))
        if known[place] != "gone":
            kept.append(replace(hit, is_stale=known[place] == "changed"))
    return Checked(tuple(kept), frozenset(place for place, state in known.items() if state != "same"))


def _state(path: Path, known: KnownFile | None) -> str:
    try:
        status = os.lstat(path)
    except OSError:
        return "gone"
    if known is None or not stat.S_ISREG(status.st_mode):
        return "gone"
    _, size, _, ctime_ns, inode, *_ = known
    # Not the time of change: that of a file read right after it was written is not kept, and any change of it shows in
    # the time of its status, which nobody can set.
    same = (size, ctime_ns, inode) == (status.st_size, status.st_ctime_ns, status.st_ino)
    return "same" if same else "changed"
