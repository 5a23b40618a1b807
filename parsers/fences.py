"""The fenced code of a Markdown document, in lists and quotations too. Pure.

What is a fence is for the CommonMark parser to say; it is asked for blocks only.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from .languages import language_called
from .regions import Region

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it import MarkdownIt

    from .language import Language

_LINE_END = re.compile(rb"\r\n?|\n")
# "py", "{r, echo=FALSE}", "{.python .numberLines}", "js{1,3}", "rust,ignore", "ts:app.ts".
_WORD = re.compile(r"\s*\{?\s*\.?([^\s,{}:]+)")


def fences_in(text: bytes) -> Iterator[Region]:
    """Yield each fence whose first word is a known language."""
    lines = _lines(text)
    for token in _parser().parse(text.decode("utf-8", "replace")):
        word = _WORD.match(token.info)
        if token.type != "fence" or token.map is None or word is None:
            continue
        language = language_called(word[1])
        if language is not None:
            first = token.map[0] + 1
            code = token.content.split("\n")[:-1]
            yield from _region(text, lines[first : first + len(code)], code, language=language)


@cache
def _parser() -> MarkdownIt:
    # Imported where a document needs it: it takes longer than to parse most documents.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _lines(text: bytes) -> Sequence[tuple[int, int, int]]:
    """Return where each line starts, where what is in it ends, and where the next one starts."""
    ends = [(end.start(), end.end()) for end in _LINE_END.finditer(text)]
    return [
        (start, end, following)
        for (_, start), (end, following) in zip([(0, 0), *ends], [*ends, (len(text), len(text))], strict=True)
    ]


def _region(
    text: bytes, lines: Sequence[tuple[int, int, int]], code: Sequence[str], *, language: Language
) -> Iterator[Region]:
    """Yield the code of a fence, if there is any, without what the lists and quotations around it put before its lines.

    That is blanked at the end of the line before, so that code whose indentation counts begins where it should.
    """
    pieces: list[bytes] = []
    first, line_end = 0, b""
    for (start, end, following), written in zip(lines, code, strict=False):
        line = text[start:end].decode("utf-8", "replace")
        # A tab of which the list takes a part stands in the code as the blanks that are left.
        suffix = written if line.endswith(written) else written.lstrip()
        begin = start + len(line) - len(suffix)
        if pieces:
            pieces.append(b" " * (begin - start) + line_end)
        else:
            first = begin
        pieces.append(text[begin:end])
        line_end = text[end:following]
    if pieces:
        yield Region(first, b"".join(pieces) + line_end, language)
