"""The change log of a catalogue: which labels to look at again, in the order of the commits that touched them.

A row is written in the transaction that changes what a search by meaning may return: a label came alive, died, gained
or lost its vector. A graph that contains every change up to a sequence number needs only the rows after it, in this
process or in another. The log says where to look, never what is so: the follower reads that from the catalogue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .store import AMONG, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .store import Database


def log_changes(catalogue: Database, labels: Iterable[int]) -> None:
    """Log labels. Call within the transaction that changes them."""
    catalogue.many("INSERT INTO change (label) VALUES (?)", [(label,) for label in sorted(labels)])


def log_embedded(catalogue: Database, labels: Iterable[int]) -> None:
    """Log those of the labels that have a vector: no graph knows the others yet. Call within the transaction."""
    catalogue.rows(
        f"INSERT INTO change (label) SELECT label FROM passage WHERE label {AMONG} AND pending IS NULL ORDER BY label",
        (listed(labels),),
    )


def last_change(catalogue: Database) -> int:
    """Return the sequence number of the newest change, 0 before the first."""
    found = catalogue.rows("SELECT seq FROM sqlite_sequence WHERE name = 'change'")
    return int(found[0][0]) if found else 0


def changes_after(catalogue: Database, sequence: int, *, count: int) -> list[tuple[int, int]]:
    """Return the next ``count`` changes after a sequence number, as (sequence, label), oldest first."""
    rows = catalogue.rows(
        "SELECT sequence, label FROM change WHERE sequence > ? ORDER BY sequence LIMIT ?", (sequence, count)
    )
    return [(number, label) for number, label in rows]


def reaches_back(catalogue: Database, sequence: int) -> bool:
    """Say whether every change after this number is still in the log; otherwise the follower must start anew."""
    last = last_change(catalogue)
    oldest = catalogue.rows("SELECT MIN(sequence) FROM change")[0][0]
    return (last if oldest is None else int(oldest) - 1) <= sequence <= last


def prune_changes(catalogue: Database, *, contained: int) -> None:
    """Forget the changes up to a number that everybody who follows the log contains already."""
    catalogue.rows("DELETE FROM change WHERE sequence <= ?", (contained,))
