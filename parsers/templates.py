"""The code of a template: what stands in `<% … %>`, as ERB and EJS put it together, and the page's scripts. Pure.

Both find the end of a directive without regard to the code in it, and so does this.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .languages import language_named
from .pages import scripts_in
from .regions import Region, blanked

if TYPE_CHECKING:
    from collections.abc import Iterator

# `<%%` is a plain `<%`, `<%#` a comment, `<%=` and `<%-` write what they hold; `-%>` and `_%>` only trim white space.
_OPENING = re.compile(rb"<%(%|#|[-=_|]*+)")
_CLOSING = b"%>"
_TRIMMING = (b"-", b"_")


def template_regions(text: bytes, *, name: str) -> Iterator[Region]:
    """Yield the code of all directives as one region in the language ``name``, and the scripts around them.

    A directive ends a statement and a comment. In a script a number stands where one writes: anything may, and a
    function is never named so.
    """
    code, page = bytearray(blanked(text)), bytearray(text)
    language = language_named(name)
    is_template = False
    for start, begin, end, mark in _directives(text):
        is_template = True
        length = end - start
        page[start:end] = b"1" * length if mark.startswith((b"=", b"-")) else blanked(text[start:end])
        if mark != b"#":
            closing = end - len(_CLOSING)
            trimmed = closing - 1 if text[begin:closing].endswith(_TRIMMING) else closing
            code[begin:trimmed] = text[begin:trimmed]
            code[closing:end] = b";\n"
    if is_template and language:
        yield Region(0, bytes(code), language)
    yield from scripts_in(bytes(page))


def _directives(text: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield where each directive starts, where its code does, where the directive ends, and its mark."""
    at = 0
    while opening := _OPENING.search(text, at):
        at = opening.end()
        if opening[1] == b"%":
            continue
        closing = text.find(_CLOSING, at)
        if closing < 0:
            return
        at = closing + len(_CLOSING)
        yield opening.start(), opening.end(), at, opening[1]
