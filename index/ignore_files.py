"""The files with rules that a folder brings, read and compiled. Decides nothing.

Every file is read up to a limit, without following a link and without waiting, so that a pipe, a device, a folder or a
link in its place is as good as none. The user's own file may be a link: it does not come with the checkout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import default_excludes
from .content import head
from .generated import generated_lines
from .git_folders import GIT
from .git_settings import global_excludes, user_file
from .rules import MAX_IGNORE_BYTES, Origin, level_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from .git_folders import GitFolder
    from .rules import Level

DEFAULTS = "the default excludes"
_GLOBAL, _EXCLUDE, _IGNORE = "the user's excludes", ".git/info/exclude", ".gitignore"
OWN = ".funcseekignore"
_ATTRIBUTES = ".gitattributes"
# Weakest first. A rank is an index into this.
GIT_SOURCES = (_GLOBAL, _EXCLUDE, _IGNORE)
ALL_SOURCES = (DEFAULTS, *GIT_SOURCES, OWN)
# The ranks of what leaves nothing out but tells what a program wrote: .gitattributes, and info/attributes above all.
_NEAR_ATTRIBUTES, _INFO_ATTRIBUTES = IS_GENERATED = (-2, -1)
# Names that matter to the rules of the folder they are in.
NAMES = frozenset({GIT, _IGNORE, OWN, _ATTRIBUTES})


def brought(folder: str, prefix: str, git: GitFolder | None, names: Container[str]) -> Iterator[Level]:
    """Yield the levels of one folder.

    ``folder`` is its path, ``prefix`` the same relative to the root, both with a slash at the end but for the root's
    prefix, which is empty. ``git``: a repository's tree begins here. ``names`` holds those of `NAMES` that are there.
    """
    found = _defaults() if not prefix else []
    if git or not prefix:
        found += _of_user(prefix)
    if git:
        found += _of_repository(git, prefix)
    found += [
        (_origin(name, prefix), head(folder + name, MAX_IGNORE_BYTES)) for name in (_IGNORE, OWN) if name in names
    ]
    if _ATTRIBUTES in names:
        origin = Origin(_NEAR_ATTRIBUTES, prefix + _ATTRIBUTES, prefix)
        found.append((origin, _attributes(folder + _ATTRIBUTES)))
    for origin, text in found:
        if text and (new := level_of(text, origin)):
            yield new


def _defaults() -> list[tuple[Origin, bytes | None]]:
    return [
        (Origin(0, DEFAULTS), default_excludes.DEPENDENCIES_AND_CACHES),
        (Origin(0, DEFAULTS, yields=True), default_excludes.BUILD_OUTPUT),
        (Origin(0, DEFAULTS, needle=default_excludes.SECRETS_NEEDLE), default_excludes.SECRETS),
    ]


def _of_user(prefix: str) -> list[tuple[Origin, bytes | None]]:
    place = global_excludes()
    if place is None:
        return []
    origin = Origin(ALL_SOURCES.index(_GLOBAL), place, prefix, yields=True)
    return [(origin, user_file(place, MAX_IGNORE_BYTES))]


def _of_repository(git: GitFolder, prefix: str) -> list[tuple[Origin, bytes | None]]:
    exclude = f"{git.common}/info/exclude"
    attributes = f"{git.common}/info/attributes"
    return [
        (_origin(_EXCLUDE, prefix), head(exclude, MAX_IGNORE_BYTES)),
        (Origin(_INFO_ATTRIBUTES, attributes, prefix), _attributes(attributes)),
    ]


def _origin(source: str, prefix: str) -> Origin:
    return Origin(ALL_SOURCES.index(source), prefix + source, prefix, yields=source in GIT_SOURCES)


def _attributes(place: str) -> bytes | None:
    text = head(place, MAX_IGNORE_BYTES)
    return generated_lines(text) if text else None
