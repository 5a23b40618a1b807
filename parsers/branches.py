"""C and C++ source in which each torn preprocessor conditional has lost all branches but one, every byte in its place.

A grammar reads all branches one after the other, which goes wrong where one of them opens what another one closes, or
where they stand in the middle of a statement. Pure; the result is only parsed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Comments, strings, directives and brackets, one after the other.
TOKEN = re.compile(
    rb"//[^\n]*|/\*.*?(?:\*/|\Z)|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n]){1,4}'"
    rb"|^[ \t]*#[ \t]*(?P<directive>\w+)(?:[^\n\\/]|\\.|/(?!\*))*|(?P<bracket>[{}()])",
    re.DOTALL | re.MULTILINE,
)
_OPENING = frozenset({"if", "ifdef", "ifndef"})
_NEXT = frozenset({"else", "elif", "elifdef", "elifndef"})
_NOT_LINE_BREAKS = re.compile(rb"[^\n]+")
_ELSE = re.compile(rb"\s*else\b")
# Two heads for one body.
_CONTINUED = re.compile(rb"\s*[{:,;=]")
_MAX_GAP = 100
_MACRO_LINE = re.compile(rb"(?:\A|\n)[ \t]*[A-Z][A-Z0-9_]{2,}\Z")
# What ends a declaration, a statement or a label.
_ENDS = b";{}:)"
_MORE_FOLLOWS = b":,=+-*&|?<^%"
_STEPS = {b"{": (1, 0), b"}": (-1, 0), b"(": (0, 1), b")": (0, -1)}


@dataclass(slots=True)
class _Conditional:
    """One ``#if`` to its ``#endif``. ``directives`` are their ranges; ``depth`` is that of braces and parentheses.

    ``ends`` holds, for each branch, the depth and the last byte of code at its end.
    """

    depth: tuple[int, int]
    last: int
    directives: list[tuple[int, int]] = field(default_factory=list)
    ends: list[tuple[tuple[int, int], int]] = field(default_factory=list)


def without_torn_branches(text: bytes) -> bytes:
    """Return the source with the first branch only of each conditional that is torn, without its directives."""
    blanked = sorted(span for torn in _torn(text) for span in _spans(torn))
    pieces: list[bytes] = []
    reached = 0
    for start, end in blanked:
        if end > reached:
            start = max(start, reached)
            pieces += [text[reached:start], _NOT_LINE_BREAKS.sub(lambda match: b" " * len(match[0]), text[start:end])]
            reached = end
    return b"".join([*pieces, text[reached:]])


def _torn(text: bytes) -> list[_Conditional]:
    torn: list[_Conditional] = []
    around: list[_Conditional] = []
    depth, last, reached = (0, 0), ord(";"), 0
    for token in TOKEN.finditer(text):
        if code := text[reached : token.start()].rstrip():
            last = ord(";") if _MACRO_LINE.search(code, max(0, len(code) - _MAX_GAP)) else code[-1]
        reached = token.end()
        if bracket := token["bracket"]:
            braces, parentheses = _STEPS[bracket]
            depth, last = (depth[0] + braces, depth[1] + parentheses), bracket[0]
        elif token[0][:1] in {b'"', b"'"}:
            last = token[0][0]
        elif token["directive"]:
            depth, last = _directed(around, torn, token, state=(depth, last), text=text)
    return torn


def _directed(
    around: list[_Conditional],
    torn: list[_Conditional],
    token: re.Match[bytes],
    *,
    state: tuple[tuple[int, int], int],
    text: bytes,
) -> tuple[tuple[int, int], int]:
    """Follow one directive and return the depth and last byte of code behind it."""
    word = token["directive"].decode("ascii", "replace")
    if word in _OPENING:
        around.append(_Conditional(*state, [token.span()]))
    elif around and word in _NEXT:
        around[-1].directives.append(token.span())
        around[-1].ends.append(state)
        return around[-1].depth, around[-1].last
    elif around and word == "endif":
        conditional = around.pop()
        conditional.directives.append(token.span())
        conditional.ends.append(state)
        if _is_torn(conditional, text):
            torn.append(conditional)
        return conditional.ends[0]
    return state


def _is_torn(conditional: _Conditional, text: bytes) -> bool:
    if any(depth != conditional.depth or _is_unfinished(last, conditional.last) for depth, last in conditional.ends):
        return True
    if len(conditional.ends) > 1 and _CONTINUED.match(text, conditional.directives[-1][1]):
        return True
    if conditional.depth[1] > 0 or conditional.last not in _ENDS:
        return True
    return any(
        _ELSE.match(text, end) or text[max(0, start - _MAX_GAP) : start].rstrip().endswith(b"else")
        for start, end in conditional.directives
    )


def _is_unfinished(last: int, before: int) -> bool:
    """Tell whether more must follow the last byte of a branch. A label needs a statement behind it."""
    return last in _MORE_FOLLOWS and last != before


def _spans(torn: _Conditional) -> list[tuple[int, int]]:
    """Return what to blank: the directives, and from the second branch on everything."""
    first, second, *_others = torn.directives
    return [first, (second[0], torn.directives[-1][1])]
