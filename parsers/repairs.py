"""Source that a grammar cannot read, changed so that it can, every byte in its place. Pure.

The result is only parsed; names, signatures and lines come from the source as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .branches import without_torn_branches
from .dart_repairs import readable_dart
from .kotlin_repairs import readable_kotlin
from .macros import without_macros
from .objective_c import with_plain_methods
from .statements import as_views

if TYPE_CHECKING:
    from collections.abc import Callable

# `!(CVS)`, `@(*.[ch]|*.@(cc|hh))`: patterns that the Bash grammar often takes for a subshell or an end of a case.
_SHELL_GLOB = re.compile(rb"[!@?*+]\((?:[^()\n]|\([^()\n]*\))*\)")
# `[ \( -f a -o -f b \) -a -r c ]`
_ESCAPED_BRACKET = re.compile(rb"\\[()]")
# `[[ $line =~ ^(.*\ -F)\ *([^ ]*)$ ]]`: a pattern with spaces.
_SHELL_REGEX = re.compile(rb"(?<==~ )[^\n]*?(?= \]\])")
# `[[ $line = *" -o "* ]]`: read where there are two signs.
_SHELL_EQUALS = re.compile(rb"(?<= )= (?=\*\")")
# `sed s/:$//`: no variable.
_LONE_DOLLAR = re.compile(rb"\$(?=/)")
# `$type\;*)`: not read behind a variable.
_ESCAPED_SEMICOLON = re.compile(rb"\\;")
# `: <>/dev/tty`: a redirection that the Bash grammar has forgotten.
_OPENED_BOTH_WAYS = re.compile(rb"<>")
# Swift's and C#'s conditions; what they exclude may be half a statement.
_CONDITION = re.compile(rb"[ \t]*#[ \t]*(if|elif|elseif|else|endif|error|warning)\b")
# The clobbers of Zig's assembler blocks since 0.15; the grammar knows the older list of strings.
_CLOBBERS = re.compile(rb"(?<=:)\s*+\.\{[^{}]*\}(?=\s*\))")
# No keywords since Zig 0.15, but to the grammar.
_FORMER_KEYWORDS = re.compile(rb"\b(?:async|await)\b")
_NO_BYTES = re.compile(rb"[^\r\n]")


def without_shell_patterns(text: bytes) -> bytes:
    """Return shell source with each pattern in brackets a plain word, and without the brackets of test expressions.

    What is opened for reading and writing is only read.
    """
    text = _SHELL_GLOB.sub(_word, _SHELL_REGEX.sub(_word, text))
    text = _LONE_DOLLAR.sub(b"_", _SHELL_EQUALS.sub(b"==", _ESCAPED_SEMICOLON.sub(b"__", text)))
    return _ESCAPED_BRACKET.sub(_blank, _OPENED_BOTH_WAYS.sub(b"< ", text))


def _word(match: re.Match[bytes]) -> bytes:
    return b"_" * len(match[0])


def _blank(match: re.Match[bytes]) -> bytes:
    return b" " * len(match[0])


def _readable_c(text: bytes) -> bytes:
    return without_macros(without_torn_branches(text))


def _readable_objective_c(text: bytes) -> bytes:
    return with_plain_methods(_readable_c(text))


def with_first_branches(text: bytes) -> bytes:
    """Return C# or Swift source as it is where each first condition holds, what the others hold blanked.

    A grammar reads conditions around whole statements and members, not a case, an ``else`` or half an expression.
    Where functions in other branches are more than what such a place hides, the tree of the whole source is taken.
    """
    lines = text.split(b"\n")
    # Of the conditions around a line: whether it lies in the first branch.
    around: list[bool] = []
    others = 0
    for number, line in enumerate(lines):
        found = _CONDITION.match(line)
        if found is None and not others:
            continue
        word = found[1] if found else b""
        if word == b"if":
            around.append(True)
        elif around and word == b"endif":
            others -= not around.pop()
        elif around and word in {b"elif", b"elseif", b"else"}:
            others += around[-1]
            around[-1] = False
        lines[number] = b" " * len(line)
    return b"\n".join(lines)


def without_tabs(text: bytes) -> bytes:
    """Return Haskell source with spaces for tabs, most of which its grammar does not know for white space."""
    return text.replace(b"\t", b" ")


def in_former_zig(text: bytes) -> bytes:
    """Return Zig source without what the grammar is too old for.

    Over 200 files of Zig's standard library, this raised the recall of functions from 0.997 to 1.
    """
    text = _CLOBBERS.sub(lambda match: _NO_BYTES.sub(b" ", match[0]), text)
    return _FORMER_KEYWORDS.sub(b"a____", text)


# By the name that a row of the table of languages gives.
REPAIRS: dict[str, Callable[[bytes], bytes]] = {
    "macros": _readable_c,
    "objective-c": _readable_objective_c,
    "shell patterns": without_shell_patterns,
    "first branches": with_first_branches,
    "dart": readable_dart,
    "kotlin": readable_kotlin,
    "former Zig": in_former_zig,
    "tabs": without_tabs,
    "statements": as_views,
}
