"""Where the documentation of functions stands in a source file, for whoever wants the file without it. Pure.

`docs` says what the words are; this says only which bytes they are.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from .dialects import in_dialect
from .docs import lead_of, leave_trailing_comments, span_below, trivia_of
from .extract import findings_of
from .function import Span
from .hosts import regions_of
from .trees import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .hosts import Region
    from .language import Language


def documentation(content: bytes, language: Language) -> tuple[Span, ...]:
    """Return the bytes of every comment and docstring that documents a function, ascending and apart.

    A comment above a function counts whether or not its words are in ``Function.doc``. Offsets are into ``content``;
    there are none where its text lies elsewhere than it is read, as in a notebook or in UTF-16.
    """
    source, regions = regions_of(content, language)
    found: set[tuple[int, int]] = set()
    for region in () if source.is_moved else (one for outer in regions for one in in_dialect(outer)):
        with suppress(Unreadable):
            found.update((region.start + start, region.start + end) for start, end in _in_region(region))
    return tuple(Span(start, end) for start, end in sorted(found))


def _in_region(region: Region) -> Iterator[tuple[int, int]]:
    found, text = findings_of(region), region.text
    trivia = trivia_of(found, text)
    leave_trailing_comments(found, trivia, text)
    yield from found.doc_spans.values()
    for definition in found.definitions.values():
        yield from lead_of(text, trivia, definition).comment_spans
        if region.language.docs_below and (below := span_below(text, trivia, definition.end, region.language)):
            yield below
