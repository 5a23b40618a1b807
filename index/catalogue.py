"""The truth about one root: its files, their functions, and which passages still wait for a vector.

A writer changes it through the functions below, each one transaction; ``retrieval`` reads it. The graph, the full-text
rows and every answer follow from it. Never computes a vector and never opens a user's file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from .change_log import log_changes
from .store import AMONG, Database, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .store import Row

# 1: setting, file, passage, function, words. 2: the function around a function, and its marks.
# 3: the marks of a file. 4: change and generation. 5: the digest of a function's words.
# 6: the windows of long functions. 7: a column of comments. 8: waiting texts in a table of their own.
FORMAT_VERSION = 8
# Stands for the time of change of a file that must be looked at again: it might change once more within that time.
UNKNOWN_TIME = -1

# Whether anything has the label of a passage.
ALIVE = "functions + windows > 0"

# Words are stemmed and without accents.
TOKENIZER = "porter unicode61 remove_diacritics 2"

# Paths are stored as the bytes the disk has, because a name need not be valid UTF-8.
# passage.functions counts the functions whose text it is, passage.windows those of which it is a window: what a model
# reads of a long function beyond that. A label with neither is dead, and kept so that an undo finds it again.
# words keeps no text, only what finds a row (a third of the space), so its rows cannot be deleted one by one: those of
# functions that are gone stay until all are put anew (see renewal); a join with function, whose ids never come back,
# leaves them out.
# change is the log that every graph follows: see change_log. generation tells of its saved states: see generations.
# passage.pending is 1 until the passage has a vector, then NULL. Its text is in waiting meanwhile, unless it must be
# read again: a table of its own, because rows that shrink leave their pages half empty, rows that go leave free ones.
SCHEMA = f"""\
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL, inode INTEGER NOT NULL, digest BLOB NOT NULL, language TEXT NOT NULL, problem TEXT,
    marks INTEGER NOT NULL);
CREATE TABLE passage (label INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE,
    functions INTEGER NOT NULL, windows INTEGER NOT NULL, pending INTEGER);
