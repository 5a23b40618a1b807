"""Reads candidates and functions out of the catalogue for one query. Changes nothing and ranks nothing.

Call everything within one ``snapshot`` of the connection, so that an answer shows one committed state.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from ..parsers import Function
from .catalogue import UNKNOWN_TIME, vectors_of
from .ignore import selector
from .lexical import match_expression
from .store import AMONG, listed
from .vector_cache import as_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from .hits import Query
    from .store import Database

# Weights of the full-text columns: name, qualified name, path, signature, doc, comments, body. A word in the name says
# most. Comments count as code does: on the fit split, by words alone, a third of that is .002 MRR@10 better, twice it
# .010 worse.
COLUMN_WEIGHTS = (6.0, 3.0, 2.0, 2.0, 3.0, 1.0, 1.0)

# Scoring takes 1.5 µs for each row that any of the words matches, counting a twentieth of that. Words that would match
# more rows than this in all are left out, the most frequent first, but never the two rarest. Between two values that
# were tried on 1,032 questions in an index of 74,356 functions: hit@5 .538 without a limit, .531 with 20,000 rows, .533
# with 10,000, .515 with 5,000; the slowest hundredth of searches by words took 115, 44, 27 and 17 ms on a busy machine.
MOST_MATCHES = 15_000
LEAST_WORDS = 2

# Stored vectors are rounded to float16; a cosine beyond this is no cosine.
MOST_COSINE = 1.1
# Vectors read at once: 3 MB at 384 dimensions, and a statement far below SQLite's limit.
LABELS_PER_READ = 4_096
# A time of this century in seconds, as a float, is up to 120 ns off; one that was read from a file must still find it.
FLOAT_SLACK_NS = 1_000

# Functions in the drafts of one editor that one word is looked for in.
MOST_MEASURED = 1_000
# What SQLite's ``bm25`` takes for the rarity of a word that more than half of all functions hold.
LEAST_RARITY = 1e-6

_BM25_WEIGHTS = ", ".join(map(str, COLUMN_WEIGHTS))


@dataclass(frozen=True, slots=True)
class Scope:
    """The functions a query may return, as an SQL condition on ``function``. Filters hold before any cut.

    ``is_everything``: nothing is filtered out but functions of files of which another source has a newer text; they and
    their windows are ``hidden`` in number.
    """

    condition: str = ""
    is_everything: bool = True
    hidden: int = 0


def scope_of(catalogue: Database, query: Query, *, below: str, hidden: Iterable[str] = ()) -> Scope:
    """Turn the filters of a query into a condition; ``below`` is a folder or file of the root, ``""`` for all of it.

    Functions of the files ``hidden`` are left out too.
    """
    conditions = []
    if query.languages:
        names = ", ".join(f"'{name}'" for name in query.languages)  # checked against the known ones
        # A script in a page is in two: its own and the page's.
        pages = f"SELECT id FROM file WHERE language IN ({names})"
        conditions.append(f" AND (function.language IN ({names}) OR function.file IN ({pages}))")
    if query.kinds:
        kinds = ", ".join(f"'{kind}'" for kind in query.kinds)  # checked too
        conditions.append(f" AND function.kind IN ({kinds})")
    if query.changed_since is not None:
        since = int(query.changed_since * 1e9) - FLOAT_SLACK_NS
        # The time of a file that had just been changed when it was read is not kept, but that of its status, which is
        # no earlier.
        known = f"iif(mtime_ns = {UNKNOWN_TIME}, ctime_ns, mtime_ns)"
        changed = f"SELECT id FROM file WHERE {known} >= {since}"
        conditions.append(f" AND function.file IN ({changed})")
    if query.paths or below:
        conditions.append(f" AND function.file {_among(_files(catalogue, query.paths, below))}")
    is_everything = not conditions
    count = 0
    if hidden_files := list(_known(catalogue, hidden)):
        among = _among(hidden_files)
        conditions.append(f" AND function.file NOT {among}")
        inside = f"FROM function LEFT JOIN window ON window.function = function.id WHERE file {among}"
        count = catalogue.rows(f"SELECT COUNT(DISTINCT function.id) + COUNT(window.label) {inside}")[0][0]
    return Scope("".join(conditions), is_everything, count)


def _known(catalogue: Database, paths: Iterable[str]) -> Iterator[int]:
    for path in paths:
        for (number,) in catalogue.rows("SELECT id FROM file WHERE path = ?", (os.fsencode(path),)):
            yield number


def _files(catalogue: Database, globs: Sequence[str], below: str) -> Iterator[int]:
    selects = selector(globs)
    for number, raw in catalogue.rows("SELECT id, path FROM file"):
        path = os.fsdecode(raw)
        inside = not below or path == below or path.startswith(f"{below}/")
        if inside and selects(path):
            yield number


def by_words(catalogue: Database, words: Sequence[str], scope: Scope, *, count: int) -> dict[int, float]:
    """Return the BM25 score, higher is better, of the best ``count`` functions that hold any of the telling words."""
    if not words:
        return {}
    expression = match_expression(telling(catalogue, words))
    if scope.is_everything and (found := _among_all(catalogue, expression, scope, count=count)) is not None:
        return found
    # The join leaves out rows of functions that are gone.
    rows = catalogue.rows(
        f"SELECT words.rowid, bm25(words, {_BM25_WEIGHTS}) AS rank"
        " FROM words CROSS JOIN function ON function.id = words.rowid"
        f" WHERE words MATCH ?{scope.condition} ORDER BY rank LIMIT ?",
        (expression, count),
    )
    return {row: -rank for row, rank in rows}


def _among_all(catalogue: Database, expression: str, scope: Scope, *, count: int) -> dict[int, float] | None:
    """Return what `by_words` does where nearly every function is in the scope; None where too many of the best are not.

    Only the best rows are looked up among the functions: joined, every row that matches is, which takes 1.6 times as
    long in all (9,000 of 129,000 functions).
    """
    most = 2 * count
    rows = catalogue.rows(
        f"SELECT rowid, bm25(words, {_BM25_WEIGHTS}) AS rank FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?",
        (expression, most),
    )
    numbers = listed(row for row, _ in rows)
    inside = {
        row for (row,) in catalogue.rows(f"SELECT id FROM function WHERE id {AMONG}{scope.condition}", (numbers,))
    }
    found = [(row, -rank) for row, rank in rows if row in inside]
    return dict(found[:count]) if len(found) >= count or len(rows) < most else None


def telling(catalogue: Database, words: Sequence[str], *, most_matches: int = MOST_MATCHES) -> tuple[str, ...]:
    """Return the rarest words of a query that match ``most_matches`` rows together, in their order."""
    if len(words) <= LEAST_WORDS:
        return tuple(words)
    counts = {word: matches(catalogue, word) for word in words}
    rarest = sorted(words, key=lambda word: counts[word])
    reached = accumulate(counts[word] for word in rarest)
    kept = [
        word
        for place, (word, rows) in enumerate(zip(rarest, reached, strict=True))
        if place < LEAST_WORDS or rows <= most_matches
    ]
    return tuple(word for word in words if word in kept)


def matches(catalogue: Database, word: str) -> int:
    """Count the functions that hold a word, in any form that has its stem."""
    return int(catalogue.rows("SELECT COUNT(*) FROM words WHERE words MATCH ?", (match_expression((word,)),))[0][0])


def by_words_measured(catalogue: Database, measure: Database, words: Sequence[str], scope: Scope) -> dict[int, float]:
    """Return the BM25 score of every function that matches one of some words, as if it were in another catalogue.

    How rare a word is, is told by that other one: a few functions that were just typed tell nothing of it.
    """
    scores: dict[int, float] = {}
    for word in telling(measure, words):
        found = by_words(catalogue, (word,), scope, count=MOST_MEASURED)
        if found:
            share = _rarity(measure, word) / _rarity(catalogue, word)
            for row, score in found.items():
                scores[row] = scores.get(row, 0.0) + share * score
    return scores


def _rarity(catalogue: Database, word: str) -> float:
    """Return the inverse document frequency of a word as SQLite's ``bm25`` computes it."""
    every, holding = catalogue.rows("SELECT COUNT(*) FROM words_docsize")[0][0], matches(catalogue, word)
    found = math.log((every - holding + 0.5) / (holding + 0.5))
    return found if found > 0.0 else LEAST_RARITY


