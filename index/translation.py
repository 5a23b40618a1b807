"""A query in another language than English, as English words: what code is written in, and what most models read.

Word by word, by the glossaries; no grammar. A query that is a name of the code, or whose words all stand in it, such as
one in the language of its comments, is left alone; where no spaces are, only a name is. Changes nothing on disk.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .english import is_english
from .glossaries import SPACED, UNSPACED, english_of, entries, glossary, in_run, is_silent
from .lexical import MAX_QUERY_WORDS, STOP_WORDS, as_identifier
from .vocabulary import holds, holds_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from .glossaries import Glossary
    from .store import Database

# So many of the words of a sentence are known in its language, or of the characters where words are not written apart.
LEAST_KNOWN = 0.5
# Shorter words are in too many languages to tell one.
LEAST_LETTERS = 3
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff々"
_RUN = re.compile(f"[{_UNSPACED}]+")
_KANA = re.compile("[\u3040-\u30ff]")
_PIECE = re.compile(rf"[{_UNSPACED}]+|[^\s{_UNSPACED}]+")
_WORD = re.compile(r"[^\W\d_]+")
_EDGES = re.compile(r"^\W+|\W+$")


def translated(text: str, catalogues: Collection[Database]) -> str:
    """Return the English words for a query in another language that is known; "" for all others."""

    def is_held(word: str) -> bool:
        return any(holds(one, word) for one in catalogues)

    if _is_name(as_identifier(text), catalogues):
        return ""
    if runs := _RUN.findall(text):
        return _of_unspaced(text, "".join(runs))
    words = [word.lower() for word in _WORD.findall(text)]
    may_be = len(words) <= MAX_QUERY_WORDS and any(_is_foreign(word) for word in words)
    if not may_be or all(len(word) < LEAST_LETTERS or is_held(word) or _is_in_english(word) for word in words):
        return ""
    return _of_spaced(text, words, is_held=is_held)


def _is_name(identifier: Sequence[str], catalogues: Collection[Database]) -> bool:
    """Say whether an identifier is no word of a sentence: it has scopes or underscores, or a function has its name."""
    return bool(identifier) and (
        len(identifier) > 1 or "_" in identifier[0] or any(holds_name(one, identifier[0]) for one in catalogues)
    )


def _is_foreign(word: str) -> bool:
    """Say whether a word may be of another language than English, before anything that takes long is looked at."""
    return not word.isascii() or any(word in entries(name) for name in SPACED)


def _of_unspaced(text: str, run: str) -> str:
    books = [glossary(name) for name in (("ja",) if _KANA.search(run) else UNSPACED)]
    known = {book.name: sum(len(word) for word, _ in in_run(book, run)) for book in books}
    book = max(books, key=lambda one: known[one.name])
    if known[book.name] < LEAST_KNOWN * len(run):
        return ""
    pieces = _PIECE.findall(text)
    return _once(_of_run(book, piece) if _RUN.match(piece) else _EDGES.sub("", piece) for piece in pieces)


def _of_run(book: Glossary, run: str) -> str:
    return " ".join(english for _, english in in_run(book, run) if english)


def _of_spaced(text: str, words: list[str], *, is_held: Callable[[str], bool]) -> str:
    books = [glossary(name) for name in SPACED]
    known = {book.name: [word for word in words if _is_known(book, word)] for book in books}
    book = max(books, key=lambda one: len(known[one.name]))
    own = sum(not _is_in_english(word) and english_of(book, word) != word for word in known[book.name])
    english = sum(_is_in_english(word) for word in words if not is_silent(book, word))
    if len(known[book.name]) < LEAST_KNOWN * len(words) or own <= english:
        return ""
    return _once(_of_word(book, piece, is_held) for piece in _PIECE.findall(text))


def _is_in_english(word: str) -> bool:
    return word in STOP_WORDS or is_english(word)


def _is_known(book: Glossary, word: str) -> bool:
    return is_silent(book, word) or bool(english_of(book, word))


def _of_word(book: Glossary, piece: str, is_held: Callable[[str], bool]) -> str:
    """Return the English of one piece of a sentence; what is not known stays if it is English or the code holds it."""
    bare = _EDGES.sub("", piece)
    parts = [word.lower() for word in _WORD.findall(bare)]
    if all(is_silent(book, word) for word in parts):
        return ""
    english = [english_of(book, word) for word in parts if not is_silent(book, word)]
    if any(english):
        return " ".join(filter(None, english))
    return bare if any(is_english(word) or is_held(word) for word in parts) else ""


def _once(pieces: Iterable[str]) -> str:
    """Return the words of some pieces, each of them once."""
    return " ".join(dict.fromkeys(word for piece in pieces for word in piece.split()))
