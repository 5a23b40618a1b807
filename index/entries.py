"""What is stored about one function: the function itself, what a model reads of it, and the words it is found by. Pure.

Made in the worker processes, next to the parser, because splitting words costs as much as parsing.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from ..parsers import Extraction, Function, fingerprint
from .lexical import spread, spread_and_whole
from .passages import PASSAGE_VERSION, passage

# 128 bits: two different passages of one index collide with a probability below 1e-26 at a million passages.
DIGEST_BYTES = 16

# Longer functions are searched by the words of their first 20,000 characters; they are tables and generated code.
MAX_BODY_CHARACTERS = 20_000

# Raising this number makes every file be read again. 1: six columns of words, see Words.
WORDS_VERSION = 1


class Words(NamedTuple):
    """The text of each full-text column, in the order of the table."""

    name: str
    qualified_name: str
    path: str
    signature: str
    doc: str
    body: str


class Entry(NamedTuple):
    """One function as the catalogue stores it. ``digest`` identifies ``passage``.

    Tuples, because they cross from the workers five times faster than dataclasses.
    """

    function: Function
    passage: str
    digest: bytes
    words: Words


def entries_of(extraction: Extraction, path: str) -> tuple[Entry, ...]:
    """Return the entries of a file's functions, in their order."""
    path_words = spread(path.encode("utf-8", "replace").decode())
    return tuple(
        _entry(function, path_words, extraction.text(index)) for index, function in enumerate(extraction.functions)
    )


def _entry(function: Function, path_words: str, source: str) -> Entry:
    text = passage(function, source)
    words = Words(
        name=spread_and_whole(function.name),
        qualified_name=spread(function.qualified_name),
        path=path_words,
        signature=spread(function.signature),
        doc=spread(function.doc),
        body=spread(source[:MAX_BODY_CHARACTERS]),
    )
    return Entry(function, text, blake2b(text.encode(), digest_size=DIGEST_BYTES).digest(), words)


def recipe() -> str:
    """Return what decides the entries of a given file: a change of it makes every file be read again."""
    return f"{fingerprint()}/passages {PASSAGE_VERSION}/words {WORDS_VERSION}"
