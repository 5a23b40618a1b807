"""Source text to functions. Pure: no disk but its queries and grammars, no network; broken source is normal input."""

from __future__ import annotations

from .documentation import documentation
from .extract import Extraction, extract
from .function import KINDS, Function, Span
from .grammars import EXTRACTOR_VERSION, fingerprint, fingerprint_of_all
from .language import Language
from .languages import LANGUAGES, language_for, language_named
from .marks import is_generated
from .minified import is_minified
from .notebooks import CellText, notebook_cells
from .sources import parsed_text

__all__ = [
    "EXTRACTOR_VERSION",
    "KINDS",
    "LANGUAGES",
    "CellText",
    "Extraction",
    "Function",
    "Language",
    "Span",
    "documentation",
    "extract",
    "fingerprint",
    "fingerprint_of_all",
    "is_generated",
    "is_minified",
    "language_for",
    "language_named",
    "notebook_cells",
    "parsed_text",
]
