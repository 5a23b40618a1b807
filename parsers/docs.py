"""The documentation of a function: the comments right above it, or the docstring inside, without their marks. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from inspect import cleandoc
from typing import TYPE_CHECKING

from .findings import code_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .findings import Definition, Findings
    from .language import Language

# A model reads some hundreds of characters; a longer text is a manual, and storing it twice helps nobody.
MAX_DOC_CHARACTERS = 4_000
# Nothing further away belongs to a function; without bounds a file of one long line takes quadratic time.
_MAX_LEAD = 500
_MAX_GAP_BYTES = 500

_BLOCK_OPENING = re.compile(r"/\*(?:\*+(?!/))?[!<]*|\(\*+|\{-+ ?\|?|<#|#=|--\[=*\[|#\[=*\[(?:\.rst:)?")
_BLOCK_CLOSING = re.compile(r"(?:\*+/|\*+\)|-+\}|#>|=#|#?\]=*\])\s*$")
_DOC_BLOCK = re.compile(r"/\*\*(?![*/])")
_LINE_MARK = re.compile(r"^[ \t\f]*(?://+[!<]*|#+[':]?|--+(?: [|^])?|;+|![!<>*]*|%+(?: @doc\b)?) ?", re.MULTILINE)
_STAR = re.compile(r"^[^\S\n]*\*+ ?", re.MULTILINE)
# Not an ellipsis, nor what closes an example or points at a part of it.
_RULE = r"[^\w\s`.,;(){}\[\]<>^]{3,}"
# Julia, Elixir and Erlang document functions in string literals above them.
_LITERAL_STARTS = ('"', "@doc", "-doc")
# What is made for documentation: where one of these stands above a function, other comments there are none.
_DOC_LINE = re.compile(r'"|@doc|\(\*\*|///(?!/)')
_POD_COMMAND = re.compile(r"=(?:cut|pod|over|back|begin|end|encoding)\b")
_POD_HEADING = re.compile(r"^=(?:head\d|item)\s+")
_XML_NAMED = re.compile(r'<(?:param|typeparam|paramref) name="(\w+)"\s*/?>')
_XML_REFERENCE = re.compile(r'<(?:see|seealso) \w+="([^"]*)"\s*/>')
_XML_TAG = re.compile(r"</?[a-zA-Z]+\b[^<>]*>")
# `f, g :: …`, `-spec f(…) -> …`.
_NAMES_END = re.compile(r"\s*::|(?<=\w)\(")
# Haskell documents arguments in between.
_LINE_COMMENT = re.compile(r"--+(?=[\s|^])[^\n]*")
_NAME_MARKS = str.maketrans(",()", "   ")
# Longest first. A literal of bytes or with a prefix for formatting documents nothing.
_DOC_QUOTES = ('"""', "'''", '"', "'")


@dataclass(frozen=True, slots=True)
class Trivia:
    """Comments, decorators and signatures by ascending start, none inside another. Offsets in bytes."""

    starts: list[int]
    ends: list[int]
    roles: list[str]


@dataclass(slots=True)
class Lead:
    """What stands above a definition: where the first decorator begins, the comments in source order, its type.

    ``decorators`` is the text of all of its decorators, also of those within it, before its name. ``comment_spans`` are
    the bytes of the comments, in no order.
    """

    start: int
    comments: list[str]
    signature: str = ""
    decorators: str = ""
    comment_spans: list[tuple[int, int]] = field(default_factory=list)


def trivia_of(found: Findings, text: bytes) -> Trivia:
    """Return the comments, decorators and signatures of a file in order, without those inside of others."""
    trivia = Trivia([], [], [])
    reached = 0
    for start, negative_end, role in sorted(found.trivia):
        if start >= reached:
            reached = -negative_end
            trivia.starts.append(start)
            # Some grammars count the line break to the comment.
            trivia.ends.append(reached - 1 if text[reached - 1 : reached] == b"\n" else reached)
            trivia.roles.append(role)
    return trivia


def leave_trailing_comments(found: Findings, trivia: Trivia, text: bytes) -> None:
    """End each definition before the comments that its grammar counts to the indented block above them."""
    for definition in found.definitions.values():
        index = bisect_left(trivia.starts, definition.end) - 1
        while (
            index >= 0
            and trivia.ends[index] >= definition.end
            and trivia.roles[index] == "comment"
            and trivia.starts[index] > definition.head_end
            and code_end(text, trivia.ends[index]) == definition.end
        ):
            definition.end = code_end(text, trivia.starts[index])
            index -= 1


