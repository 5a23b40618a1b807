"""Source that a grammar cannot read, changed so that it can, every byte in its place. Pure.

The result is only parsed; names, signatures and lines come from the source as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .branches import without_torn_branches
from .kotlin_repairs import readable_kotlin
from .macros import without_macros
from .objective_c import with_plain_methods

if TYPE_CHECKING:
    from collections.abc import Callable

# `!(CVS)`, `@(*.[ch]|*.@(cc|hh))`: patterns that the Bash grammar often takes for a subshell or an end of a case.
_SHELL_GLOB = re.compile(rb"[!@?*+]\((?:[^()\n]|\([^()\n]*\))*\)")
# `[ \( -f a -o -f b \) -a -r c ]`
_ESCAPED_BRACKET = re.compile(rb"\\[()]")


def without_shell_patterns(text: bytes) -> bytes:
    """Return shell source with each pattern in brackets a plain word, and without the brackets of test expressions."""
    return _ESCAPED_BRACKET.sub(_blank, _SHELL_GLOB.sub(lambda match: b"_" * len(match[0]), text))


def _blank(match: re.Match[bytes]) -> bytes:
    return b" " * len(match[0])


def _readable_c(text: bytes) -> bytes:
    return without_macros(without_torn_branches(text))


def _readable_objective_c(text: bytes) -> bytes:
    return with_plain_methods(_readable_c(text))


# By the name that a row of the table of languages gives.
REPAIRS: dict[str, Callable[[bytes], bytes]] = {
    "macros": _readable_c,
    "objective-c": _readable_objective_c,
    "shell patterns": without_shell_patterns,
    "kotlin": readable_kotlin,
}
