"""The lines of one ignore file as one matcher, in bounded memory and linear time. Reads no file.

All lines of a file become one set of RE2, which says in one pass over a path which of them match; no line, however many
stars it has, makes that pass longer than linear. What a file may cost in memory is bounded before it is compiled.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import re2

from .wildmatch import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .wildmatch import Pattern

    # A line's number, its text, and what it means.
    _Line = tuple[int, bytes, Pattern]

# Larger files are made by programs or with ill will; the rest of them is not read.
MAX_IGNORE_BYTES = 1_000_000
MAX_IGNORE_LINES = 10_000
# No path is longer, so no honest pattern is.
_MAX_LINE_BYTES = 4_096
# Bytes of regular expressions of one file; 10,000 anchored lines of 50 bytes have 580,000. A hostile file of this size
# takes 40 MB. From 1.3 MB on it may have a million nodes, and RE2 complains on standard error whatever its options say.
MAX_FILE_COST = 600_000
# What RE2 is told; it counts four times what it takes. The largest honest file above just fits.
_MAX_MATCHER_BYTES = 64 << 20
# The same for names alone, of which honest files have a few hundred bytes.
_MAX_NAMES_COST = 20_000
# Compiled files kept by content, so that a look at one path, or the next scan, compiles none anew: a few large ones,
# and those of a repository with an ignore file in every package.
_KEPT_LARGE_FILES, _KEPT_SMALL_FILES = 16, 256
_SMALL_BYTES = 2_000

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line that means something.

    ``source`` is the file's path, relative to the root for those below it; ``line`` counts from 1. ``yields``: the rule
    says nothing of what git tracks.
    """

    source: str
    line: int
    text: str
    negated: bool
    folders_only: bool
    yields: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the lines of a level come from: the kind's strength, the path to cite, and the folder they hold below.

    ``needle``: bytes that every path has that any line matches, where there are such.
    """

    rank: int
    source: str
    prefix: str = ""
    yields: bool = False
    needle: bytes = b""


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """The lines of one file that mean something, by their numbers. ``cost``: bytes of regular expressions.

    Of the lines about files, ``names`` finds those about names alone in a list of names, and ``heads`` is what all
    paths begin with that others match; None where that would take too much memory.
    """

    lines: tuple[tuple[int, str, Pattern], ...]
    matcher: re2.Set
    cost: int
    folders_only: bool
    names: re2.Set | None
    heads: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The rules of one file where it lies. Paths are matched without their first ``offset`` bytes, its folder's name.

    ``matches`` returns the indexes of the lines that match, or None.
    """

    origin: Origin
    offset: int
    compiled: Compiled
    matches: Callable[[bytes], list[int] | None]

    def last_match(self, path: bytes, *, is_folder: bool) -> Rule | None:
        """Return the last rule that matches a path."""
        found = self.matches(path[self.offset :])
        if not found:
            return None
        for index in sorted(found, reverse=True):
            if is_folder or not self.compiled.lines[index][2].folders_only:
                return self._rule(index)
        return None

    def may_match(self, folder: bytes, names: bytes) -> bool:
        """Tell whether a rule may match a file in a folder, given with a slash, of whose names each has one around it.

        One look at a whole folder instead of one at each file; it never misses a match.
        """
        if self.compiled.names is None:
            return True
        inner = folder[self.offset :]
        if any(
            inner.startswith(head[: len(inner)]) and head.startswith(inner[: len(head)]) for head in self.compiled.heads
        ):
            return True
        return bool(self.compiled.names.Match(names))

    def undoes_own(self, path: bytes) -> bool:
        """Tell whether a rule that leaves a file out matches it, whatever later lines say."""
        lines = self.compiled.lines
        matching = (lines[index][2] for index in self.matches(path[self.offset :]) or ())
        return any(not meant.negated and not meant.folders_only for meant in matching)

    def _rule(self, index: int) -> Rule:
        number, text, meant = self.compiled.lines[index]
        origin = self.origin
        return Rule(origin.source, number, text, meant.negated, meant.folders_only, origin.yields)


def level_of(text: bytes, origin: Origin) -> Level | None:
    """Return the rules of one file, None where no line means anything."""
    compiled = (_small if len(text) <= _SMALL_BYTES else _large)(text)
    if compiled is None:
        return None
    return Level(origin, len(os.fsencode(origin.prefix)), compiled, compiled.matcher.Match)


def _compiled(text: bytes) -> Compiled | None:
    lines = text.removeprefix(_BYTE_ORDER_MARK).split(b"\n", MAX_IGNORE_LINES)[:MAX_IGNORE_LINES]
    found = list(_within_budget(lines))
    if not found:
        return None
    matcher, kept = _matcher(found)
    on_files = [meant for _, _, meant in kept if not meant.folders_only]
    return Compiled(
        tuple((number, line.decode("utf-8", "replace").strip(), meant) for number, line, meant in kept),
        matcher,
        cost=sum(len(meant.regex) for _, _, meant in kept),
        folders_only=all(meant.folders_only for _, _, meant in kept),
        names=_names([meant.name for meant in on_files if meant.name]),
        heads=tuple({meant.head for meant in on_files if not meant.name}),
    )


def _names(expressions: list[bytes]) -> re2.Set | None:
    if sum(map(len, expressions)) > _MAX_NAMES_COST:
        return None
    return _set([b"/" + name + b"/" for name in expressions], re2.Set.SearchSet)


def _within_budget(lines: list[bytes]) -> Iterator[_Line]:
    """Yield what the first lines mean, until they would cost too much; so hostile ones are not even translated."""
    room = MAX_FILE_COST
    for number, line in enumerate(lines, 1):
        meant = pattern(line) if len(line) <= _MAX_LINE_BYTES else None
        room -= len(meant.regex) if meant else 0
        if room < 0:
            return
        if meant:
            yield number, line, meant


_small = lru_cache(_KEPT_SMALL_FILES)(_compiled)
_large = lru_cache(_KEPT_LARGE_FILES)(_compiled)


def _matcher(lines: list[_Line]) -> tuple[re2.Set, list[_Line]]:
    """Compile as many lines, from the first, as RE2 has memory for; returns which."""
    while True:
        with contextlib.suppress(re2.error):
            return _set([meant.regex for _, _, meant in lines], re2.Set.FullMatchSet), lines
        lines = lines[: len(lines) // 2]


def _set(expressions: list[bytes], kind: Callable[[re2.Options], re2.Set]) -> re2.Set:
    """Return one matcher that tells in linear time which expressions match; raises re2.error over the budget."""
    matcher = kind(_options())
    for expression in expressions:
        matcher.Add(expression)
    matcher.Compile()
    return matcher


def _options() -> re2.Options:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.dot_nl = True
    options.log_errors = False
    options.max_mem = _MAX_MATCHER_BYTES
    return options
