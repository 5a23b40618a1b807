"""Every folder of a root that is entered, with the rules that hold in it and what lies there. Opens no file but rules'.

Memory grows with the names in one folder and the folders that wait, not with the root.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from .errors import RootError
from .git_folders import BARE_MARKS, BARE_PARTS, GIT, is_bare
from .ignore import ignores
from .ignore_files import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ..parsers import Language
    from .ignore import Ignores
    from .rules import Rule

    # Called with a folder's path relative to the root, "" for the root itself.
    Entering = Callable[[str], None]

# Real trees stay below 40; deeper ones are made to break whoever walks them.
MAX_DEPTH = 200
TOO_DEEP = f"it lies more than {MAX_DEPTH} folders deep"
OF_GIT = "it belongs to git"
_SPECIAL = NAMES | BARE_MARKS


class Listing(NamedTuple):
    """One folder: its path with a slash (``""`` for the root), its rules, its folders, and the files that matter.

    With each file comes what was said of its name, see `walk`. ``is_quiet``: no rule says anything of these files.
    """

    prefix: str
    rules: Ignores
    is_bare: bool
    is_quiet: bool
    folders: list[os.DirEntry[str]]
    files: list[tuple[os.DirEntry[str], Language | str]]


def unwatched(_folder: str) -> None:
    """Watch nothing."""


def walk(
    root: Path,
    guess: Callable[[str], Language | str],
    *,
    below: str = "",
    every: bool = False,
    entering: Entering = unwatched,
) -> Iterator[Listing]:
    """Yield every folder that is entered, the root first; of its files those whose name ``guess`` says something of.

    With ``every``, all its files. With ``below``, a path in the root, only what lies there or on the way is entered.
    ``entering`` is called with each folder before it or its rules are read, and with what may be git's folder in it:
    who watches them from there on misses nothing that the walk does not see.
    Raises RootError where the root cannot be listed; a folder that cannot is left out, as is what vanishes meanwhile.
    """
    for folder in ("", GIT):  # before any rule is read, which git's folder holds as well
        entering(folder)
    pending = [("", ignores(root))]
    while pending:
        folder, above = pending.pop()
        prefix = f"{folder}/" if folder else ""
        if folder:
            entering(folder)
        try:
            folders, files, special = _listed(f"{root}/{folder}", guess, every=every)
        except OSError as error:
            if folder:
                continue
            raise _unlisted(root, error) from error
        if folder and any(entry.name == GIT for entry in folders):
            entering(prefix + GIT)
        # Only now, so that no more rules are held than one chain of folders has.
        rules = above.below(folder, special) if folder else above
        bare = is_bare(f"{root}/{folder}", special)
        is_quiet = rules.is_silent_in(os.fsencode(prefix), (entry.name for entry, _ in files))
        for entry in folders:
            path = prefix + entry.name
            if _is_on_the_way(path, below) and not closed(path, rules, is_bare=bare):
                pending.append((path, rules))
        yield Listing(prefix, rules, bare, is_quiet, folders, files)


def _unlisted(root: Path, error: OSError) -> RootError:
    return RootError(f"{root} cannot be listed ({error.strerror}); check that it is there and readable.")


def _listed(
    place: str, guess: Callable[[str], Language | str], *, every: bool
) -> tuple[list[os.DirEntry[str]], list[tuple[os.DirEntry[str], Language | str]], set[str]]:
    folders: list[os.DirEntry[str]] = []
    files: list[tuple[os.DirEntry[str], Language | str]] = []
    special = set()
    with os.scandir(place) as entries:
        for entry in entries:
            name = entry.name
            if name in _SPECIAL:
                special.add(name)
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry)
            elif (guessed := guess(name)) or every:
                files.append((entry, guessed))
    return folders, files, special


def _is_on_the_way(path: str, below: str) -> bool:
    return not below or path == below or path.startswith(f"{below}/") or below.startswith(f"{path}/")


def closed(path: str, rules: Ignores, *, is_bare: bool) -> Rule | str | None:
    """Return why a folder, given with the rules of the one that holds it, is not entered; None where it is.

    ``is_bare``: it lies right in a repository without a tree.
    """
    name = path.rpartition("/")[2]
    if name == GIT or (is_bare and name in BARE_PARTS):
        return OF_GIT
    if rule := rules.excluding(os.fsencode(path), is_folder=True):
        return rule
    return TOO_DEEP if path.count("/") >= MAX_DEPTH else None
