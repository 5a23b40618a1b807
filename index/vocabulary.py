"""The words and names that an index holds, the words as its full-text engine stems them.

The tables it makes are the connection's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .catalogue import TOKENIZER

if TYPE_CHECKING:
    from .store import Database

# The character after "z": what begins with some letters sorts below them with it at their end.
_PAST_LETTERS = "{"
_TABLES = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, words, row)",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.typed USING fts5(word, tokenize = '{TOKENIZER}')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.stemmed USING fts5vocab(temp, typed, instance)",
)


def holds(catalogue: Database, word: str) -> bool:
    """Say whether a function holds a word of letters, in any form that has its stem."""
    return bool(catalogue.rows("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (f'"{word}"',)))


def holds_name(catalogue: Database, name: str) -> bool:
    """Say whether a function has a name, whatever the case."""
    return bool(catalogue.rows("SELECT 1 FROM function WHERE name = ? LIMIT 1", (name,)))


def holds_beginning(catalogue: Database, word: str) -> bool:
    """Say whether a function holds a word whose stem begins with some letters."""
    _prepare(catalogue)
    found = catalogue.rows(
        "SELECT 1 FROM temp.vocabulary WHERE term >= ? AND term < ? LIMIT 1", (word, word + _PAST_LETTERS)
    )
    return bool(found)


def stem_of(catalogue: Database, word: str) -> str:
    """Return the stem of a word of letters, as the engine makes it."""
    _prepare(catalogue)
    catalogue.rows("DELETE FROM temp.typed")
    catalogue.rows("INSERT INTO temp.typed VALUES (?)", (word,))
    stems = catalogue.rows("SELECT term FROM temp.stemmed")
    return str(stems[0][0]) if stems else word


def stems_from(catalogue: Database, letter: str) -> dict[str, int]:
    """Return the stems that begin with a letter of ASCII, each with the number of functions that hold it."""
    _prepare(catalogue)
    rows = catalogue.rows(
        "SELECT term, doc FROM temp.vocabulary WHERE term >= ? AND term < ?", (letter, letter + _PAST_LETTERS)
    )
    return {str(term): int(count) for term, count in rows}


def _prepare(catalogue: Database) -> None:
    for table in _TABLES:
        catalogue.rows(table)
