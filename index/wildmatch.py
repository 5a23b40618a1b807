"""One line of an ignore file as a regular expression, exactly as git's wildmatch reads it. Pure; compiles nothing.

Follows ``dir.c`` (``parse_path_pattern``, ``match_pathname``) and ``wildmatch.c`` of git: bytes, not characters, and no
case folding. The expressions use only what RE2 knows, and expect its ``dot_nl`` and ``latin-1`` options.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# What ends the literal head of a pattern, which git compares byte by byte before any wildcard is looked at.
_WILDCARD = re.compile(rb"[*?\[\\]")
_STARS = re.compile(rb"\*+")
_MEMBER = re.compile(
    rb"\[:(?P<name>[^\]]*):\]|(?P<low>\\.|[^\\])-(?P<high>\\.|[^\\\]])|(?P<one>\\.|[^\\])",
    re.DOTALL,
)
_SLASH = ord("/")
_ANYWHERE = b"(?:.*/)?"

# Members of the POSIX classes as text within brackets. "/" is left out of all: no bracket ever matches it in a path.
_CLASSES = {
    b"alnum": rb"0-9A-Za-z",
    b"alpha": rb"A-Za-z",
    b"blank": rb"\x09\x20",
    b"cntrl": rb"\x00-\x1f\x7f",
    b"digit": rb"0-9",
    b"graph": rb"\x21-\x2e\x30-\x7e",
    b"lower": rb"a-z",
    b"print": rb"\x20-\x2e\x30-\x7e",
    b"punct": rb"\x21-\x2e\x3a-\x40\x5b-\x60\x7b-\x7e",
    b"space": rb"\x09-\x0d\x20",
    b"upper": rb"A-Z",
    b"xdigit": rb"0-9A-Fa-f",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What one line matches: ``regex`` over the whole path relative to the ignore file's folder, ``/`` separated.

    ``name`` is the same over a path's last part alone, where that decides. Where more does, it is empty, and every path
    that matches begins with ``head``.
    """

    regex: bytes
    negated: bool
    folders_only: bool
    name: bytes = b""
    head: bytes = b""


def pattern(line: bytes) -> Pattern | None:
    """Translate one line without its line feed; None for blank lines, comments and lines that can match nothing."""
    text = _meaningful(line)
    negated = text.startswith(b"!")
    text = text.removeprefix(b"!")
    folders_only = text.endswith(b"/")
    text = text.removesuffix(b"/")
    anchored = b"/" in text
    text = text.removeprefix(b"/")
    regex = _regex(text, anchored=anchored)
    return Pattern(regex, negated, folders_only, _name(regex), _WILDCARD.split(text, maxsplit=1)[0]) if regex else None


def _name(regex: bytes) -> bytes:
    """Return the part of an expression that is about a path's last part, empty where it is about more."""
    name = regex.removeprefix(_ANYWHERE)
    crosses = name == regex or b".*" in name or b"/" in name.replace(b"[^/", b"")
    return b"" if crosses else name


def _meaningful(line: bytes) -> bytes:
    """Drop comments, the carriage return of a CRLF, what follows a NUL, and spaces at the end that are not escaped."""
    text = line.removesuffix(b"\r").split(b"\0", 1)[0]
    if text.startswith(b"#"):
        return b""
    kept = index = 0
    while index < len(text):
        escaped = text[index : index + 1] == b"\\"
        space = text[index : index + 1] == b" "
        index += 2 if escaped else 1
        kept = kept if space else index
    return text[:kept]


def _regex(text: bytes, *, anchored: bool) -> bytes:
    """Return the regular expression of a pattern, ``b""`` where git would never match it."""
    wildcard = _WILDCARD.search(text)
    head = wildcard.start() if wildcard else len(text)
    pieces = [b"" if anchored else _ANYWHERE, re.escape(text[:head])]
    index = head
    while index < len(text):
        # A pattern without a slash is matched against names alone, so nothing in it may cross one.
        piece, index = _piece(text, index, head if anchored else -1)
        if not piece:
            return b""
        pieces.append(piece)
    return b"".join(pieces) if text else b""


def _piece(text: bytes, index: int, head: int) -> tuple[bytes, int]:
    """Translate what stands at ``index``; returns an empty piece where nothing can match."""
    match text[index : index + 1]:
        case b"*":
            return _stars(text, index, head)
        case b"?":
            return b"[^/]", index + 1
        case b"[":
            return _bracket(text, index + 1)
        case b"\\":
            return re.escape(text[index + 1 : index + 2]), index + 2
        case literal:
            return re.escape(literal), index + 1


def _stars(text: bytes, index: int, head: int) -> tuple[bytes, int]:
    """Translate a run of stars; two or more cross folders where they fill the room between slashes.

    git compares the literal head first and forgets it, so stars right behind it count as the start of a pattern:
    ``ab**/c`` crosses folders although the documentation says otherwise.
    """
    run = _STARS.match(text, index)
    end = run.end() if run else index
    starts = index == head or text[index - 1] == _SLASH
    if end - index == 1 or not starts:
        return b"[^/]*", end
    if text.startswith(b"/", end):
        return _ANYWHERE, end + 1
    if end == len(text) or text.startswith(b"\\/", end):
        return b".*", end
    return b"[^/]*", end


def _bracket(text: bytes, index: int) -> tuple[bytes, int]:
    """Translate a bracket expression whose members start at ``index``; empty where it is broken or has no members."""
    negated = text[index : index + 1] in (b"!", b"^")
    index += negated
    members: list[bytes] = []
    first = index
    while index == first or not text.startswith(b"]", index):
        member = _MEMBER.match(text, index)
        if member is None or member["name"] not in (None, *_CLASSES):
            return b"", len(text)
        members.append(_members(member))
        index = member.end()
    inside = b"".join(members)
    if negated:
        return b"[^/" + inside + b"]", index + 1
    return (b"[" + inside + b"]" if inside else b""), index + 1


def _members(member: re.Match[bytes]) -> bytes:
    if member["name"] is not None:
        return _CLASSES[member["name"]]
    if member["one"] is not None:
        return _span(member["one"][-1], member["one"][-1])
    low, high = member["low"][-1], member["high"][-1]
    # The first end counts as a member of its own, even where the range is upside down: "[z-a]" matches "z".
    return _span(low, low) + _span(low, high)


def _span(low: int, high: int) -> bytes:
    """Return a range as text within brackets, without ``/``."""
    if low <= _SLASH <= high:
        return _span(low, _SLASH - 1) + _span(_SLASH + 1, high)
    return b"\\x%02x-\\x%02x" % (low, high) if low <= high else b""
