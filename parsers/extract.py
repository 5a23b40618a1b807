"""Bytes in a language to functions in source order, whatever the state of the source.

The result depends on the bytes and the language only. Broken source is normal input: what can be told apart is found.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import attrgetter
from typing import TYPE_CHECKING

from .dialects import in_dialect
from .docs import doc_below, doc_of, lead_of, leave_trailing_comments, trivia_of
from .findings import findings_in
from .function import Function
from .grammars import rules_of
from .hosts import regions_of
from .marks import is_bodiless, is_generated, is_test
from .repairs import REPAIRS
from .scopes import placed
from .siblings import joined_clauses, without_overloads, without_prototypes
from .signatures import one_line, signature
from .sources import original_ends, original_starts
from .trees import Unreadable, is_searchable, marked, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tree_sitter import Tree

    from .docs import Trivia
    from .findings import Findings
    from .function import Span
    from .grammars import Rules
    from .hosts import Region
    from .language import Language
    from .sources import Source

# Nobody writes so many in one file; a generated table of them would fill the answers.
MAX_FUNCTIONS = 20_000


@dataclass(frozen=True, slots=True)
class Extraction:
    """The functions of one file in source order. ``problem`` says in a few words why some are missing, if it is known.

    ``source_text`` is what was parsed, in UTF-8. ``text_spans``, one for each function, are offsets into it; there are
    none where the functions' own offsets are. ``comments`` are where those of the file begin and end in it, ascending.
    """

    functions: tuple[Function, ...]
    problem: str | None = None
    source_text: bytes = field(default=b"", compare=False, repr=False)
    text_spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)
    comments: tuple[tuple[int, int], ...] = field(default=(), compare=False, repr=False)

    def text(self, index: int) -> str:
        """Return the text of a function, decorators included; in a notebook, the code as it runs."""
        place = self._place(index)
        return self._decoded(place.start, place.end)

    def code_and_comments(self, index: int) -> tuple[str, str]:
        """Return the text of a function without the comments in it, and these, one below the other."""
        place = self._place(index)
        first = bisect_left(self.comments, (place.start, 0))
        inside = self.comments[first : bisect_left(self.comments, (place.end, 0), first)]
        starts = [place.start, *(end for _, end in inside)]
        ends = [*(start for start, _ in inside), place.end]
        code = " ".join(map(self._decoded, starts, ends))
        return code, "\n".join(self._decoded(*comment) for comment in inside)

    def _place(self, index: int) -> Function | Span:
        return self.text_spans[index] if self.text_spans else self.functions[index]

    def _decoded(self, start: int, end: int) -> str:
        return self.source_text[start:end].decode("utf-8", "replace")


def extract(content: bytes, language: Language) -> Extraction:
    """Return the functions of a source file. Never raises on any content.

    The functions' offsets are into ``content``, in whichever encoding it is. Takes at most 2 s of parsing for each
    region in another language, twice that where a repair is tried; memory is not bounded.
    """
    source, found_regions = regions_of(content, language)
    regions = [one for region in found_regions for one in in_dialect(region)]
    found: list[Function] = []
    comments: list[tuple[int, int]] = []
    problem = None
    for region in regions:
        try:
            findings = findings_of(region)
            trivia = trivia_of(findings, region.text)
            found.extend(_in_region(source, region, findings=findings, trivia=trivia))
            comments.extend(_comments(trivia, region.start))
            if len(findings.definitions) > MAX_FUNCTIONS:
                problem = problem or f"holds more than {MAX_FUNCTIONS:,} functions"
        except Unreadable as unreadable:
            problem = problem or str(unreadable)
    # What stands above a function may begin before one that was found in it, as in a type that is broken.
    found.sort(key=attrgetter("start"))
    if is_generated(source.text):
        found = [function._replace(is_generated=True) for function in found]
    said = tuple(sorted(comments))
    if not source.is_moved:
        return Extraction(tuple(found), problem, source.text, comments=said)
    spans = tuple(one.span for one in found)
    return Extraction(tuple(_on_disk(source, found)), problem, source.text, spans, said)


def _in_region(source: Source, region: Region, *, findings: Findings, trivia: Trivia) -> Iterable[Function]:
    """Return the functions of a region, with spans into the text of the source."""
    language = region.language
    functions: Iterable[Function] = _functions(source, region, found=findings, trivia=trivia)
    if language.overloads:
        functions = without_overloads(functions)
    if language.prototypes:
        functions = without_prototypes(functions)
    if language.clauses:
        functions = joined_clauses(functions, source, language)
    return functions


def _comments(trivia: Trivia, shift: int) -> Iterator[tuple[int, int]]:
    places = zip(trivia.starts, trivia.ends, trivia.roles, strict=True)
    return ((shift + start, shift + end) for start, end, role in places if role == "comment")


def findings_of(region: Region) -> Findings:
    """Return what the query of a region's language finds in it. Raises Unreadable."""
    rules = rules_of(region.language)
    searchable = [tree for tree in _trees(region.text, region.language, rules) if is_searchable(tree.root_node)]
    if not searchable:
        raise Unreadable("is nested too deeply")
    return _most_telling(searchable, region, rules)


