"""Which paths below a root are ignored, and by which line of which file. Never runs git, never reads its configuration.

Rules come from four kinds of places: ``.funcseekignore``, ``.gitignore``, ``.git/info/exclude``, `DEFAULT_EXCLUDES`.
The first kind with a matching line decides, within a kind the nearest file, within a file the last line. So ``!dist/``
in a ``.funcseekignore`` or a ``.gitignore`` brings a folder back that is left out by default. All files have git's
syntax and meaning (see ``wildmatch``). As in git, nothing below an ignored folder can be brought back.

Unlike git: letters' case always counts, global ignore files are not read, a linked ``.git/info/exclude`` is not
followed, and a nested repository is an ordinary folder, where the rules of the outer one go on below its own.
Files above the root are not read: a root inside somebody's ``node_modules`` is searched like any other.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import re2

from .content import head
from .wildmatch import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .wildmatch import Pattern

# Dependencies and build output, which nobody wrote by hand: at any depth, folders only.
DEFAULT_EXCLUDES = b"""\
node_modules/
bower_components/
vendor/
site-packages/
Pods/
.venv/
venv/
.tox/
.nox/
.eggs/
__pycache__/
.mypy_cache/
.pytest_cache/
.ruff_cache/
.hypothesis/
.cache/
.gradle/
.next/
.nuxt/
.svelte-kit/
.yarn/
.pnpm-store/
.terraform/
.dart_tool/
.stack-work/
.zig-cache/
.hg/
.svn/
target/
dist/
build/
"""

# Larger files are made by programs or with ill will; the rest of them is not read.
MAX_IGNORE_BYTES = 1_000_000
MAX_IGNORE_LINES = 10_000
# "gitdir: PATH" in place of a .git folder; longer paths cannot be opened anyway.
_MAX_LINK_BYTES = 4_200
# No path is longer, so no honest pattern is.
_MAX_LINE_BYTES = 4_096
# 10,000 anchored lines of 50 bytes need 0.6 MB of expressions and just fit. From a million nodes on, which 1.3 MB of
# expressions cannot hold, RE2 complains on standard error whatever the options say.
_MAX_MATCHER_BYTES = 64 << 20
_MAX_REGEX_BYTES = 1_250_000
# Compiled files kept by content, so that a scan every half minute and a look at one path compile nothing.
_KEPT_FILES = 64

_DEFAULTS = "the default excludes"
_EXCLUDE = ".git/info/exclude"
# Weakest first. A rank is an index into this.
GIT_SOURCES = (_EXCLUDE, ".gitignore")
ALL_SOURCES = (_DEFAULTS, *GIT_SOURCES, ".funcseekignore")

_GIT = ".git"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line that means something. ``source`` is the file's path relative to the root; ``line`` counts from 1."""

    source: str
    line: int
    text: str
    negated: bool
    folders_only: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """The rules of one file. Paths are matched without their first ``offset`` bytes, which name the file's folder.

    ``folders_only``: all rules are, so that files need not be matched.
    """

    rank: int
    offset: int
    rules: tuple[Rule, ...]
    folders_only: bool
    matcher: re2.Set

    def last_match(self, path: bytes, *, is_folder: bool) -> Rule | None:
        matches: list[int] | None = self.matcher.Match(path[self.offset :])
        for index in sorted(matches, reverse=True) if matches else ():
            rule = self.rules[index]
            if is_folder or not rule.folders_only:
                return rule
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Ignores:
    """The rules in force in one folder, strongest first."""

    root: str
    sources: tuple[str, ...]
    levels: tuple[_Level, ...]

    def last_match(self, path: str, *, is_folder: bool) -> Rule | None:
        """Return the rule that decides about a path relative to the root; it may be one that brings it back."""
        raw = os.fsencode(path)
        for level in self.levels:
            if level.folders_only and not is_folder:
                continue
            if rule := level.last_match(raw, is_folder=is_folder):
                return rule
        return None

    def excludes(self, path: str, *, is_folder: bool) -> bool:
        """Tell whether a path in this folder is left out."""
        rule = self.last_match(path, is_folder=is_folder)
        return rule is not None and not rule.negated

    def below(self, folder: str) -> Ignores:
        """Return the rules in force in a folder, given by its path relative to the root, right below this one."""
        found = tuple(_levels(self.root, folder, self.sources))
        if not found:
            return self
        return Ignores(self.root, self.sources, _ordered(found + self.levels))