def lead_of(text: bytes, trivia: Trivia, definition: Definition) -> Lead:
    """Return what stands above a definition.

    A comment counts where it stands alone on its line with no blank line between it and the function; one made for
    documentation may have one.
    """
    reached = definition.start
    first = bisect_left(trivia.starts, reached)
    lead = Lead(reached, [])
    if first < len(trivia.starts) and trivia.starts[first] < definition.name_start:
        lead.decorators = _inner_decorators(text, trivia, definition, first)
    for index in range(first - 1, max(-1, first - 1 - _MAX_LEAD), -1):
        opening, closing, role = trivia.starts[index], trivia.ends[index], trivia.roles[index]
        if reached - closing > _MAX_GAP_BYTES or text[closing:reached].strip():
            break
        beside = _beside(text, trivia, index) if role == "comment" else ""
        if beside == "signature":
            # Haskell documents a result so.
            lead.comments.append(_words(text, opening, closing))
            lead.comment_spans.append((opening, closing))
        elif beside != "decorator" and not _leads(
            lead, text, (opening, closing, role), reached=reached, name=definition.name
        ):
            break
        reached = opening
    lead.comments.reverse()
    return lead


def _leads(lead: Lead, text: bytes, item: tuple[int, int, str], *, reached: int, name: str) -> bool:
    """Take up one comment, decorator or signature that ends above ``reached``; False where it belongs elsewhere."""
    opening, closing, role = item
    words = _words(text, opening, closing)
    if role == "comment":
        gap = 2 if not lead.comments and _reaches_over_a_blank_line(text, opening) else 1
        is_near = words.startswith("@doc") or text.count(b"\n", closing, reached) <= gap
        if not is_near or not _is_alone(text, opening):
            return False
        lead.comments.append(words)
        lead.comment_spans.append((opening, closing))
        return True
    if role == "signature":
        if name not in _NAMES_END.split(words)[0].translate(_NAME_MARKS).split():
            return False
        lead.signature = _LINE_COMMENT.sub("", words)
    else:
        lead.decorators += words
    lead.start = opening
    return True


def _inner_decorators(text: bytes, trivia: Trivia, definition: Definition, index: int) -> str:
    """Return the text of the decorators between the start of a definition and its name; ``index`` is the first's."""
    last = bisect_left(trivia.starts, definition.name_start, index, min(len(trivia.starts), index + _MAX_LEAD))
    return " ".join(
        text[trivia.starts[at] : trivia.ends[at]][:MAX_DOC_CHARACTERS].decode("utf-8", "replace")
        for at in range(index, last)
        if trivia.roles[at] == "decorator"
    )


def _reaches_over_a_blank_line(text: bytes, opening: int) -> bool:
    """Tell whether a comment is made to document what follows, be it after a blank line."""
    # Perl's POD ends in a line of its own, which must be followed by a blank one. The first comment speaks of the file.
    return text.startswith(b"=", opening) or (
        text.startswith(b"/**", opening) and bool(text[max(0, opening - _MAX_GAP_BYTES) : opening].strip())
    )


def _beside(text: bytes, trivia: Trivia, index: int) -> str:
    """Return what a comment follows in its line and is about: the role of a decorator or signature, or ""."""
    if index == 0 or trivia.roles[index - 1] == "comment":
        return ""
    gap = text[trivia.ends[index - 1] : trivia.starts[index]][:_MAX_GAP_BYTES]
    return "" if b"\n" in gap or gap.strip() else trivia.roles[index - 1]


def _words(text: bytes, opening: int, closing: int) -> str:
    return text[opening : min(closing, opening + 4 * MAX_DOC_CHARACTERS)].decode("utf-8", "replace")


def _is_alone(text: bytes, start: int) -> bool:
    before = max(0, start - _MAX_GAP_BYTES)
    return not text[max(before, text.rfind(b"\n", before, start) + 1) : start].strip(b" \t\f\xef\xbb\xbf")


