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
    from .language import Language


@dataclass(frozen=True, slots=True)
class Extraction:
    """The functions of one file in source order. ``problem`` says in a few words why there are none, if it is known."""

    functions: tuple[Function, ...]
    problem: str | None = None


def extract(content: bytes, language: Language) -> Extraction:
    """Return the functions of a source file. Never raises on any content.

    Spans are offsets into ``content``. A UTF-16 file (with its byte order mark) is parsed as UTF-8, and its spans still
    are offsets into ``content``; `text_of` reads them. Takes at most about 2 s of parsing; memory is not bounded.
    """
    rules = rules_of(language)
    source = source_of(content)
    tree = parse(source.text, rules.grammar)
    if tree is None:
        return Extraction((), "timed out")
    if language.repair and tree.root_node.has_error:
        tree = _better(tree, parse(REPAIRS[language.repair](source.text), rules.grammar))
    if not is_searchable(tree.root_node):
        return Extraction((), "nested too deeply")
    functions = _functions(source, language, findings_in(tree.root_node, source.text, rules))
    if language.overloads:
        functions = without_overloads(functions)
    if language.clauses:
        functions = joined_clauses(functions, source)
    return Extraction(tuple(_on_disk(source, list(functions))))


def _better(tree: Tree, other: Tree | None) -> Tree:
    return tree if other is None or error_bytes(other.root_node) >= error_bytes(tree.root_node) else other


def _functions(source: Source, language: Language, found: Findings) -> Iterator[Function]:
    trivia = trivia_of(found, source.text)
    for definition, qualified_name, kind in placed(found, language, len(source.text)):
        if definition.name in language.not_names:
            continue
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