def by_name(catalogue: Database, name: str, scope: Scope, *, count: int) -> list[int]:
    """Return functions of that name, whatever the case, the exact spelling first."""
    rows = catalogue.rows(
        f"SELECT id FROM function WHERE name = ?{scope.condition} ORDER BY name = ? COLLATE BINARY DESC, id LIMIT ?",
        (name, name, count),
    )
    return [row for (row,) in rows]


def names_of_length(catalogue: Database, least: int, most: int, scope: Scope) -> list[str]:
    """Return the distinct names of functions that have so many characters, underscores not counted."""
    rows = catalogue.rows(
        "SELECT DISTINCT name COLLATE BINARY FROM function"
        f" WHERE length(replace(name, '_', '')) BETWEEN ? AND ?{scope.condition}",
        (least, most),
    )
    return [name for (name,) in rows]


class Named(NamedTuple):
    """What ranking needs to know of a function, by its row."""

    row: int
    label: int
    path: str
    name: str
    qualified_name: str
    signature: str
    is_declaration: bool
    is_test: bool
    is_generated: bool


def by_labels(catalogue: Database, labels: Iterable[int], scope: Scope) -> list[Named]:
    """Return the functions that have one of the labels, as their own or as a window's."""
    chosen = listed(labels)
    windowed = f"function.id IN (SELECT function FROM window WHERE label {AMONG})"
    return _named(catalogue, f"(function.label {AMONG} OR {windowed}){scope.condition}", chosen, chosen)


