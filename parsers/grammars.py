"""Grammars and compiled queries, loaded once per process when a language is first met, and what identifies them.

The one place that imports grammar modules and reads query files. Parses nothing.
"""

from __future__ import annotations

import importlib
import re
import warnings
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import TYPE_CHECKING

from tree_sitter import Language as Grammar
from tree_sitter import Query

from .bundle import PACKAGE, bundled
from .languages import LANGUAGES
from .trees import Unreadable

if TYPE_CHECKING:
    from .language import Language

# Raise it when the same source gives other functions for a reason that no query or grammar version shows.
# 1: first version. 2: marks, the enclosing function, documents of several languages.
EXTRACTOR_VERSION = 2

_ROLE = re.compile(r"@((?:definition|declaration|scope)\.(?!name\b)\w+|comment|decorator|signature|wrapper|doc)\b")
_COMMENT_LINE = re.compile(r"^\s*;.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rules:
    """A language's grammar and query.

    ``roles[i]`` is the capture that tells what pattern ``i`` of the query finds. ``not_names`` as in `Language`.
    """

    grammar: Grammar
    query: Query
    roles: tuple[str, ...]
    not_names: frozenset[str]


@cache
def rules_of(language: Language) -> Rules:
    """Return the compiled rules of a language; raises Unreadable where its grammar is not installed."""
    grammar = grammar_of(language)
    text = query_text(language)
    query = Query(grammar, text)
    roles = tuple(_role(query, text, pattern) for pattern in range(query.pattern_count))
    return Rules(grammar, query, roles, language.not_names)


def grammar_of(language: Language) -> Grammar:
    """Load the grammar of a language; raises Unreadable where it is not installed."""
    module, function = language.grammar
    try:
        if module == PACKAGE:
            return bundled(function)
        with warnings.catch_warnings():
            # One grammar still hands over its address as a number.
            warnings.simplefilter("ignore", DeprecationWarning)
            return Grammar(getattr(importlib.import_module(module), function)())
    except ImportError:
        remedy = f'; pip install "funcseek[{language.extra}]"' if language.extra else ""
        raise Unreadable(f"needs the grammar {module}{remedy}") from None


def query_text(language: Language) -> str:
    """Return the text of a language's query: its files, one after the other, without comment lines."""
    folder = files(__package__) / "queries"
    text = "\n".join((folder / name).read_text(encoding="utf-8") for name in language.queries)
    return _COMMENT_LINE.sub("", text)


def _role(query: Query, text: str, pattern: int) -> str:
    # The queries are ASCII, so that byte offsets are offsets into the text.
    start, end = query.start_byte_for_pattern(pattern), query.end_byte_for_pattern(pattern)
    roles = _ROLE.findall(text[start:end])
    return roles[0] if roles else ""


@cache
def fingerprint() -> str:
    """Return a digest of all that decides which functions a source gives: extractor, queries and grammar versions.

    Whoever keeps extracted functions re-extracts them when it changes.
    """
    grammars = {language.grammar[0] for language in LANGUAGES if not language.host}
    modules = sorted(grammars | {"tree_sitter", "markdown_it_py"})
    parts = [str(EXTRACTOR_VERSION), *(_installed(module) for module in modules)]
    for language in LANGUAGES:
        parts += [query_text(language), *(f"{name} {_ordered(value)}" for name, value in asdict(language).items())]
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


def _ordered(value: object) -> object:
    # The order of a set differs from process to process.
    return sorted(value) if isinstance(value, frozenset) else value


def _installed(module: str) -> str:
    try:
        return f"{module} {version(module.replace('_', '-'))}"
    except PackageNotFoundError:
        return f"{module} of unknown version"
