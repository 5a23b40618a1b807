"""Bytes to a syntax tree, within a deadline, and the check that a query over the tree will end.

A tree-sitter query cannot be interrupted: its progress callback reads freed memory (tree-sitter 0.25.2 and 0.26.1), so
it is never passed, and trees that are known to keep a query busy for minutes are refused before.
Memory is not bounded here: a caller that reads strangers' files runs this in a process with a limit.
"""

from __future__ import annotations

import codecs
import re
from time import monotonic, thread_time
from typing import TYPE_CHECKING

from tree_sitter import Node, Parser, Point, QueryCursor, Tree

if TYPE_CHECKING:
    from tree_sitter import Language as Grammar
    from tree_sitter import Query

# The TypeScript compiler, 9 MB in one file, parses in 1.25 s; a file that takes longer was made to. Counted in time of
# the processor: on a busy machine a harmless file may take ten times as long, and would be given up for good.
PARSE_DEADLINE_SECONDS = 2.0
# The lexer gets the whole text at first, and a slice where it jumps back, as Perl's does all the time. A Perl module of
# 218 KB takes 0.13 s without callback, 0.4 s with slices of 1 KB, 0.7 s with 4 KB, 6 s with 64 KB.
READ_BYTES = 1 << 10
# A query takes time quadratic in the length of a run of marks and errors no rule could reduce: 0.05 s at 5,000, minutes
# at 300,000.
MAX_UNREDUCED_RUN = 5_000
# Every node around the current one may keep a pattern waiting: `a.a.a.…` in Ruby takes 4 s at 10,000 levels. The
# deepest comment in Go's own sources lies below 1,000, in a string of 450 parts; no function lies below 100.
MAX_SEARCH_DEPTH = 2_000

# The C library's `isalnum`, which some grammars ask about any character, reads far outside its table for these planes:
# of private use, and unassigned. Bash scripts hold such characters, as icons of a prompt.
_FAR_CHARACTER = re.compile(rb"[\xf1-\xf4][\x80-\xbf]{3}")
_TWO_LETTERS = "éé".encode()
# A text predicate of a query raises or crashes on bytes that are no UTF-8. A letter in their place keeps names whole.
_NO_TEXT = "funcseek-letters"


def _letters(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 (only used to decode)
    return "_" * (error.end - error.start), error.end


codecs.register_error(_NO_TEXT, _letters)


class Unreadable(Exception):
    """A text whose functions cannot be told. Its message says in a few words why, as people are shown it."""


def parse(text: bytes, grammar: Grammar) -> Tree:
    """Return the syntax tree of ``text``; raises Unreadable where that takes over `PARSE_DEADLINE_SECONDS`.

    The tree may reach one byte further than a text that does not end in a line feed.
    """
    if not text.isascii():
        text = _FAR_CHARACTER.sub(_TWO_LETTERS, text.decode("utf-8", _NO_TEXT).encode())
    if not text.endswith(b"\n"):
        # Perl's scanner never leaves a here-document that ends the file within a line; C wants one after a `#define`.
        text += b"\n"
    deadline, limit = monotonic() + PARSE_DEADLINE_SECONDS, thread_time() + PARSE_DEADLINE_SECONDS

    # The slices must be bytes: a text predicate on a tree read from a memoryview crashes the process.
    def read(offset: int, _point: Point) -> bytes:
        return text[offset : offset + READ_BYTES] if offset else text

    def is_late(_offset: int, _has_error: bool) -> bool:  # noqa: FBT001 - the parser's own calling convention
        # The second costs a system call, and cannot be true before the first.
        return monotonic() > deadline and thread_time() > limit

    # A new parser each time: a cancelled one would go on with the old text, and one may not be shared by threads.
    try:
        return Parser(grammar).parse(read, progress_callback=is_late)
    except ValueError:
        raise Unreadable("timed out") from None


def is_searchable(root: Node) -> bool:
    """Tell whether a query over the tree ends in reasonable time."""
    pending = [root] if root.has_error else []
    while pending:
        node = pending.pop()
        if node.child_count > MAX_UNREDUCED_RUN and _longest_unreduced_run(node) > MAX_UNREDUCED_RUN:
            return False
        pending.extend(child for child in node.children if child.has_error)
    return True


def matches_in(root: Node, query: Query) -> list[tuple[int, dict[str, list[Node]]]]:
    """Return the matches of a query in a searchable tree, but for what lies deeper than `MAX_SEARCH_DEPTH`."""
    cursor = QueryCursor(query)
    cursor.set_max_start_depth(MAX_SEARCH_DEPTH)
    return cursor.matches(root)


def _longest_unreduced_run(node: Node) -> int:
    """Return the length of the longest run of anonymous children and errors, or the first length above the limit."""
    cursor = node.walk()
    longest = run = 0
    more = cursor.goto_first_child()
    while more and longest <= MAX_UNREDUCED_RUN:
        child = cursor.node
        run = 0 if child is None or (child.is_named and not child.is_error) else run + 1
        longest = max(longest, run)
        more = cursor.goto_next_sibling()
    return longest
