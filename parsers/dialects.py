"""Which language a file is in where its name leaves that open, told by its content. Pure.

A ``.h`` file may be in C, C++ or Objective-C, an ``.m`` file in Objective-C or in one of several languages that have
nothing to do with it, and a file may mix Objective-C and C++.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .languages import language_named
from .objective_c import classes_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .hosts import Region

_OBJECTIVE_C = re.compile(
    rb"^[ \t]*(?:@(?:interface|implementation|protocol|class)[ \t]+\w|@import[ \t]+[\w.]+;|#[ \t]*import\b)",
    re.MULTILINE,
)
_CPP = re.compile(rb"\w::~?\w|^[ \t]*(?:namespace|template|class|using)\b", re.MULTILINE)
_C = re.compile(rb"^[ \t]*(?:#[ \t]*(?:include|define|if|ifdef|ifndef)\b|/\*|//)", re.MULTILINE)
# MATLAB and Octave, Mercury, Mathematica.
_NO_C = re.compile(rb"^[ \t]*(?:%|function\b|classdef\b|:-|\(\*)", re.MULTILINE)


def in_dialect(region: Region) -> Sequence[Region]:
    """Return a region as regions in the languages that its content is in, none where none of ours is."""
    dialect = region.language.dialect
    return DIALECTS[dialect](region) if dialect else [region]


def _header(region: Region) -> Sequence[Region]:
    return _objective_c(region) if _OBJECTIVE_C.search(region.text) else [region]


def _objective_c_or_other(region: Region) -> Sequence[Region]:
    is_other = _NO_C.search(region.text) and not _OBJECTIVE_C.search(region.text) and not _C.search(region.text)
    return [] if is_other else _objective_c(region)


def _objective_c(region: Region) -> Sequence[Region]:
    languages = [language_named("objc"), language_named("cpp")]
    if not _CPP.search(region.text):
        languages = languages[:1]
    texts = classes_apart(region.text) if len(languages) > 1 else (region.text,)
    return [
        replace(region, text=text, language=language)
        for text, language in zip(texts, languages, strict=True)
        if language is not None
    ]


# By the name that a row of the table of languages gives.
DIALECTS: dict[str, Callable[[Region], Sequence[Region]]] = {
    "header": _header,
    "objective-c": _objective_c_or_other,
}
