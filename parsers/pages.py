"""The scripts of a page, component or template, as the HTML standard tells them from what only looks like one. Pure.

A tokenizer and no grammar: pages are broken, hold the syntax of frameworks between their tags, and may be megabytes.
Each byte is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .languages import language_called, language_named
from .regions import Region, blanked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .language import Language

_TAG = re.compile(rb"<(?:!--|([a-zA-Z][^\s/>]*+))")
# A quote that is never closed belongs to the name, so that it hides no more than its own tag.
_ATTRIBUTE = re.compile(rb"""[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+)))?""")
_TAG_END = re.compile(rb"[\s/]*+>")
_COMMENT_END = re.compile(rb"--!?>")
# Nothing in these is a tag but their own end.
_RAW = {
    name: re.compile(rb"(?i)</%s(?=[\s/>])" % name)
    for name in (b"style", b"textarea", b"title", b"xmp", b"iframe", b"noembed", b"noframes")
}
# A script ends at its end tag, but not within `<!-- <script> … </script> -->`, which scripts once hid in.
_SCRIPT_MARK = re.compile(rb"(?i)<!(?=--)|-->|</?script(?=[\s/>])")
_CHARACTER_DATA = re.compile(rb"\s*+(?://|/\*)?[ \t]*+<!\[CDATA\[(?:[ \t]*+\*/)?")
_MEDIA = re.compile(r"(?:(?:text|application)/)?(?:x-)?([^;\s]*)")
_FRONTMATTER = re.compile(rb"(?:\xef\xbb\xbf)?\s*+---[ \t\r]*+\n")
_FRONTMATTER_END = re.compile(rb"(?m)^[ \t]*+---")


def scripts_in(text: bytes, start: int = 0, default: str = "javascript") -> Iterator[Region]:
    """Yield the scripts from an offset on that are in a known language; ``default`` names that of a plain one."""
    at = start
    while tag := _TAG.search(text, at):
        if tag[1] is None:
            end = _COMMENT_END.search(text, tag.start() + 2)
            at = end.end() if end else len(text)
            continue
        name = tag[1].lower()
        attributes, at, is_closed = _attributes(text, tag.end())
        if is_closed:
            continue
        if name == b"script":
            begin, at = at, _script_end(text, at)
            if language := _language(attributes, default):
                yield Region(begin, _without_character_data(text[begin:at]), language)
        elif raw := _RAW.get(name):
            end = raw.search(text, at)
            at = end.start() if end else len(text)


def astro_regions(text: bytes) -> Iterator[Region]:
    """Yield the code between the two fences at the head of an Astro component, and its scripts; all are TypeScript."""
    typescript = language_named("typescript")
    opening = _FRONTMATTER.match(text)
    closing = opening and _FRONTMATTER_END.search(text, opening.end())
    if typescript and opening and closing:
        yield Region(opening.end(), text[opening.end() : closing.start()], typescript)
    yield from scripts_in(text, closing.end() if closing else 0, "typescript")


def _attributes(text: bytes, at: int) -> tuple[dict[str, str], int, bool]:
    """Return the attributes of a tag, the first of each name, where it ends, and whether it closes itself."""
    attributes: dict[str, str] = {}
    while found := _ATTRIBUTE.match(text, at):
        value = next(filter(None, found.groups()[1:]), b"")
        attributes.setdefault(found[1].decode("utf-8", "replace").lower(), value.decode("utf-8", "replace"))
        at = found.end()
    end = _TAG_END.match(text, at)
    return attributes, end.end() if end else len(text), bool(end and end[0].endswith(b"/>"))


def _script_end(text: bytes, at: int) -> int:
    is_hidden = is_inner = False
    for mark in _SCRIPT_MARK.finditer(text, at):
        if mark[0] == b"<!":
            is_hidden = True
        elif mark[0] == b"-->":
            is_hidden = is_inner = False
        elif mark[0].startswith(b"</"):
            if not is_inner:
                return mark.start()
            is_inner = False
        else:
            is_inner = is_hidden
    return len(text)


def _language(attributes: dict[str, str], default: str) -> Language | None:
    """Return the language of a script; None for data, templates and languages without functions."""
    media = _MEDIA.match((attributes.get("lang") or attributes.get("type") or "").strip().lower())
    word = media[1] if media else ""
    language = language_named(default) if word in {"", "module"} else language_called(word)
    return language if language and not language.host else None


def _without_character_data(script: bytes) -> bytes:
    """Return a script without the marks that make it plain text to XML."""
    opening = _CHARACTER_DATA.match(script)
    if not opening:
        return script
    inside, end, after = script[opening.end() :].rpartition(b"]]>")
    return blanked(opening[0]) + inside + blanked(end) + after
