"""The words of a comment of the C family, told apart from its marks in another way than ours. Pure."""

from __future__ import annotations

import re

# `///`, `//!<`, `/**`, the stars at the start of lines and the end of a block.
_MARKS = re.compile(r"^[ \t]*(?:/[/*]+[!<]*|\*+(?=[ \t\n/]|$)/?)|\**\*/[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"^[^\w\n]{3,}$", re.MULTILINE)


def documentation(comment: str) -> str:
    """Return the text of a comment, or of several joined ones, without marks and rules."""
    return _RULE.sub("", _MARKS.sub("", comment)).strip()
