"""What a file holds now, put in the place of what it held: its functions, their passages' counts and their words.

Each call belongs into a transaction of the catalogue's writer. Reads no file and computes no vector.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ..parsers import Function
from .catalogue import forget_texts
from .change_log import log_changes, log_embedded
from .entries import Words
from .store import AMONG, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .catalogue import FileRecord
    from .entries import Entry
    from .store import Database

_OF_FILE = "WHERE file = (SELECT id FROM file WHERE path = ?)"
_KEEP_FILE = (
    "INSERT INTO file (path, size, mtime_ns, ctime_ns, inode, digest, language, problem, marks)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET size = excluded.size,"
    " mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns, inode = excluded.inode, digest = excluded.digest,"
    " language = excluded.language, problem = excluded.problem, marks = excluded.marks RETURNING id"
)
_INSERT_FUNCTION = (
    f"INSERT INTO function (id, file, label, words_digest, {', '.join(Function._fields)})"
    f" VALUES (?, ?, ?, ?{', ?' * len(Function._fields)})"
)
_DISCOUNT = "UPDATE passage SET functions = functions - ? WHERE label = ?"
_DISCOUNT_WINDOW = "UPDATE passage SET windows = windows - 1 WHERE label = ?"
_DELETE_FUNCTION = "DELETE FROM function WHERE id = ?"
_UPDATE_FUNCTION = f"UPDATE function SET label = ?, {' = ?, '.join(Function._fields)} = ? WHERE id = ?"
_INSERT_WORDS = f"INSERT INTO words (rowid, {', '.join(Words._fields)}) VALUES (?{', ?' * len(Words._fields)})"

# The text waits only where no vector of it is there. One statement, because there is one for each function.
_COUNT = (
    "INSERT INTO passage (digest, functions, windows, pending) VALUES (?1, ?3, ?4,"
    " CASE WHEN EXISTS (SELECT 1 FROM cache.vector WHERE model = ?2 AND digest = ?1) THEN NULL ELSE 1 END)"
    " ON CONFLICT (digest) DO UPDATE SET functions = functions + ?3, windows = windows + ?4, pending = excluded.pending"
    " RETURNING label, pending IS NULL"
)


class Replaced(NamedTuple):
    """The labels whose liveness may have changed, and the rows of words that are still to be put."""

    labels: set[int]
    words: list[tuple[object, ...]]


def replace_file(catalogue: Database, record: FileRecord, entries: Sequence[Entry], *, model: int) -> set[int]:
    """Replace all that is known of a file; return the labels whose liveness may have changed.

    A passage that has a vector of ``model`` in the cache gets no pending text. Call within a transaction.
    """
    replaced = replace_but_words(catalogue, record, entries, model=model)
    put_words(catalogue, replaced.words)
    return replaced.labels


def replace_but_words(catalogue: Database, record: FileRecord, entries: Sequence[Entry], *, model: int) -> Replaced:
    """Do as `replace_file` does, but for the words: of many files they are put together, at the end of a transaction.

    The full-text engine collects them in memory, and writes that out before any statement that might have to be undone
    on its own: once for each file is a seventh of the writer's time.
    """
    stored = _stored(catalogue, record.path)
    before = _discount(catalogue, stored)
    (file,) = catalogue.rows(_KEEP_FILE, (os.fsencode(record.path), *record[1:]))[0]
    # The text of each label that something has now, None where it has a vector.
    labels: dict[int, str | None] = {}
    numbered = [(_label(catalogue, entry, model, labels=labels), entry) for entry in entries]
    kept, new = _keep_functions(catalogue, file, numbered, stored=stored)
    windows = [
        (row, label) for row, entry in (*kept, *new) for label in _windows(catalogue, entry, model, labels=labels)
    ]
    catalogue.many("INSERT OR IGNORE INTO window (function, label) VALUES (?, ?)", windows)
    _keep_waiting(catalogue, labels)
    log_changes(catalogue, {label for label, text in labels.items() if text is None} - before)
    log_embedded(catalogue, before - labels.keys())
    return Replaced(before | labels.keys(), [(row, *entry.text.words) for row, entry in new])


def put_words(catalogue: Database, rows: Iterable[tuple[object, ...]]) -> None:
    """Put the words of functions, each with the function's row before them."""
    catalogue.many(_INSERT_WORDS, rows)


