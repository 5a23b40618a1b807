"""Which paths below a root are left out, and by which line of which file. Never runs git or reads its configuration.

Lines come from five kinds of places, the strongest first: ``.funcseekignore``, ``.gitignore``, ``.git/info/exclude``,
the user's own ignore file for all repositories (see ``git_settings``), and the lists in ``default_excludes``. The
strongest kind with a matching line decides, within a kind the nearest file, within a file the last line. So ``!dist/``
in a ``.funcseekignore`` or a ``.gitignore`` brings a folder back that is left out by default. All files have git's
syntax and meaning (see ``wildmatch``). As in git, nothing below an ignored folder can be brought back, and ignore files
say nothing of what git tracks: of an ignored folder that holds tracked files, those count and nothing else does.

A nested repository, a submodule or a worktree inside the root is a folder like any other. In it, its own ignore files
and its own index hold, with the rules that are not git's, and no ignore file of the repository around it.

Unlike git: letters' case always counts, because whether it does is said in the repository's configuration, and a
linked ``.git/info/exclude`` is not followed. Files above the root are not read: a root inside somebody's
``node_modules`` is searched like any other.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from .git_folders import GIT, git_folder
from .git_index import tracked
from .ignore_files import ALL_SOURCES, GIT_SOURCES, IS_GENERATED, NAMES, OWN, brought
from .rules import MAX_FILE_COST, Origin, level_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence
    from pathlib import Path

    from .rules import Level, Rule

# Bytes of regular expressions of all files in force in one folder: hostile files in each of 200 nested folders would
# take 8 GB.
_MAX_COST = 4 * MAX_FILE_COST

_OWN_RANK = ALL_SOURCES.index(OWN)
_GIT_RANKS = frozenset(map(ALL_SOURCES.index, GIT_SOURCES))


class _Anything:
    """Stands for the names in a folder that nobody listed."""

    def __contains__(self, _name: object) -> bool:
        return True


UNKNOWN = _Anything()


class Repository(NamedTuple):
    """The repository whose tree a folder is in: its folder of git's, and the length of its tree's path and slash."""

    folder: str
    offset: int


@dataclass(frozen=True, slots=True, eq=False)
class Ignores:
    """The rules in force in one folder, strongest first, and what tells which of its files a program wrote.

    ``limit`` is the rule by which git ignores the folder, where it is only entered for the tracked files in it.
    """

    root: str
    sources: tuple[str, ...]
    levels: tuple[Level, ...] = ()
    attributes: tuple[Level, ...] = ()
    repository: Repository | None = None
    limit: Rule | None = None
    on_files: tuple[Level, ...] = ()
    own: tuple[Level, ...] = ()

    def is_silent_in(self, folder: bytes, names: Iterable[str]) -> bool:
        """Tell whether no rule says anything about any file in this folder, the common case, in one look at all."""
        if self.limit is not None:
            return False
        listed = os.fsencode(f"/{'/'.join(names)}/")
        return not any(level.origin.needle in listed and level.may_match(folder, listed) for level in self.on_files)

    def excluding(self, path: bytes, *, is_folder: bool) -> Rule | None:
        """Return the rule that leaves a path in this folder out; paths are the disk's bytes, relative to the root."""
        return self._decided(path, is_folder=is_folder)[0]

    def _decided(self, path: bytes, *, is_folder: bool) -> tuple[Rule | None, Rule | None]:
        """Return the rule that leaves a path out, and the one that would have, were there nothing tracked in it."""
        yielded = self.limit
        if yielded and not self._tracks(path, is_folder=is_folder):
            return yielded, None
        for level in self.levels if is_folder else self.on_files:
            if level.origin.needle not in path or not (rule := level.last_match(path, is_folder=is_folder)):
                continue
            if rule.negated:
                break
            if not rule.yields or not self._tracks(path, is_folder=is_folder):
                return rule, None
            yielded = yielded or rule
        return None, yielded

    def _tracks(self, path: bytes, *, is_folder: bool) -> bool:
        if self.repository is None:
            return False
        return tracked(self.repository.folder).holds(path[self.repository.offset :], is_folder=is_folder)

    def wants(self, path: bytes) -> bool:
        """Tell whether a line of ``.funcseekignore`` brings a file back by name, and not only from another such line.

        Such a file is read whatever it looks like. After ``*`` and ``!*.js`` the rules for minified files still hold.
        """
        matching = (level.last_match(path, is_folder=False) for level in self.own)
        decisive = next((rule for rule in matching if rule), None)
        return decisive is not None and decisive.negated and not any(level.undoes_own(path) for level in self.own)

    def is_generated(self, path: bytes) -> bool | None:
        """Tell whether ``.gitattributes`` says that a program wrote a file, None where it says nothing."""
        for level in self.attributes:
            if rule := level.last_match(path, is_folder=False):
                return not rule.negated
        return None

    @property
    def problem(self) -> str:
        """Why it is not known what git tracks, as a sentence's end; ``""`` where it is known."""
        return tracked(self.repository.folder).problem if self.repository else ""

    def below(self, folder: str, names: Container[str] = UNKNOWN) -> Ignores:
        """Return the rules in force in a folder right below this one.

        ``folder`` is its path relative to the root; ``names`` holds at least those of `NAMES` that are in it.
        """
        limit = self._decided(os.fsencode(folder), is_folder=True)[1]
        inherited = self if limit is self.limit else replace(self, limit=limit)
        if not any(name in names for name in NAMES):
            return inherited
        return _entered(inherited, f"{folder}/", names)