def by_rows(catalogue: Database, rows: Iterable[int]) -> list[Named]:
    """Return functions by their rows."""
    return _named(catalogue, f"function.id {AMONG}", listed(rows))


def _named(catalogue: Database, condition: str, *numbers: str) -> list[Named]:
    found = catalogue.rows(
        "SELECT function.id, label, path, name, qualified_name, signature, is_declaration, is_test, is_generated"
        f" FROM function CROSS JOIN file ON file.id = function.file WHERE {condition}",
        numbers,
    )
    return [
        Named(row, label, os.fsdecode(path), name, qualified_name, signature, *map(bool, marks))
        for row, label, path, name, qualified_name, signature, *marks in found
    ]


def labels_in(catalogue: Database, scope: Scope) -> list[int]:
    """Return the distinct labels of all functions in the scope and of their windows."""
    found = catalogue.rows(
        f"SELECT label FROM function WHERE 1{scope.condition} UNION SELECT window.label FROM function"
        f" CROSS JOIN window ON window.function = function.id WHERE 1{scope.condition}"
    )
    return [label for (label,) in found]


def labels_of(catalogue: Database, functions: Iterable[Named]) -> dict[int, list[int]]:
    """Return the labels of each function, its own and those of its windows, by its row."""
    labels = {one.row: [one.label] for one in functions}
    windows = catalogue.rows(f"SELECT function, label FROM window WHERE function {AMONG}", (listed(labels),))
    for row, label in windows:
        labels[row].append(label)
    return labels


def labels_among(catalogue: Database, labels: Iterable[int], scope: Scope) -> list[int]:
    """Return those of some labels that a function in the scope has, or a window of one."""
    chosen = listed(labels)
    found = catalogue.rows(
        f"SELECT label FROM function WHERE label {AMONG}{scope.condition} UNION SELECT window.label FROM window"
        f" CROSS JOIN function ON function.id = window.function WHERE window.label {AMONG}{scope.condition}",
        (chosen, chosen),
    )
    return [label for (label,) in found]


def cosines(catalogue: Database, model: int, labels: Iterable[int], vector: NDArray[np.float32]) -> dict[int, float]:
    """Return the cosine of each label that has a stored vector with a unit vector of shape ``(dimension,)``."""
    found = [(label, value) for label, value in vectors_of(catalogue, model, labels) if len(value) == 2 * len(vector)]
    if not found:
        return {}
    scores = as_rows([value for _, value in found], len(vector)) @ vector
    # A model's mistake, such as not-a-number, must not decide an order.
    return {label: float(score) for (label, _), score in zip(found, scores, strict=True) if abs(score) <= MOST_COSINE}


def nearest_exactly(
    catalogue: Database, model: int, labels: Sequence[int], *, vector: NDArray[np.float32], count: int
) -> list[int]:
    """Return the ``count`` labels nearest to a unit vector, nearest first, by comparing every stored vector."""
    best: dict[int, float] = {}
    for start in range(0, len(labels), LABELS_PER_READ):
        best.update(cosines(catalogue, model, labels[start : start + LABELS_PER_READ], vector))
        best = dict(sorted(best.items(), key=lambda item: (-item[1], item[0]))[:count])
    return list(best)


_FUNCTION_COLUMNS = ", ".join(f"function.{name}" for name in Function._fields)


def functions_of(catalogue: Database, rows: Sequence[int]) -> dict[int, tuple[str, Function]]:
    """Return (path, function) of each row."""
    found = catalogue.rows(
        f"SELECT function.id, path, {_FUNCTION_COLUMNS} FROM function CROSS JOIN file ON file.id = function.file"
        f" WHERE function.id {AMONG}",
        (listed(rows),),
    )
    # The three marks are last, and SQLite has no truth values.
    return {row[0]: (os.fsdecode(row[1]), Function(*row[2:-3], *map(bool, row[-3:]))) for row in found}


def _among(numbers: Iterable[int]) -> str:
    """Return `AMONG` with its numbers in it, without a parameter: a condition is part of many statements."""
    return AMONG.replace("?", f"'{listed(numbers)}'")
