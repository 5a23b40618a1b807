"""What is stored about one function: the function itself, what a model reads of it, and the words it is found by. Pure.

Made in the worker processes, next to the parser, because splitting words costs as much as parsing.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from ..parsers import fingerprint_of_all
from .credentials import MASK_VERSION
from .lexical import spread, spread_and_whole
from .passages import MAX_CODE_CHARACTERS, PASSAGE_VERSION, passage, windows

if TYPE_CHECKING:
    from ..parsers import Extraction, Function

# 128 bits: two different passages of one index collide with a probability below 1e-26 at a million passages.
DIGEST_BYTES = 16
# 64 bits: it is only compared with those of the functions that the same file had before.
WORDS_DIGEST_BYTES = 8

# Raising this number makes every file be read again. 1: six columns of words, see Words. 2: a column of comments.
WORDS_VERSION = 2


class Words(NamedTuple):
    """The text of each full-text column, in the order of the table."""

    name: str
    qualified_name: str
    path: str
    signature: str
    doc: str
    comments: str
    body: str


class Text(NamedTuple):
    """What is stored of a function's text: what a model reads, the words it is found by, and the digest of each.

    ``windows`` are what a model reads of it beyond the passage, each with its digest.
    """

    passage: str
    digest: bytes
    words: Words
    words_digest: bytes
    windows: tuple[tuple[str, bytes], ...] = ()


class Entry(NamedTuple):
    """One function as the catalogue stores it."""

    function: Function
    text: Text


def texts_of(extraction: Extraction, path: str) -> tuple[Text, ...]:
    """Return the texts of a file's functions, in their order."""
    written = path.encode("utf-8", "replace").decode()
    name, path_words = written.rpartition("/")[2], spread(written)
    return tuple(
        _text(
            function,
            extraction.text(index),
            words=_words(extraction, index, path_words=path_words),
            file_name=name,
        )
        for index, function in enumerate(extraction.functions)
    )


def _words(extraction: Extraction, index: int, *, path_words: str) -> Words:
    function = extraction.functions[index]
    code, comments = extraction.code_and_comments(index)
    return Words(
        name=spread_and_whole(function.name),
        qualified_name=spread(function.qualified_name),
        path=path_words,
        signature=spread(function.signature),
        doc=spread(function.doc),
        comments=spread(comments[:MAX_CODE_CHARACTERS]),
        body=spread(code[:MAX_CODE_CHARACTERS]),
    )


def _text(function: Function, source: str, *, words: Words, file_name: str) -> Text:
    text = passage(function, source, file_name)
    further = tuple((one, _digest(one, DIGEST_BYTES)) for one in windows(function, source, file_name))
    # A word never holds the NUL that separates the columns, or a moved one would count as the same.
    return Text(text, _digest(text, DIGEST_BYTES), words, _digest("\0".join(words), WORDS_DIGEST_BYTES), further)


def _digest(text: str, size: int) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


def recipe() -> str:
    """Return what decides the entries of a given file: a change of it makes every file be read again."""
    return f"{fingerprint_of_all()}/passages {PASSAGE_VERSION}/words {WORDS_VERSION}/secrets {MASK_VERSION}"
