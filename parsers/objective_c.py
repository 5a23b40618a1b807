"""Objective-C as its grammar can read it: without the C++ around it, and without bodies that it cannot make out. Pure.

Every byte stays in its place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .branches import TOKEN
from .regions import blanked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    _Span = tuple[int, int]
    # Where it starts and ends, and what is between the braces of its body.
    _Method = tuple[int, int, _Span | None]

_MARK = re.compile(
    rb"^[ \t]*@(?:(?P<whole>interface|protocol)|implementation|end)\b(?![^\n]*;[ \t\r]*$)[^\n]*", re.MULTILINE
)
_STATEMENT = re.compile(rb"^[ \t]*@(?:class|import|protocol|synthesize|dynamic)\b[^\n;]*;", re.MULTILINE)
# The head of a method up to something. Stopping at what may be the next one keeps hostile source linear.
_HEAD = rb"^[-+][ \t]*\((?:[^;{}\n]|\n(?![-+@#]))*?"
_METHOD = re.compile(_HEAD + rb"[{;]", re.MULTILINE)
# React Native's way of writing a method: `RCT_EXPORT_METHOD(load:(NSString *)name)`, with its body behind.
_EXPORTED = re.compile(
    rb"^([A-Z][A-Z0-9_]*_METHOD\((?:[ \t]*\w+[ \t]*,)?)"
    rb"(\s*\w+[ \t]*(?::(?:[^{};\n]|\n(?![-+@#A-Z]))*)?)\)(?=\s*\{)",
    re.MULTILINE,
)
# `- (instancetype)initWithPool:(Pool *)pool NS_DESIGNATED_INITIALIZER;`
_ANNOTATION = re.compile(
    rb"(" + _HEAD + rb"\s)([A-Z]{2,}_[A-Z_]+(?:\((?:[^()\n]|\([^()\n]*\))*\))?)(?=\s*[;{])", re.MULTILINE
)
# `- (void)close; {…}`: the semicolon is one too many for the grammar.
_STRAY = re.compile(rb"(" + _HEAD + rb");(?=\s*\{)", re.MULTILINE)
# What is left of a macro between methods.
_LONE = re.compile(rb"^[ \t]*;[ \t\r]*$", re.MULTILINE)
# `- (const std::string &)name`: a type of C++.
_CPP_TYPE = re.compile(rb"\(([^()]*(?:::|&)[^()]*)\)")
# `[pool size]`, `[pool objectForKey:key]`, the marks of literals and what is said of pointers.
_MESSAGE = re.compile(
    rb"\[\s*[\w.>()*-]+\s+\w+(?::[^\[\]{};]*)?\]|@(?=[\"({\[])"
    rb"|\b(?:_Nullable|_Nonnull|_Null_unspecified|__weak|__strong|__block|__unused|__kindof|__bridge\w*)\b"
)
# Messages in messages deeper than this are left.
_PASSES = 4


def classes_apart(text: bytes) -> tuple[bytes, bytes]:
    """Return the classes and protocols of Objective-C++ source with their methods, and the C++ around and between them.

    The methods have lost what is in their bodies: as a rule that is C++ too.
    """
    text = _plain(text)
    kept = list(_kept(text))
    inside = _only(text, [(start, end) for start, end, _body in kept], [body for _start, _end, body in kept if body])
    outside = _without(text, [(start, end) for start, end, _body in kept])
    outside = _STATEMENT.sub(_blank, outside)
    for _pass in range(_PASSES):
        outside = _MESSAGE.sub(_value, outside)
    return inside, outside


def with_plain_methods(text: bytes) -> bytes:
    """Return the source with the methods that macros export as methods, and without what is left of other macros."""
    return _LONE.sub(_blank, _plain(text))


def _plain(text: bytes) -> bytes:
    """Return the source with the heads of its methods as the grammar knows them."""
    text = _STRAY.sub(rb"\1 ", _ANNOTATION.sub(_without_annotation, _EXPORTED.sub(_method, text)))
    return _METHOD.sub(lambda head: _CPP_TYPE.sub(_any_type, head[0]), text)


def _any_type(of_cpp: re.Match[bytes]) -> bytes:
    return b"(id".ljust(len(of_cpp[0]) - 1) + b")"


def _kept(text: bytes) -> Iterator[_Method]:
    """Yield what is Objective-C: interfaces and protocols as a whole, of implementations the marks and the methods."""
    opened: re.Match[bytes] | None = None
    for mark in _MARK.finditer(text):
        if opened is None and mark[0].strip() != b"@end":
            opened = mark
        elif opened is not None and mark[0].lstrip().startswith(b"@end"):
            if opened["whole"]:
                yield opened.start(), mark.end(), None
            else:
                yield opened.start(), opened.end(), None
                yield from _methods(text, opened.end(), mark.start())
                yield mark.start(), mark.end(), None
            opened = None


def _methods(text: bytes, start: int, end: int) -> Iterator[_Method]:
    """Yield the methods between two offsets."""
    while method := _METHOD.search(text, start, end):
        start = method.end()
        body: _Span | None = None
        if method[0].endswith(b"{"):
            closing = _end_of_body(text, start, end)
            if closing is None:
                return
            body, start = (start, closing), closing + 1
        yield method.start(), start, body


def _end_of_body(text: bytes, start: int, end: int) -> int | None:
    """Return where the brace stands that closes the one before ``start``."""
    depth = 1
    for token in TOKEN.finditer(text, start, end):
        if token["bracket"] == b"{":
            depth += 1
        elif token["bracket"] == b"}":
            depth -= 1
            if not depth:
                return token.start()
    return None


def _only(text: bytes, kept: Iterable[_Span], dropped: Iterable[_Span]) -> bytes:
    """Return the ascending spans of a text and its comments, the rest and some spans within them blanked."""
    gaps, reached = [], 0
    for start, end in [*kept, (len(text), len(text))]:
        for token in TOKEN.finditer(text, reached, start):
            if token[0].startswith((b"//", b"/*")):
                gaps.append((reached, token.start()))
                reached = token.end()
        gaps.append((reached, start))
        reached = end
    return _without(text, sorted([*gaps, *dropped]))


def _without(text: bytes, spans: Iterable[_Span]) -> bytes:
    """Return a text with ascending spans of it blanked."""
    pieces: list[bytes] = []
    reached = 0
    for start, end in spans:
        pieces += [text[reached:start], blanked(text[start:end])]
        reached = end
    return b"".join([*pieces, text[reached:]])


def _method(exported: re.Match[bytes]) -> bytes:
    return b"- (void)".ljust(len(exported[1])) + exported[2] + b" "


def _without_annotation(declaration: re.Match[bytes]) -> bytes:
    return declaration[1] + blanked(declaration[2])


def _value(message: re.Match[bytes]) -> bytes:
    return (b"0" if message[0].startswith(b"[") else b" ") + blanked(message[0][1:])


def _blank(match: re.Match[bytes]) -> bytes:
    return blanked(match[0])