def _trees(text: bytes, language: Language, rules: Rules) -> list[Tree]:
    """Return the tree of the text, and that of the text repaired where it has errors and the language has a repair."""
    tree = parse(text, rules.grammar)
    if not language.repair or not tree.root_node.has_error:
        return [tree]
    repaired = REPAIRS[language.repair](text)
    if repaired == text:
        return [tree]
    # A repair changes some lines: parsing those alone takes a third of the time.
    try:
        return [tree, parse(repaired, rules.grammar, old=marked(tree, text, repaired))]
    except Unreadable:
        return [tree]


def _most_telling(trees: Sequence[Tree], region: Region, rules: Rules) -> Findings:
    """Return the findings of the last tree, the repaired one, unless the repair lost too many of the functions."""
    first, *others = (findings_in(tree.root_node, region.text, rules) for tree in trees)
    least = region.language.least_kept * len(first.definitions)
    kept = [found for found in others if len(found.definitions) >= least]
    return kept[-1] if kept else first


def _functions(source: Source, region: Region, *, found: Findings, trivia: Trivia) -> Iterator[Function]:
    language, text, shift = region.language, region.text, region.start
    leave_trailing_comments(found, trivia, text)
    for definition, place in islice(placed(found, language, len(text)), MAX_FUNCTIONS):
        lead = lead_of(text, trivia, definition)
        start, end, name = shift + lead.start, shift + definition.end, shift + definition.name_start
        yield Function(
            language=language.name,
            kind=place.kind,
            name=definition.name,
            qualified_name=place.qualified_name,
            signature=one_line(lead.signature) if lead.signature else signature(text, trivia, definition),
            doc=doc_of(found, definition, lead, language)
            or (language.docs_below and doc_below(text, trivia, definition.end, language)),
            start=start,
            end=end,
            name_start=name,
            name_end=shift + definition.name_end,
            start_line=source.line(start),
            end_line=source.line(max(start, end - 1)),
            name_line=source.line(name),
            enclosing=place.enclosing,
            is_declaration=definition.is_declaration or is_bodiless(language, text, definition.end),
            is_test=place.kind == "test" or is_test(language, definition.name, place.scopes, lead.decorators),
        )


def _on_disk(source: Source, functions: Sequence[Function]) -> Iterator[Function]:
    """Yield the functions with their offsets into the file's bytes."""
    starts = original_starts(source, chain.from_iterable((one.start, one.name_start) for one in functions))
    ends = original_ends(source, chain.from_iterable((one.end, one.name_end) for one in functions))
    for one in functions:
        yield one._replace(
            start=starts[one.start],
            end=ends[one.end],
            name_start=starts[one.name_start],
            name_end=ends[one.name_end],
        )