CREATE INDEX passage_pending ON passage (label, functions, windows) WHERE pending IS NOT NULL;
CREATE TABLE waiting (label INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE window (function INTEGER NOT NULL, label INTEGER NOT NULL, PRIMARY KEY (function, label)) WITHOUT ROWID;
CREATE INDEX window_label ON window (label);
CREATE TABLE function (id INTEGER PRIMARY KEY AUTOINCREMENT, file INTEGER NOT NULL, label INTEGER NOT NULL,
    words_digest BLOB NOT NULL, language TEXT NOT NULL, kind TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE, qualified_name TEXT NOT NULL,
    signature TEXT NOT NULL, doc TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    name_start INTEGER NOT NULL, name_end INTEGER NOT NULL,
    start_line INTEGER NOT NULL, end_line INTEGER NOT NULL, name_line INTEGER NOT NULL,
    enclosing TEXT NOT NULL, is_declaration INTEGER NOT NULL, is_test INTEGER NOT NULL, is_generated INTEGER NOT NULL);
CREATE INDEX function_file ON function (file);
CREATE INDEX function_label ON function (label);
CREATE INDEX function_name ON function (name);
CREATE VIRTUAL TABLE words USING fts5 (name, qualified_name, path, signature, doc, comments, body,
    content = '', tokenize = '{TOKENIZER}');
CREATE TABLE change (sequence INTEGER PRIMARY KEY AUTOINCREMENT, label INTEGER NOT NULL);
CREATE TABLE generation (number INTEGER PRIMARY KEY AUTOINCREMENT, file TEXT NOT NULL, size INTEGER NOT NULL,
    keyed_hash TEXT NOT NULL, sequence INTEGER NOT NULL, model TEXT NOT NULL, labels INTEGER NOT NULL,
    dimension INTEGER NOT NULL, m INTEGER NOT NULL, ef_construction INTEGER NOT NULL, library TEXT NOT NULL)
"""


class FileRecord(NamedTuple):
    """What is known of a file: its state on disk when it was read, and why it holds no functions if it holds none.

    ``marks`` are those of `files.FoundFile`.
    """

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    digest: bytes
    language: str
    problem: str | None
    marks: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """How complete the index is: live functions, how many of them have a vector, and files.

    ``waiting`` counts the passages without one, windows among them, which come last.
    """

    functions: int
    embedded: int
    files: int
    waiting: int = 0


def open_catalogue(path: Path, vector_cache: Path) -> Database:
    """Open or create the catalogue of a root with the vector cache reachable as ``cache``; raises IndexFailure."""
    database = Database(path, schema=SCHEMA, version=FORMAT_VERSION)
    database.attach(vector_cache, "cache")
    return database


def open_catalogue_in_memory(vector_cache: Path) -> Database:
    """Return an empty catalogue that no file holds, with the vector cache reachable as ``cache``; raises IndexFailure.

    The cache must be there.
    """
    database = Database(Path("memory"), schema=SCHEMA, version=FORMAT_VERSION, is_in_memory=True)
    database.attach(vector_cache, "cache")
    return database


def setting(catalogue: Database, name: str) -> str | None:
    """Return a stored setting, None where there is none."""
    found = catalogue.rows("SELECT value FROM setting WHERE name = ?", (name,))
    return str(found[0][0]) if found else None


def keep_setting(catalogue: Database, name: str, value: str) -> None:
    """Store a setting."""
    catalogue.rows("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, value))


def generation(catalogue: Database) -> int:
    """Return the number of the last change that searches can see; it only rises."""
    return int(setting(catalogue, "changes") or 0)


def advance(catalogue: Database) -> None:
    """Count one more change that searches can see. Call within its transaction."""
    catalogue.rows(
        "INSERT INTO setting (name, value) VALUES ('changes', '1')"
        " ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
    )


# What a scan is compared with: path, size, both times, inode, marks and digest, of which all but the last are found
# without reading a file. Plain rows: objects of fifty thousand of them would take longer to make than to read.
KnownFile: TypeAlias = tuple[bytes, int, int, int, int, int, bytes]
_SELECT_FILES = "SELECT path, size, mtime_ns, ctime_ns, inode, marks, digest FROM file"


def known_files(catalogue: Database, below: str = "") -> dict[str, KnownFile]:
    """Return every known file by its path, or only those at and below one path."""
    if not below:
        return _by_path(catalogue.rows(_SELECT_FILES))
    path = os.fsencode(below)
    # "0" is the byte after "/": the range of all that begins with the folder's path and a slash.
    within = f"{_SELECT_FILES} WHERE path = ? OR (path > ? AND path < ?)"
    return _by_path(catalogue.rows(within, (path, path + b"/", path + b"0")))


def known_file(catalogue: Database, path: str) -> KnownFile | None:
    """Return what is known of one file, None where nothing is."""
    found = catalogue.rows(f"{_SELECT_FILES} WHERE path = ?", (os.fsencode(path),))
    return _by_path(found).get(path)


def _by_path(rows: Sequence[Row]) -> dict[str, KnownFile]:
    # Decoded all at once, in a third of the time; no path holds a NUL.
    paths = os.fsdecode(b"\0".join(map(itemgetter(0), rows))).split("\0") if rows else []
    return dict(zip(paths, rows, strict=True))


def forget_contents(catalogue: Database) -> None:
    """Make every file count as changed, so that the next scan reads and extracts it again."""
    catalogue.rows(f"UPDATE file SET digest = x'', mtime_ns = {UNKNOWN_TIME}")


def disown_vectors(catalogue: Database, model: int) -> int:
    """Mark live passages that have no vector of ``model`` in the cache, and return how many were thought to have one.

    That happens when the model changes or the cache is deleted. If there are any, every file counts as changed, so that
    the next scan brings their texts back.
    """
    with catalogue.transaction():
        disowned = catalogue.rows(
            f"UPDATE passage SET pending = 1 WHERE {ALIVE} AND pending IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM cache.vector WHERE model = ? AND vector.digest = passage.digest) RETURNING label",
            (model,),
        )
        log_changes(catalogue, (label for (label,) in disowned))
        if disowned:
            forget_contents(catalogue)
            advance(catalogue)
    return len(disowned)


def own_vectors(catalogue: Database, model: int) -> None:
    """Let passages that wait for a vector have that of ``model`` which the cache has already.

    That happens when they were stored before there was a model, or while another one was used.
    """
    with catalogue.transaction():
        owned = catalogue.rows(
            f"UPDATE passage SET pending = NULL WHERE {ALIVE} AND pending IS NOT NULL AND EXISTS"
            " (SELECT 1 FROM cache.vector WHERE model = ? AND vector.digest = passage.digest) RETURNING label",
            (model,),
        )
        forget_texts(catalogue, owned)
        log_changes(catalogue, (label for (label,) in owned))
        if owned:
            advance(catalogue)


def word_rows(catalogue: Database) -> int:
    """Return the number of full-text rows, those of functions that are gone too."""
    return int(catalogue.rows("SELECT COUNT(*) FROM words_docsize")[0][0])


def wasted_words(catalogue: Database) -> float:
    """Return the share of full-text rows whose functions are gone."""
    rows = word_rows(catalogue)
    return 1.0 - catalogue.rows("SELECT COUNT(*) FROM function")[0][0] / rows if rows else 0.0


def drop_words(catalogue: Database) -> None:
    """Empty the full-text rows and make every file count as changed; the next scan fills them again."""
    with catalogue.transaction():
        catalogue.rows("INSERT INTO words (words) VALUES ('delete-all')")
        # Or their functions would pass for those whose words are there.
        catalogue.rows("UPDATE function SET words_digest = x''")
        forget_contents(catalogue)


def keep_stamp(catalogue: Database, record: FileRecord) -> None:
    """Store the new state on disk of a file whose content is the same."""
    catalogue.rows(
        "UPDATE file SET size = ?, mtime_ns = ?, ctime_ns = ?, inode = ?, marks = ? WHERE path = ?",
        (record.size, record.mtime_ns, record.ctime_ns, record.inode, record.marks, os.fsencode(record.path)),
    )


def newest_label(catalogue: Database) -> int:
    """Return the highest label there is, 0 where there is none."""
    return int(catalogue.rows("SELECT COALESCE(MAX(label), 0) FROM passage")[0][0])


def pending_passages(
    catalogue: Database, count: int, *, since: int = 0, first: Iterable[int] = ()
) -> list[tuple[int, bytes, str]]:
    """Return up to ``count`` (label, digest, text) without a vector, those of labels in ``first`` before all others.

    Of those, labels above ``since`` come first and the newest before the others, so that a save need not wait; the rest
    in the order they were found, which is that of their files' urgency. Windows come last, so that every function can
    be found by meaning sooner.
    """
    orders: list[tuple[str, tuple[object, ...]]] = [
        (f"{ALIVE} AND label {AMONG} ORDER BY functions = 0, label", (listed(first),)),
        ("functions > 0 AND label > ? ORDER BY label DESC", (since,)),
        ("functions > 0 AND label <= ? ORDER BY label", (since,)),
        ("functions = 0 AND windows > 0 ORDER BY label", ()),
    ]
    found: dict[int, tuple[int, bytes, str]] = {}
    for where, parameters in orders:
        if len(found) < count:
            found |= {one[0]: one for one in _pending(catalogue, count, where, parameters)}
    return list(found.values())[:count]


def waiting_labels(catalogue: Database, paths: Iterable[str]) -> list[int]:
    """Return the labels of some files' functions whose text waits for a vector."""
    found: list[int] = []
    for path in paths:
        inside = "FROM file JOIN function ON function.file = file.id"
        rows = catalogue.rows(
            f"SELECT label FROM (SELECT function.label {inside} WHERE file.path = ?1 UNION"
            f" SELECT window.label {inside} JOIN window ON window.function = function.id WHERE file.path = ?1)"
            " JOIN passage USING (label) WHERE pending IS NOT NULL",
            (os.fsencode(path),),
        )
        found += [label for (label,) in rows]
    return found


def _pending(catalogue: Database, count: int, where: str, parameters: Sequence[object]) -> list[tuple[int, bytes, str]]:
    rows = catalogue.rows(
        "SELECT label, digest, text FROM passage CROSS JOIN waiting USING (label)"
        f" WHERE pending IS NOT NULL AND {where} LIMIT ?",
        (*parameters, count),
    )
    return [(label, digest, text) for label, digest, text in rows]


def is_embedded(catalogue: Database) -> bool:
    """Say whether every live passage has a vector of the present model."""
    return not catalogue.rows(f"SELECT 1 FROM passage WHERE pending IS NOT NULL AND {ALIVE} LIMIT 1")


def settle_passages(catalogue: Database, labels: Iterable[int]) -> None:
    """Note that these labels have their vectors now."""
    settled = [(label,) for label in labels]
    with catalogue.transaction():
        catalogue.many("UPDATE passage SET pending = NULL WHERE label = ?", settled)
        forget_texts(catalogue, settled)
        log_changes(catalogue, (label for (label,) in settled))
        advance(catalogue)


def forget_texts(catalogue: Database, labels: Iterable[Row]) -> None:
    """Forget the texts of passages, given as rows of a label each, that wait no more. Call within the transaction."""
    catalogue.many("DELETE FROM waiting WHERE label = ?", labels)


def coverage(catalogue: Database) -> Coverage:
    """Count live functions, those with a vector, and files."""
    functions, files, waiting, passages = catalogue.rows(
        "SELECT (SELECT COUNT(*) FROM function), (SELECT COUNT(*) FROM file), COALESCE(SUM(functions), 0),"
        f" COALESCE(SUM({ALIVE}), 0) FROM passage WHERE pending IS NOT NULL"
    )[0]
    return Coverage(functions, functions - waiting, files, passages)


def live_labels(catalogue: Database) -> set[int]:
    """Return every label that some function has, as its own or as a window's."""
    return {label for (label,) in catalogue.rows(f"SELECT label FROM passage WHERE {ALIVE}")}


def vectors_of(
    catalogue: Database, model: int, labels: Iterable[int], *, dead_too: bool = False
) -> list[tuple[int, bytes]]:
    """Return (label, stored vector) for those of ``labels`` that are alive and have a vector of ``model``."""
    alive = "" if dead_too else f" AND {ALIVE}"
    return [
        (label, value)
        for label, value in catalogue.rows(
            # CROSS: from the few labels to their vectors; SQLite would choose to walk all vectors of the model.
            "SELECT passage.label, vector.value FROM passage CROSS JOIN cache.vector"
            " ON vector.model = ? AND vector.digest = passage.digest"
            f" WHERE passage.label {AMONG}{alive}",
            (model, listed(labels)),
        )
    ]
