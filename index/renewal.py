"""Full-text rows put anew without those of functions that are gone, which cost every query time and memory.

In one transaction: searches see the rows of before until it is done. Reads no file; `code_index` hands in the words.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .catalogue import UNKNOWN_TIME, wasted_words, word_rows
from .replacement import put_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .entries import Words
    from .store import Database

# Shares of the rows that are waste: so much after a while without a change, and so much whatever goes on. Reading and
# putting 15,000 functions holds changes up for a second, of which the transaction is a quarter.
MOST_AT_REST, MOST_EVER = 0.5, 0.8
REST_SECONDS = 30.0
# Counting the rows takes milliseconds, and it takes thousands of changes to make a difference.
PAUSE_SECONDS = 60.0
# Few rows cost nothing. The words of more functions at once would take too much memory: they wait for the next opening.
LEAST_ROWS, MOST_FUNCTIONS = 5_000, 50_000
# Of the functions: more than change while all are read.
MOST_MISSING = 0.1
_FORGET_FILE = (
    f"UPDATE file SET digest = x'', mtime_ns = {UNKNOWN_TIME} WHERE id = (SELECT file FROM function WHERE id = ?)"
)


class Waste:
    """When the rows of one catalogue are to be put anew."""

    def __init__(self) -> None:
        """Look at nothing before a while has passed."""
        self._looked_at = self._changed_at = time.monotonic()

    def changed(self) -> None:
        """Note that something was committed."""
        self._changed_at = time.monotonic()

    def is_due(self, catalogue: Database) -> bool:
        """Say whether so much is waste that it is worth the time."""
        now = time.monotonic()
        if now - self._looked_at < PAUSE_SECONDS:
            return False
        self._looked_at = now
        rows, wasted = word_rows(catalogue), wasted_words(catalogue)
        if rows < LEAST_ROWS or rows * (1 - wasted) > MOST_FUNCTIONS:
            return False
        return wasted > (MOST_AT_REST if now - self._changed_at > REST_SECONDS else MOST_EVER)


def put_anew(catalogue: Database, words: Mapping[bytes, Words]) -> bool:
    """Put the words of every function, by their digest, in the place of all rows.

    A file of which a function's words are not there counts as changed; returns whether there was one. Where many are
    not there nothing is done: they were read from something else than what the catalogue holds.
    """
    with catalogue.transaction():
        functions = catalogue.rows("SELECT id, words_digest FROM function")
        missing = [(row,) for row, digest in functions if digest not in words]
        if len(missing) > MOST_MISSING * len(functions):
            return False
        catalogue.rows("INSERT INTO words (words) VALUES ('delete-all')")
        put_words(catalogue, ((row, *words[digest]) for row, digest in functions if digest in words))
        catalogue.many(_FORGET_FILE, missing)
        catalogue.many("UPDATE function SET words_digest = x'' WHERE id = ?", missing)
    return bool(missing)
