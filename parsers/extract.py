"""Bytes in a language to functions in source order, whatever the state of the source.

The result depends on the bytes and the language only. Broken source is normal input: what can be told apart is found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .docs import cleaned, docstring, lead_of, trivia_of
from .findings import findings_in
from .function import Function, Span
from .grammars import rules_of
from .repairs import REPAIRS
from .scopes import placed
from .siblings import joined_clauses, without_overloads
from .signatures import one_line, signature
from .sources import Source, original_offsets, source_of
from .trees import error_bytes, is_searchable, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Tree

    from .findings import Findings
    from .grammars import Rules
    from .language import Language


@dataclass(frozen=True, slots=True)
class Extraction:
    """The functions of one file in source order. ``problem`` says in a few words why there are none, if it is known."""

    functions: tuple[Function, ...]
    problem: str | None = None


def extract(content: bytes, language: Language) -> Extraction:
    """Return the functions of a source file. Never raises on any content.

    Spans are offsets into ``content``. A UTF-16 file (with its byte order mark) is parsed as UTF-8, and its spans still
    are offsets into ``content``; `text_of` reads them. Takes at most
    2 s of parsing, twice that where a repair is tried; memory is not bounded.
    """
    rules = rules_of(language)
    source = source_of(content)
    trees = _trees(source.text, language, rules)
    if not trees:
        return Extraction((), "timed out")
    searchable = [tree for tree in trees if is_searchable(tree.root_node)]
    if not searchable:
        return Extraction((), "nested too deeply")
    functions = _functions(source, language, _most_telling(searchable, source.text, rules))
    if language.overloads:
        functions = without_overloads(functions)
    if language.clauses:
        functions = joined_clauses(functions, source)
    return Extraction(tuple(_on_disk(source, list(functions))))


def _trees(text: bytes, language: Language, rules: Rules) -> list[Tree]:
    """Return the tree of the text, and that of the text repaired where it has errors and the language has a repair."""
    tree = parse(text, rules.grammar)
    if tree is None:
        return []
    if not language.repair or not tree.root_node.has_error:
        return [tree]
    repaired = parse(REPAIRS[language.repair](text), rules.grammar)
    return [tree] if repaired is None else [tree, repaired]


def _most_telling(trees: list[Tree], text: bytes, rules: Rules) -> Findings:
    """Return the findings of the tree with most functions; with as many, of the one with fewer bytes in errors."""
    findings = [findings_in(tree.root_node, text, rules) for tree in trees]
    if len(trees) == 1:
        return findings[0]
    errors = [error_bytes(tree.root_node) for tree in trees]
    best = max(range(len(trees)), key=lambda index: (len(findings[index].definitions), -errors[index]))
    return findings[best]


def _functions(source: Source, language: Language, found: Findings) -> Iterator[Function]:
    trivia = trivia_of(found, source.text)
    for definition, qualified_name, kind in placed(found, language, len(source.text)):
        lead = lead_of(source.text, trivia, definition)
        inside = found.docs.get(definition.body_start) if definition.body_start is not None else None
        yield Function(
            language=language.name,
            kind=kind,
            name=definition.name,
            qualified_name=qualified_name,
            signature=one_line(lead.signature) if lead.signature else signature(source.text, trivia, definition),
            doc=(inside and docstring(inside)) or (lead.comments and cleaned(lead.comments, language.directives)) or "",
            span=Span(lead.start, definition.end),
            name_span=Span(definition.name_start, definition.name_end),
            start_line=source.line(lead.start),
            end_line=source.line(max(lead.start, definition.end - 1)),
            name_line=source.line(definition.name_start),
        )


def _on_disk(source: Source, functions: list[Function]) -> Iterator[Function]:
    """Yield the functions with their spans as offsets into the file's bytes."""
    if not source.transcoded:
        yield from functions
        return
    spans = [span for function in functions for span in (function.span, function.name_span)]
    offsets = original_offsets(source, (offset for span in spans for offset in (span.start, span.end)))
    for function in functions:
        span, name = function.span, function.name_span
        yield replace(
            function,
            span=Span(offsets[span.start], offsets[span.end]),
            name_span=Span(offsets[name.start], offsets[name.end]),
        )
