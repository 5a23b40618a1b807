"""The words of a comment of the C family, told apart from its marks in another way than ours. Pure."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_MARKS = re.compile(r"^[ \t]*(?://[/!]*<?|/\*+[!<]*/?|\*+(?=[ \t\n/]|$)/?)|\**\*/[ \t]*$", re.MULTILINE)
_LATER_MARKS = re.compile(r"^[ \t]*\*+(?=[ \t\n/]|$)/?|\**\*/[ \t]*$", re.MULTILINE)
# Where some lines have a star, it may be a mark or one of a list.
_STARRED = re.compile(r"\n[ \t]*\*+[ \t]+\S")
_UNSTARRED = re.compile(r"\n[ \t]*[^*/\s]")
_RULE = re.compile(r"^[ \t]*[^\w\s]{3,}[ \t]*$", re.MULTILINE)


def documentation(comment: str) -> str | None:
    """Return the text of a comment, or of several joined ones, without marks and rules; None where that is unclear."""
    if _STARRED.search(comment) and _UNSTARRED.search(comment):
        return None
    comments = _COMMENT.findall(comment)
    # The heading of a part of the file, which libclang joins to the comment below it.
    texts = [_plain(one) for one in comments if not (len(comments) > 1 and one.startswith("/***"))]
    return _RULE.sub("", "\n".join(texts)).strip() or None


def _plain(comment: str) -> str:
    first, line_break, others = comment.partition("\n")
    return _MARKS.sub("", first) + line_break + _LATER_MARKS.sub("", others)
