"""Extractions by what they depend on: one database for all roots, so that a switched branch is not parsed again.

The key holds the content, the language, its grammar and query and the extractor's version, see `key_of`. Everything in
it can be made again from source: it is written without waiting for the disk, and a damaged one is thrown away.
Files that a parser could not survive are kept here too, with the reason, so that the same bytes are never tried again.
"""

from __future__ import annotations

import json
import zlib
from hashlib import blake2b
from typing import TYPE_CHECKING

from ..parsers import Extraction, Function, fingerprint, parsed_text
from .credentials import MASK_VERSION
from .store import Database

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ..parsers import Language

# 1: key, value. 2: of files whose secrets are overwritten. 3: with the places of comments.
FORMAT_VERSION = 3
SCHEMA = "CREATE TABLE extraction (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, value BLOB NOT NULL)"

# A file takes some 2 kB: a gigabyte at most. The oldest go first.
MAX_ROWS = 500_000
_KEY_BYTES = 16
# Level 1 takes 3 % of the time of an extraction and a third of the space.
_COMPRESSION = 1


def open_extraction_cache(path: Path) -> Database:
    """Open or create the cache; raises IndexFailure."""
    return Database(path, schema=SCHEMA, version=FORMAT_VERSION, is_durable=False)


def key_of(digest: bytes, language: Language) -> bytes:
    """Return what an extraction is kept by."""
    return blake2b(b"%b%d%b" % (digest, MASK_VERSION, fingerprint(language).encode()), digest_size=_KEY_BYTES).digest()


def packed(extraction: Extraction) -> bytes:
    """Return an extraction as it is stored, ``b""`` for one that is not: of a text that lies elsewhere on disk."""
    if extraction.text_spans:
        return b""
    # Not pickle: what is read back must not be able to run code.
    return zlib.compress(
        json.dumps([extraction.problem, extraction.functions, extraction.comments]).encode(), _COMPRESSION
    )


def packed_refusal(problem: str) -> bytes:
    """Return, as it is stored, that a content cannot be parsed, and why."""
    return packed(Extraction((), problem))


def unpacked(value: bytes, content: bytes) -> Extraction | None:
    """Return a stored extraction of this content, None for bytes that are none."""
    try:
        problem, functions, comments = json.loads(zlib.decompress(value))
        made = tuple(map(Function._make, functions))
        return Extraction(made, problem, parsed_text(content), comments=tuple((start, end) for start, end in comments))
    except (ValueError, TypeError, zlib.error):
        return None


def stored_extraction(cache: Database, key: bytes) -> bytes | None:
    """Return what is stored under a key."""
    found = cache.rows("SELECT value FROM extraction WHERE key = ?", (key,))
    return bytes(found[0][0]) if found else None


def keep_extractions(cache: Database, fresh: Iterable[tuple[bytes, bytes]]) -> None:
    """Store extractions by their keys; the oldest beyond `MAX_ROWS` are dropped."""
    rows = list(fresh)
    if not rows:
        return
    with cache.transaction():
        cache.many("INSERT OR REPLACE INTO extraction (key, value) VALUES (?, ?)", rows)
        cache.rows("DELETE FROM extraction WHERE id <= (SELECT MAX(id) FROM extraction) - ?", (MAX_ROWS,))