def doc_of(found: Findings, definition: Definition, lead: Lead, language: Language) -> str:
    """Return the documentation of a function: that inside it, else the comments above it."""
    inside = found.docs.get(definition.body_start) if found.docs and definition.body_start is not None else None
    if inside:
        is_comment = _BLOCK_OPENING.match(inside)
        inside = cleaned([inside], language.directives) if is_comment else docstring(inside)
    return inside or (lead.comments and cleaned(lead.comments, language.directives)) or ""


def doc_below(text: bytes, trivia: Trivia, end: int, language: Language) -> str:
    """Return the documentation that starts below a function which ends at ``end``, or behind it in its last line."""
    span = span_below(text, trivia, end, language)
    return cleaned([_words(text, *span)], language.directives) if span else ""


def span_below(text: bytes, trivia: Trivia, end: int, language: Language) -> tuple[int, int] | None:
    """Return the bytes of the comment that `doc_below` reads."""
    index = bisect_left(trivia.starts, end)
    if index == len(trivia.starts) or trivia.roles[index] != "comment":
        return None
    opening, closing = trivia.starts[index], trivia.ends[index]
    if opening > end + _MAX_GAP_BYTES or text[end:opening].strip() or text.count(b"\n", end, opening) > 1:
        return None
    return (opening, closing) if text.startswith(language.docs_below.encode(), opening) else None


def cleaned(comments: Sequence[str], directives: tuple[str, ...]) -> str:
    """Return the words of a run of comments, line by line, without marks, rules and the lines that speak to tools."""
    spoken = [one for one in comments if not one.startswith(directives) and not one.startswith("#!")]
    # A comment made for documentation counts alone, and the nearest of several blocks.
    made = [comment for comment in spoken if _DOC_BLOCK.match(comment)][-1:]
    made = made or [comment for comment in spoken if _DOC_LINE.match(comment)]
    doc = "\n".join(map(str.rstrip, "\n".join(map(_inside, made or spoken)).split("\n")))
    if made and made[0].startswith(_LITERAL_STARTS):
        return doc.strip()[:MAX_DOC_CHARACTERS]
    doc = _unsaid(directives).sub("", doc)
    if "<summary>" in doc:
        doc = _XML_TAG.sub(" ", _XML_REFERENCE.sub(r"\1", _XML_NAMED.sub(r"\1: ", doc)))
        doc = "\n".join(" ".join(line.split()) for line in doc.splitlines() if line.strip())
    return doc.strip()[:MAX_DOC_CHARACTERS]


@cache
def _unsaid(directives: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds the lines of a doc that are rules or speak to tools."""
    spoken_to_tools = "".join(f"{re.escape(start)}[^\n]*|" for start in directives)
    return re.compile(rf"^[^\S\n]*(?:{spoken_to_tools}{_RULE})(?:\n|\Z)", re.MULTILINE)


def _inside(comment: str) -> str:
    """Return what a comment says, without its marks."""
    comment = comment.replace("\r\n", "\n")
    if comment.endswith(("##", "##\r")):
        comment = comment.rstrip("#\r")
    if comment.startswith(_LITERAL_STARTS):
        if comment.startswith("-doc"):
            comment = comment.removeprefix("-doc").rstrip(". \t\n").strip("() \t\n")
        return docstring(comment.removeprefix("@doc").strip().removeprefix("~S").removeprefix("~s"))
    if comment.startswith("="):
        return "\n".join(_POD_HEADING.sub("", line) for line in comment.split("\n") if not _POD_COMMAND.match(line))
    opening = _BLOCK_OPENING.match(comment)
    if opening is None:
        return _LINE_MARK.sub("", comment)
    inside = _BLOCK_CLOSING.sub("", comment[opening.end() :])
    first, line_feed, others = inside.partition("\n")
    # Lines of an example may stand without the star that the others have.
    if _STAR.match(others.lstrip()) or not others.strip():
        return first.strip() + line_feed + _STAR.sub("", others)
    return cleandoc(inside)


def docstring(literal: str) -> str:
    """Return the words of a string literal that documents the function it stands in."""
    text = literal[: 4 * MAX_DOC_CHARACTERS].lstrip("rRuU").replace("\r\n", "\n")
    quotes = next((quotes for quotes in _DOC_QUOTES if text.startswith(quotes)), "")
    inside = text[len(quotes) :].removesuffix(quotes) if quotes else ""
    return cleandoc(inside).strip()[:MAX_DOC_CHARACTERS]
