"""Kotlin that its grammar cannot read, changed so that it can, every byte in its place. Pure.

The grammar (1.1.0) knows no guards, no bodies in one line and few of the words that are keywords in some places only.
Over 1,913 files of large projects, 68 do not parse as they are and 1 does not as changed here; the recall of functions
rises from 0.929 to 0.9995, at the same precision.
The result is only parsed; names, signatures and lines come from the source as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_LINE_BREAKS = bytes.maketrans(b"\r\n", b"  ")
_NO_DOLLARS = bytes.maketrans(b"$", b"_")


def _in_one_line(match: re.Match[bytes]) -> bytes:
    return match[0].translate(_NO_LINE_BREAKS)


def _blank(match: re.Match[bytes]) -> bytes:
    return re.sub(rb"[^\r\n]", b" ", match[0])


def _without_dollars(match: re.Match[bytes]) -> bytes:
    return b" " * len(match[1]) + match[2].translate(_NO_DOLLARS)


def _as_condition(match: re.Match[bytes]) -> bytes:
    return match[1] + b", "


def _as_name(match: re.Match[bytes]) -> bytes:
    return b"_" * len(match[0])


def _as_annotation(match: re.Match[bytes]) -> bytes:
    return match[1] + b"@ontext(" + b"_" * len(match[2]) + b")"


_STEPS: tuple[tuple[re.Pattern[bytes], Callable[[re.Match[bytes]], bytes]], ...] = (
    # `class Pool` with its `internal constructor(…)` in the next line: the whole class is lost.
    (
        re.compile(
            rb"\bclass[ \t]+\w+(?:<[^<>\n]*>)?[ \t]*\r?\n"
            rb"[ \t]*(?:(?:@[\w.]+(?:\([^()\n]*\))?|internal|private|protected|public|actual|expect)\s+)*constructor\b"
        ),
        _in_one_line,
    ),
    # `class Pool { val size = 1 }`: what ends a body's last member is a line break or a semicolon.
    (re.compile(rb"(?<=[\w)\]>\"'?!}])[ \t](?=\})"), lambda _match: b";"),
    # `is Pool if isOpen() ->` and `State.FREE if isOpen() ->`, as one more condition.
    (re.compile(rb"^([ \t]*(?:!?is|!?in)[ \t](?:(?!->)[^\n])*?[ \t])if\b", re.MULTILINE), _as_condition),
    (re.compile(rb"^([ \t]*[A-Z][\w.]*[ \t])if(?=[ \t(].*->)", re.MULTILINE), _as_condition),
    # `insert { … } get Pool.id`.
    (re.compile(rb"(?<=[})] )get(?= [\w(])"), _as_name),
    # `where?.let { … }`, `set = 0` and `open(file)`, which are names like any other.
    (re.compile(rb"\bwhere(?=\?\.|\.| = )"), _as_name),
    (re.compile(rb"(?<=[ \t])(?:set(?= [-+]?= | !=)|open(?=\(| = ))"), _as_name),
    # `in1.close()`.
    (re.compile(rb"\b(?:in|is|as)(?=\d)"), _as_name),
    # An accessor's annotation.
    (
        re.compile(
            rb"@[\w.]+(?:\([^()\n]*\))?\s+(?=(?:private |internal |protected )?[gs]et\b(?:\(|[ \t]*\r?$))",
            re.MULTILINE,
        ),
        _blank,
    ),
    (re.compile(rb"\bsuspend(?=[ \t]*\{)"), _blank),
    # `context(logger: Logger)` above a function, as an annotation, and in a type.
    (re.compile(rb"^([ \t]*)context\(((?:[^()\n]|\([^()\n]*\))*)\)", re.MULTILINE), _as_annotation),
    (re.compile(rb"(?<=: )context\([^()\n]*\)(?= )"), _blank),
    # `$$"…"`, where a single dollar is just that.
    (re.compile(rb"(?<!\$)(\$\$+)(\"(?:\"\"[\s\S]*?\"\"\"|[^\"\n]*\"))"), _without_dollars),
    # `@Permission(strings = [])`.
    (re.compile(rb"(?<== )\[\]"), _as_name),
)


def readable_kotlin(text: bytes) -> bytes:
    """Return Kotlin source in older and longer words, of the same length, that the grammar reads alike."""
    for pattern, change in _STEPS:
        text = pattern.sub(change, text)
    return text