def _keep_functions(
    catalogue: Database, file: int, entries: Sequence[tuple[int, Entry]], *, stored: Iterable[tuple[int, int, bytes]]
) -> tuple[list[tuple[int, Entry]], list[tuple[int, Entry]]]:
    """Bring a file's functions to these; return the rows of those that were there, and of the new ones.

    One whose words are the same keeps its row, which is much cheaper. A row of words that nothing belongs to any more
    stays behind, see `wasted_words`.
    """
    rows: dict[bytes, list[int]] = {}
    for row, _, words_digest in stored:
        rows.setdefault(words_digest, []).append(row)
    kept: list[tuple[int, int, Entry]] = []
    new: list[tuple[int, Entry]] = []
    for label, entry in entries:
        if same := rows.get(entry.text.words_digest):
            kept.append((same.pop(0), label, entry))
        else:
            new.append((label, entry))
    catalogue.many(_DELETE_FUNCTION, ((row,) for row in itertools.chain(*rows.values())))
    catalogue.many(_UPDATE_FUNCTION, ((label, *entry.function, row) for row, label, entry in kept))
    first = catalogue.rows("SELECT COALESCE(MAX(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'function'")[0][0]
    numbered = [(first + place, label, entry) for place, (label, entry) in enumerate(new)]
    catalogue.many(
        _INSERT_FUNCTION,
        ((row, file, label, entry.text.words_digest, *entry.function) for row, label, entry in numbered),
    )
    return [(row, entry) for row, _, entry in kept], [(row, entry) for row, _, entry in numbered]


def remove_file(catalogue: Database, path: str) -> set[int]:
    """Remove a file and its functions; return their labels. Unknown paths are no error. Call within a transaction."""
    stored = _stored(catalogue, path)
    labels = _discount(catalogue, stored)
    catalogue.many(_DELETE_FUNCTION, ((row,) for row, _, _ in stored))
    catalogue.rows("DELETE FROM file WHERE path = ?", (os.fsencode(path),))
    log_embedded(catalogue, labels)
    return labels


def _stored(catalogue: Database, path: str) -> list[tuple[int, int, bytes]]:
    """Return row, label and digest of the words of every function of a file."""
    rows = catalogue.rows(f"SELECT id, label, words_digest FROM function {_OF_FILE}", (os.fsencode(path),))
    return [(row, label, digest) for row, label, digest in rows]


def _discount(catalogue: Database, stored: Sequence[tuple[int, int, bytes]]) -> set[int]:
    """Count functions out of their passages and their windows, which are forgotten; return the labels of all.

    One by one: before a statement that changes several rows the full-text engine writes out what it has collected.
    """
    counts = Counter(label for _, label, _ in stored)
    catalogue.many(_DISCOUNT, ((count, label) for label, count in counts.items()))
    windows = catalogue.rows(
        f"SELECT function, label FROM window WHERE function {AMONG}",
        (listed(row for row, _, _ in stored),),
    )
    catalogue.many(_DISCOUNT_WINDOW, ((label,) for _, label in windows))
    catalogue.many("DELETE FROM window WHERE function = ? AND label = ?", windows)
    return counts.keys() | {label for _, label in windows}


def _keep_waiting(catalogue: Database, texts: Mapping[int, str | None]) -> None:
    """Store the texts of labels that wait for a vector, and forget those of labels that wait no more."""
    catalogue.many(
        "INSERT OR REPLACE INTO waiting (label, text) VALUES (?, ?)",
        ((label, text) for label, text in texts.items() if text is not None),
    )
    forget_texts(catalogue, ((label,) for label, text in texts.items() if text is None))


def _label(catalogue: Database, entry: Entry, model: int, *, labels: dict[int, str | None]) -> int:
    """Count one more function of a passage; return the passage's label, and note its text if that has no vector."""
    text = entry.text
    ((label, is_embedded),) = catalogue.rows(_COUNT, (text.digest, model, 1, 0))
    labels[label] = None if is_embedded else text.passage
    return int(label)


def _windows(catalogue: Database, entry: Entry, model: int, *, labels: dict[int, str | None]) -> Iterator[int]:
    """Count the windows of a function, each text once, and yield their labels, as `_label` does."""
    for digest, text in {digest: text for text, digest in entry.text.windows}.items():
        ((label, is_embedded),) = catalogue.rows(_COUNT, (digest, model, 0, 1))
        labels[label] = None if is_embedded else text
        yield int(label)
