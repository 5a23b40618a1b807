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
from typing import TYPE_CHECKING, NamedTuple

from tree_sitter import Language as Grammar
from tree_sitter import Query

from .bundle import PACKAGE, bundled
from .languages import LANGUAGES
from .trees import Unreadable

if TYPE_CHECKING:
    from .language import Language

# Raise it when the same source gives other functions for a reason that no query or grammar version shows.
# 1: first version. 2: marks, the enclosing function, documents of several languages.
# 3: functions of Python that have a body in form only are declarations. 4: more of shell scripts. 5: ends in notebooks.
# 6: one function of two that one name may stand for. 7: where comments are.
EXTRACTOR_VERSION = 7

_ROLE = re.compile(
    r"@((?:definition|declaration|scope)\.(?!name\b)\w+|comment|decorator|signature|wrapper|doc|discarded)\b"
)
_COMMENT_LINE = re.compile(r"^\s*;.*$", re.MULTILINE)


class Role(NamedTuple):
    """What a pattern of a query finds: the capture that tells it, split at its dot. ``kind`` may be ``""``."""

    capture: str
    sort: str
    kind: str


@dataclass(frozen=True, slots=True)
class Rules:
    """A language's grammar and query. ``roles[i]`` is the role of pattern ``i``; ``not_names`` as in `Language`."""

    grammar: Grammar
    query: Query
    roles: tuple[Role, ...]
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


def _role(query: Query, text: str, pattern: int) -> Role:
    # The queries are ASCII, so that byte offsets are offsets into the text.
    start, end = query.start_byte_for_pattern(pattern), query.end_byte_for_pattern(pattern)
    capture = next(iter(_ROLE.findall(text[start:end])), "")
    sort, _dot, kind = capture.partition(".")
    return Role(capture, sort, kind)


@cache
def fingerprint(language: Language) -> str:
    """Return a digest of all that decides which functions a source gives: extractor, query and grammar version.

    Whoever keeps extracted functions re-extracts them when it changes.
    """
    modules = ["tree_sitter", "markdown_it_py" if language.host else language.grammar[0]]
    parts = [str(EXTRACTOR_VERSION), *map(_installed, modules), query_text(language)]
    parts += [f"{name} {_ordered(value)}" for name, value in asdict(language).items()]
    if language.host:
        parts += [fingerprint(inner) for inner in LANGUAGES if not inner.host]
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


@cache
def fingerprint_of_all() -> str:
    """Return a digest of all languages' fingerprints."""
    return sha256("".join(map(fingerprint, LANGUAGES)).encode()).hexdigest()[:16]


def _ordered(value: object) -> object:
    # The order of a set differs from process to process.
    return sorted(value) if isinstance(value, frozenset) else value


def _installed(module: str) -> str:
    try:
        return f"{module} {version(module.replace('_', '-'))}"
    except PackageNotFoundError:
        return f"{module} of unknown version"