def ignores(root: Path, *, sources: tuple[str, ...] = ALL_SOURCES) -> Ignores:
    """Return the rules in force in the root itself, read from some kinds of sources."""
    return _entered(Ignores(os.fspath(root), sources), "", UNKNOWN)


def rules_on_the_way(
    root: Path, path: str, *, sources: tuple[str, ...] = ALL_SOURCES
) -> Iterator[tuple[str, bool, Ignores]]:
    """Yield each folder above a path and the path itself, whether it is the path, and the rules it is subject to."""
    rules = ignores(root, sources=sources)
    parts = path.split("/")
    for depth in range(1, len(parts)):
        reached = "/".join(parts[:depth])
        yield reached, False, rules
        rules = rules.below(reached)
    yield path, True, rules


def excluding_rule(root: Path, path: str, *, is_folder: bool, sources: tuple[str, ...] = ALL_SOURCES) -> Rule | None:
    """Return the rule that leaves out a path or a folder above it, None where nothing does."""
    for reached, is_path, rules in rules_on_the_way(root, path, sources=sources):
        if rule := rules.excluding(os.fsencode(reached), is_folder=is_folder or not is_path):
            return rule
    return None


def selector(globs: Sequence[str]) -> Callable[[str], bool]:
    """Return whether lines in this syntax name a path, or a folder above it; the nearest and then the last one decides.

    Lines that are all negated select everything else.
    """
    rules = level_of(os.fsencode("\n".join(globs)), Origin(0, ""))
    otherwise = all(glob.startswith("!") for glob in globs)

    def selects(path: str) -> bool:
        parts = path.split("/")
        for depth in range(len(parts), 0, -1):
            reached = os.fsencode("/".join(parts[:depth]))
            if rules and (rule := rules.last_match(reached, is_folder=depth < len(parts))):
                return not rule.negated
        return otherwise

    return selects


def _entered(above: Ignores, prefix: str, names: Container[str]) -> Ignores:
    """Add the rules that a folder brings, given by its path with a slash (``""`` for the root)."""
    folder = os.path.join(above.root, prefix)
    git = git_folder(folder) if GIT in names else None
    if git and prefix:
        foreign = [level for level in above.levels if level.origin.rank not in _GIT_RANKS]
        above = Ignores(above.root, above.sources, tuple(foreign))
    found, attributes = above.levels, above.attributes
    room = _MAX_COST - sum(level.compiled.cost for level in (*found, *attributes))
    for new in brought(folder, prefix, git, names):
        if new.origin.rank >= 0 and ALL_SOURCES[new.origin.rank] not in above.sources:
            continue
        room -= new.compiled.cost
        if room < 0:
            break
        if new.origin.rank in IS_GENERATED:
            attributes = _ordered(new, attributes)
        else:
            found = _ordered(new, found)
    repository = Repository(git.own, len(os.fsencode(prefix))) if git else above.repository
    return Ignores(
        above.root, above.sources, found, attributes, repository, above.limit,
        on_files=tuple(level for level in found if not level.compiled.folders_only),
        own=tuple(level for level in found if level.origin.rank == _OWN_RANK),
    )  # fmt: skip


def _ordered(new: Level, levels: Iterable[Level]) -> tuple[Level, ...]:
    """Order by strength; of one kind, the nearest first."""
    return tuple(sorted((new, *levels), key=lambda level: -level.origin.rank))
