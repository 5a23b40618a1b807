"""The words of a comment of the C family, told apart from its marks in another way than ours. Pure."""

from __future__ import annotations

import re

_LINE_MARKS = re.compile(r"^[ \t]*//[/!]*<?", re.MULTILINE)
# `/**`, the stars at the start of lines and the end of the block.
_BLOCK_MARKS = re.compile(r"^[ \t]*(?:/\*+[!<]*|\*+(?=[ \t\n/]|$)/?)|\**\*/[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"^[^\w\n]{3,}$", re.MULTILINE)


def documentation(comment: str) -> str:
    """Return the text of a comment, or of several joined ones, without marks and rules."""
    marks = _LINE_MARKS if comment.startswith("//") else _BLOCK_MARKS
    return _RULE.sub("", marks.sub("", comment)).strip()
