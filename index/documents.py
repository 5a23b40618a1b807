"""What a reranker reads of a hit: where the function is, what its documentation says, and its code.

Read from the file as it lies on the disk, or from the draft that stands for it, with secrets overwritten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .content import Content, read
from .credentials import masked
from .subject import slice_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..parsers import Function
    from .hits import Hit
    from .search import Source

    Place = tuple[Path, str]

# A reranker's time grows with what it reads. 89 % of the functions of Python's standard library are no longer, and
# thirty of them some 6,400 tokens with the prompt around each, 6 TFLOP for a model of 0.6B (`python -m
# bench.reranking`). Not fitted, which takes the real weights.
MAX_DOCUMENT_CHARACTERS = 1_200
# So that code is always seen.
MAX_DOC_CHARACTERS = 400


def documents(hits: Sequence[Hit], sources: Sequence[Source]) -> tuple[str, ...]:
    """Return the text of each hit; of one whose file has changed or cannot be read, what the index knows of it."""
    drafts = {(source.root, path): draft.content for source in sources for path, draft in source.drafts.items()}
    contents: dict[Place, bytes | None] = {}
    return tuple(_document(hit, drafts, contents) for hit in hits)


def _document(hit: Hit, drafts: Mapping[Place, bytes], contents: dict[Place, bytes | None]) -> str:
    place = hit.root, hit.path
    if place not in contents:
        contents[place] = _content(hit, drafts)
    content, function = contents[place], hit.function
    source = function.signature if content is None else slice_of(content, function.start, function.end, path=hit.path)
    return document(function, source, hit.path)


def _content(hit: Hit, drafts: Mapping[Place, bytes]) -> bytes | None:
    if hit.draft:
        return masked(drafts[hit.root, hit.path])
    if hit.is_stale:
        return None
    # It is in the index, so it counts, whatever it looks like.
    found = read(hit.root, hit.path, is_wanted=True)
    return masked(found.data) if isinstance(found, Content) else None


def document(function: Function, source: str, path: str) -> str:
    """Return what is read of a function whose whole span is ``source``; its documentation may stand outside of that."""
    doc = function.doc.strip()
    told = "" if doc.partition("\n")[0] in source else doc[:MAX_DOC_CHARACTERS]
    return "\n".join(part for part in (path, told, source) if part)[:MAX_DOCUMENT_CHARACTERS]