def ignores(root: Path, *, sources: tuple[str, ...] = ALL_SOURCES) -> Ignores:
    """Return the rules in force in the root itself, read from some kinds of sources."""
    top = os.fspath(root)
    return Ignores(top, sources, _ordered(tuple(_levels(top, "", sources))))


def excluding_rule(root: Path, path: str, *, is_folder: bool, sources: tuple[str, ...] = ALL_SOURCES) -> Rule | None:
    """Return the rule that leaves out a path or a folder above it, None where nothing does."""
    rules = ignores(root, sources=sources)
    parts = path.split("/")
    for depth in range(1, len(parts) + 1):
        reached = "/".join(parts[:depth])
        inner = depth < len(parts)
        rule = rules.last_match(reached, is_folder=inner or is_folder)
        if rule is not None and not rule.negated:
            return rule
        if inner:
            rules = rules.below(reached)
    return None


def _ordered(levels: tuple[_Level, ...]) -> tuple[_Level, ...]:
    """Order by rank; levels of one rank stay in order, nearest first."""
    return tuple(sorted(levels, key=lambda level: -level.rank))


def _levels(root: str, folder: str, sources: tuple[str, ...]) -> Iterator[_Level]:
    prefix = f"{folder}/" if folder else ""
    for source in sources:
        text = _text(root, prefix, source)
        if text and (level := _level(text, prefix, source)):
            yield level


def _text(root: str, prefix: str, source: str) -> bytes | None:
    if source == _DEFAULTS:
        return None if prefix else DEFAULT_EXCLUDES
    folder = f"{root}/{prefix}"
    place = _exclude_file(folder) if source == _EXCLUDE else folder + source
    return head(place, MAX_IGNORE_BYTES) if place else None


@lru_cache(maxsize=_KEPT_FILES)
def _level(text: bytes, prefix: str, source: str) -> _Level | None:
    """Return the rules of one file, None where no line means anything."""
    lines = text.removeprefix(_BYTE_ORDER_MARK).split(b"\n")[:MAX_IGNORE_LINES]
    short = ((number, line) for number, line in enumerate(lines, 1) if len(line) <= _MAX_LINE_BYTES)
    found = [(number, line, meant) for number, line in short if (meant := pattern(line))]
    if not found:
        return None
    matcher, count = _matcher([meant for _, _, meant in found])
    rules = tuple(
        Rule(prefix + source, number, line.decode("utf-8", "replace").strip(), meant.negated, meant.folders_only)
        for number, line, meant in found[:count]
    )
    folders_only = all(rule.folders_only for rule in rules)
    return _Level(ALL_SOURCES.index(source), len(os.fsencode(prefix)), rules, folders_only, matcher)


def _matcher(patterns: list[Pattern]) -> tuple[re2.Set, int]:
    """Compile as many patterns, from the first, as the budget allows; returns how many."""
    while True:
        if sum(len(meant.regex) for meant in patterns) <= _MAX_REGEX_BYTES:
            with contextlib.suppress(re2.error):
                return _compiled(patterns), len(patterns)
        patterns = patterns[: len(patterns) // 2]


def _compiled(patterns: list[Pattern]) -> re2.Set:
    """Return one matcher that tells in linear time which of the patterns match; raises re2.error over the budget."""
    matcher = re2.Set.FullMatchSet(_options())
    for meant in patterns:
        matcher.Add(meant.regex)
    matcher.Compile()
    return matcher


def _options() -> re2.Options:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.dot_nl = True
    options.log_errors = False
    options.max_mem = _MAX_MATCHER_BYTES
    return options


def _exclude_file(folder: str) -> str | None:
    """Return where a repository in ``folder``, which ends in a slash, would keep its private ignore file.

    In a worktree or submodule ``.git`` is a file that names the real folder, and a worktree's folder names the one it
    shares. A name is only followed to a folder that looks like git's; only ``info/exclude`` is ever read there.
    """
    place = folder + _GIT
    link = head(place, _MAX_LINK_BYTES)
    if link is not None:
        place = _followed(folder, link.removeprefix(b"gitdir: "))
        if not link.startswith(b"gitdir: ") or head(f"{place}/HEAD", 1) is None:
            return None
    shared = head(f"{place}/commondir", _MAX_LINK_BYTES)
    return f"{_followed(place, shared) if shared else place}/info/exclude"


def _followed(folder: str, name: bytes) -> str:
    """Join a path read from a file of git's; one on another machine is refused, because a look would log in there."""
    path = os.fsdecode(name.split(b"\0")[0].rstrip(b"\r\n"))
    return folder if path.startswith(("//", "\\\\")) else os.fspath(Path(folder, path))
