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
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
# Bytes of regular expressions of one file; 10,000 anchored lines of 50 bytes have 580,000. A hostile file of this size
# takes 40 MB. From 1.3 MB on it may have a million nodes, and RE2 complains on standard error whatever its options say.
_MAX_FILE_COST = 600_000
# The same for all files in force in one folder: hostile files in each of 200 nested folders would take 8 GB.
_MAX_COST = 4 * _MAX_FILE_COST
# What RE2 is told; it counts four times what it takes. The largest honest file above just fits.
_MAX_MATCHER_BYTES = 64 << 20
# Compiled files kept by content, so that a look at one path, or the next scan, compiles no large one anew.
_KEPT_FILES = 16

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

    ``folders_only``: all rules are, so that files need not be matched. ``cost``: bytes of regular expressions.
    """

    rank: int
    offset: int
    cost: int
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
        room = _MAX_COST - sum(level.cost for level in self.levels)
        found = [level for level in _levels(self.root, folder, self.sources) if level.cost <= room]
        return Ignores(self.root, self.sources, _ordered([*found, *self.levels])) if found else self


def ignores(root: Path, *, sources: tuple[str, ...] = ALL_SOURCES) -> Ignores:
    """Return the rules in force in the root itself, read from some kinds of sources."""
    top = os.fspath(root)
    return Ignores(top, sources, _ordered(_levels(top, "", sources)))


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


def selector(globs: Sequence[str]) -> Callable[[str], bool]:
    """Return whether lines in this syntax name a path, or a folder above it; the nearest and then the last one decides.

    Lines that are all negated select everything else.
    """
    level = _level(os.fsencode("\n".join(globs)), "", ALL_SOURCES[-1])
    rules = Ignores("", (), (level,) if level else ())
    otherwise = all(glob.startswith("!") for glob in globs)

    def selects(path: str) -> bool:
        parts = path.split("/")
        for depth in range(len(parts), 0, -1):
            if rule := rules.last_match("/".join(parts[:depth]), is_folder=depth < len(parts)):
                return not rule.negated
        return otherwise

    return selects


def _ordered(levels: Iterable[_Level]) -> tuple[_Level, ...]:
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
    matcher, patterns = _matcher([meant for _, _, meant in found])
    rules = tuple(
        Rule(prefix + source, number, line.decode("utf-8", "replace").strip(), meant.negated, meant.folders_only)
        for number, line, meant in found[: len(patterns)]
    )
    return _Level(
        rank=ALL_SOURCES.index(source),
        offset=len(os.fsencode(prefix)),
        cost=_cost(patterns),
        rules=rules,
        folders_only=all(rule.folders_only for rule in rules),
        matcher=matcher,
    )


def _cost(patterns: list[Pattern]) -> int:
    return sum(len(meant.regex) for meant in patterns)


def _matcher(patterns: list[Pattern]) -> tuple[re2.Set, list[Pattern]]:
    """Compile as many patterns, from the first, as the budget allows; returns which."""
    while True:
        if _cost(patterns) <= _MAX_FILE_COST:
            with contextlib.suppress(re2.error):
                return _compiled(patterns), patterns
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
