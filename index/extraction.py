"""What a worker does with one file: reads it, tells whether it changed, extracts its functions and their texts.

Knows no process and no catalogue; ``workers`` runs this where it can do no harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..parsers import extract, language_named
from .content import written
from .credentials import masked
from .entries import texts_of
from .extraction_cache import key_of, packed, unpacked
from .files import GENERATED, WANTED, FoundFile, Skipped, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..parsers import Extraction, Function, Language
    from .content import Content
    from .entries import Text

    # The stored extraction of a key, None where there is none.
    Remembered = Callable[[bytes], bytes | None]


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read and extract. ``known`` is the digest of the content the catalogue has, ``b""`` for none.

    ``wants_texts``: besides the functions, what a model reads of them and the words they are found by.
    ``draft``: what an editor has not saved, taken in place of what the file holds.
    """

    file: FoundFile
    known: bytes = b""
    wants_texts: bool = True
    draft: bytes | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: the digest of what was read (``b""`` where nothing could be), and its functions.

    ``functions`` is None where the content is the known one; ``texts``, where wanted, has one for each. ``problem``
    says why a file holds no or not all functions. ``is_gone`` means that there is no such file any more. ``fresh`` is
    the extraction as the cache keeps it, with its key, where it was not there.
    """

    job: Job
    digest: bytes = b""
    functions: tuple[Function, ...] | None = ()
    texts: tuple[Text, ...] = ()
    problem: str | None = None
    is_gone: bool = False
    fresh: tuple[bytes, bytes] | None = None


def process(root: Path, job: Job, remembered: Remembered | None = None) -> Outcome:
    """Read and extract one file in this process; None where nothing is remembered. Never raises on what files hold."""
    content = content_of(root, job)
    if isinstance(content, Skipped):
        return Outcome(job, problem=content.reason, is_gone=content.is_gone)
    if content.digest == job.known:
        return Outcome(job, content.digest, None)
    language = language_named(job.file.language)
    if language is None:
        return Outcome(job, content.digest, problem="is in no supported language")
    # Before anything is parsed: what is overwritten reaches no function, no text and no cache.
    extraction, fresh = _extracted(content.digest, masked(content.data), language, remembered)
    texts = texts_of(extraction, job.file.path) if job.wants_texts else ()
    functions = extraction.functions
    if job.file.marks & GENERATED:
        # Only here: the cache keeps what the content says, under whatever name.
        functions = tuple(function._replace(is_generated=True) for function in functions)
    return Outcome(job, content.digest, functions, texts, extraction.problem, fresh=fresh)


def content_of(root: Path, job: Job) -> Content | Skipped:
    """Return what a job is about: the bytes of its file, or of its draft."""
    is_wanted = bool(job.file.marks & WANTED)
    if job.draft is None:
        return read(root, job.file.path, is_wanted=is_wanted)
    return written(job.draft, job.file.path, language_named(job.file.language), is_wanted=is_wanted)


def _extracted(
    digest: bytes, data: bytes, language: Language, remembered: Remembered | None
) -> tuple[Extraction, tuple[bytes, bytes] | None]:
    if remembered is None:
        return extract(data, language), None
    key = key_of(digest, language)
    stored = remembered(key)
    known = unpacked(stored, data) if stored else None
    if known is not None:
        return known, None
    extraction = extract(data, language)
    value = packed(extraction)
    return extraction, (key, value) if value else None
