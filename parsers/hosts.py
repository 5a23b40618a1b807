"""The regions of a document that are in a language with functions: scripts of a page, cells of a notebook. Pure.

A source file is one region. A document of another kind is read by the way that its row of the table of languages names.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from .fences import fences_in
from .minified import is_minified
from .notebooks import read_notebook
from .pages import astro_regions, scripts_in
from .regions import Region
from .sources import source_of
from .templates import template_regions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .language import Language
    from .sources import Source

__all__ = ["Region", "regions_of"]

# Each costs a parser and a query. No document written by hand has as many.
MAX_REGIONS = 2_000
# A page in a fence in a fence; deeper ones are made to be deep.
_MAX_DEPTH = 3
_BLANKS = re.compile(rb"  +")

# By the name that a row of the table of languages gives.
HOSTS: dict[str, Callable[[bytes], Iterable[Region]]] = {
    "page": scripts_in,
    "astro page": astro_regions,
    "ruby template": partial(template_regions, name="ruby"),
    "javascript template": partial(template_regions, name="javascript"),
    "fences": fences_in,
}


def regions_of(content: bytes, language: Language) -> tuple[Source, Sequence[Region]]:
    """Return a file's text and its regions in source order."""
    source = source_of(content)
    if not language.host:
        return source, [Region(0, source.text, language)]
    if language.host == "notebook":
        source, cells = read_notebook(source)
        return source, _chosen(cells)
    return source, _chosen(HOSTS[language.host](source.text))


def _chosen(regions: Iterable[Region]) -> Sequence[Region]:
    return list(islice(_inner(regions, _MAX_DEPTH), MAX_REGIONS))


def _inner(regions: Iterable[Region], depth: int) -> Iterator[Region]:
    """Yield the regions that people wrote, those of documents within the document instead of the inner documents."""
    for region in regions:
        host = region.language.host
        if not host:
            # What a page brings along is nobody's to read either.
            if not is_minified(_BLANKS.sub(b" ", region.text)):
                yield region
        elif depth and host in HOSTS:
            inside = (Region(region.start + one.start, one.text, one.language) for one in HOSTS[host](region.text))
            yield from _inner(inside, depth - 1)
