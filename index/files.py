"""Which files below a root are searched, why or why not, and, through ``content``, their bytes. Writes nothing.

A file counts if it is a regular file in a supported language, no rule leaves it out (see ``ignore``), and neither it
nor a folder between it and the root is a symbolic link. Whether its bytes are of use shows when it is read.
A path is text relative to the root with ``/``; bytes that are no UTF-8 stand in it as lone surrogates (`os.fsdecode`).
"""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING, NamedTuple

from ..parsers import LANGUAGES, Language, language_for
from .content import Content, Skipped, head, read
from .generated import is_generated_among, is_generated_name
from .git_folders import BARE_PARTS, GIT, is_bare
from .ignore import UNKNOWN, rules_on_the_way
from .ignore_files import DEFAULTS
from .root import check_root, enclosing_root
from .walk import MAX_DEPTH, OF_GIT, TOO_DEEP, unwatched, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .ignore import Ignores
    from .rules import Rule
    from .walk import Entering, Listing

__all__ = [
    "GENERATED",
    "WANTED",
    "Content",
    "FoundFile",
    "Skipped",
    "check_root",
    "cited",
    "enclosing_root",
    "examine",
    "foresee",
    "guess",
    "judged",
    "look",
    "read",
    "scan",
]

# A script without a suffix is executable or at least short; nothing else without a suffix is opened to see its "#!".
MAX_SCRIPT_BYTES = 16_384
_SHEBANG_BYTES = 256
MAYBE_SCRIPT = "perhaps a script"
# What `examine` says of a folder that a scan enters.
IS_ENTERED = "is a folder that is searched"
_EXECUTABLE = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
_NO_LANGUAGE = "it is in no supported language"
_IRREGULAR = "it is not a regular file"
_LINK = "it is a symbolic link"
# Marks of a file, which its status on disk does not tell: its name or ``.gitattributes`` says that a program wrote it;
# ``.funcseekignore`` asks for it by name, whatever it looks like.
GENERATED, WANTED = 1, 2
# Names that are looked up whole; all others only by their suffix.
_NAMES = frozenset(name.lower() for language in LANGUAGES for name in language.file_names)
# Suffixes that are remembered; a root with more of them only takes longer.
_KEPT_SUFFIXES = 4_096


class FoundFile(NamedTuple):
    """A file that counts, and what tells without reading it that it may have changed. ``language`` is a name."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    marks: int
    language: str


def scan(root: Path, below: str = "", *, entering: Entering = unwatched) -> Iterator[FoundFile]:
    """Yield every file that counts, each folder's in the order of names; with ``below`` only what that path holds.

    ``entering`` is called with each folder before it is read, see `walk`.
    Raises RootError where the root itself cannot be listed; a folder that cannot is left out, as is what vanishes while
    the scan goes on. A nested git repository is a folder like any other.
    """
    if below and (found := examine(root, below)) != IS_ENTERED:
        if isinstance(found, FoundFile):
            yield found
        return
    inside = f"{below}/" if below else ""
    for listing in walk(root, guess, below=below, entering=entering):
        if listing.prefix.startswith(inside):
            judge = _judged_by_status if _is_plain(listing) else judged
            judgements = [judge(entry, listing, guessed) for entry, guessed in listing.files]
            yield from sorted(found for found in judgements if type(found) is FoundFile)


def _is_plain(listing: Listing) -> bool:
    """Tell whether nothing but the status of this folder's files decides on them."""
    names = (entry.name for entry, _ in listing.files)
    return listing.is_quiet and not listing.rules.attributes and not is_generated_among(names)


def guess(name: str) -> Language | str:
    """Return a file's language by its name, `MAYBE_SCRIPT` where its first line may tell, else ``""``."""
    return _language(name) or ("" if "." in name else MAYBE_SCRIPT)


def _language(name: str) -> Language | None:
    """Return the language of a name without folders, as `language_for` does, in a third of its time."""
    dot = name.rfind(".")
    return language_for(name) if dot <= 0 or name.lower() in _NAMES else _BY_SUFFIX[name[dot:]]


class _Suffixes(dict[str, "Language | None"]):
    """The language of each suffix that was met: a plain look-up, at half the cost of a cached call."""

    def __missing__(self, suffix: str) -> Language | None:
        if len(self) >= _KEPT_SUFFIXES:
            self.clear()
        found = self[suffix] = language_for(f"name{suffix}")
        return found


_BY_SUFFIX = _Suffixes()


def _judged_by_status(entry: os.DirEntry[str], listing: Listing, guessed: Language | str) -> FoundFile | Rule | str:
    """Return what `judged` does in a folder that `_is_plain`, the common case, in two thirds of its time."""
    if guessed.__class__ is not Language:
        return judged(entry, listing, guessed)
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return judged(entry, listing, guessed)
    if not stat.S_ISREG(status.st_mode):
        return judged(entry, listing, guessed)
    return _described(listing.prefix + entry.name, status, guessed.name, 0)


def judged(entry: os.DirEntry[str], listing: Listing, guessed: Language | str) -> FoundFile | Rule | str:
    """Return a file of a listing, or what speaks against it: a rule, or words that end a sentence."""
    if not entry.is_file(follow_symlinks=False):
        return _LINK if entry.is_symlink() else _IRREGULAR
    path = listing.prefix + entry.name
    marks = 0
    if not listing.is_quiet:
        raw = os.fsencode(path)
        if rule := listing.rules.excluding(raw, is_folder=False):
            return rule
        marks = WANTED * listing.rules.wants(raw)
    if not guessed:
        return _NO_LANGUAGE
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        return f"it cannot be reached ({error.strerror})"
    language = _scripted(entry.path, status) if guessed is MAYBE_SCRIPT else guessed
    if not isinstance(language, Language):
        return _NO_LANGUAGE
    if listing.rules.attributes or is_generated_name(entry.name):
        marks |= _generated(path, listing.rules)
    return _described(path, status, language.name, marks)


def _generated(path: str, rules: Ignores) -> int:
    said = rules.is_generated(os.fsencode(path)) if rules.attributes else None
    return GENERATED * (is_generated_name(path.rpartition("/")[2]) if said is None else said)


def _described(path: str, status: os.stat_result, language: str, marks: int) -> FoundFile:
    return FoundFile(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, marks, language)


def _scripted(place: str, status: os.stat_result) -> Language | None:
    """Return the language that the first line of a file without a suffix names."""
    if status.st_size > MAX_SCRIPT_BYTES and not status.st_mode & _EXECUTABLE:
        return None
    return language_for("", head(place, _SHEBANG_BYTES) or b"")


def look(root: Path, path: str) -> FoundFile | None:
    """Return one file as `scan` would yield it now, None where it would not."""
    found = examine(root, path)
    return found if isinstance(found, FoundFile) else None


def examine(root: Path, path: str) -> FoundFile | str:
    """Return one file as `scan` would yield it now, else why not, as the end of a sentence that begins with its path.

    A folder that is entered is told as such.
    """
    parts = path.split("/")
    if problem := _no_path(path, parts):
        return problem
    status = _status(root, parts)
    if isinstance(status, str):
        return status
    if stat.S_ISDIR(status.st_mode):
        found = _allowed(root, path, status)
        return f"is not searched: {found}" if isinstance(found, str) else IS_ENTERED
    if not stat.S_ISREG(status.st_mode):
        return f"is not searched: {_IRREGULAR}"
    return _examined(root, path, status, script=lambda: _scripted(f"{root}/{path}", status))


def foresee(root: Path, path: str, data: bytes) -> FoundFile | str:
    """Return one file as `examine` would once these bytes are written to it, whether it is there or not."""
    parts = path.split("/")
    if problem := _no_path(path, parts):
        return problem
    status = _status(root, parts, may_be_missing=True)
    if isinstance(status, str):
        return status
    if not stat.S_ISREG(status.st_mode):
        return f"is not searched: {_IRREGULAR}"
    found = _examined(root, path, status, script=lambda: language_for("", data[:_SHEBANG_BYTES]))
    now = time.time_ns()
    return found if isinstance(found, str) else found._replace(size=len(data), mtime_ns=now, ctime_ns=now)


def _no_path(path: str, parts: list[str]) -> str:
    if "\0" in path or any(part in ("", ".", "..") for part in parts):
        return "is no path below the root"
    return f"is not searched: {OF_GIT}" if GIT in parts else ""


def _examined(
    root: Path, path: str, status: os.stat_result, *, script: Callable[[], Language | None]
) -> FoundFile | str:
    """Judge a regular file; ``script`` tells the language that its first line names."""
    found = _allowed(root, path, status)
    if isinstance(found, str):
        return f"is not searched: {found}"
    marks = WANTED * found.wants(os.fsencode(path)) | _generated(path, found)
    guessed = guess(path.rpartition("/")[2])
    language = script() if guessed is MAYBE_SCRIPT else guessed
    if not isinstance(language, Language):
        return f"is not searched: {_NO_LANGUAGE}"
    return _described(path, status, language.name, marks)


def _allowed(root: Path, path: str, status: os.stat_result) -> Ignores | str:
    """Return the rules that a path is subject to, or why it or a folder above it is left out."""
    for reached, is_path, rules in rules_on_the_way(root, path):
        is_folder = not is_path or stat.S_ISDIR(status.st_mode)
        above, _, name = reached.rpartition("/")
        if is_folder and name in BARE_PARTS and is_bare(f"{root}/{above}", UNKNOWN):
            return OF_GIT
        if rule := rules.excluding(os.fsencode(reached), is_folder=is_folder):
            return cited(rule, rules)
        if reached.count("/") >= MAX_DEPTH + (not is_folder):
            return TOO_DEEP
    return rules


# What a file that is not there yet will be.
_FILE_TO_BE = os.stat_result((stat.S_IFREG | 0o644, *[0] * 9))


def _status(root: Path, parts: list[str], *, may_be_missing: bool = False) -> os.stat_result | str:
    """Return the status of the last part after a look at every one."""
    reached = os.fspath(root)
    try:
        for part in parts:
            reached = f"{reached}/{part}"
            status = os.lstat(reached)
            if stat.S_ISLNK(status.st_mode):
                return f"is not searched: {part} is a symbolic link"
    except FileNotFoundError as error:
        return _FILE_TO_BE if may_be_missing else f"cannot be searched ({error.strerror})"
    except OSError as error:
        return f"cannot be searched ({error.strerror})"
    return status


def cited(rule: Rule, rules: Ignores) -> str:
    """Say which line leaves a path out, as the end of a sentence."""
    if rule.source == DEFAULTS:
        return f'it is left out by default; "!{rule.text}" in .funcseekignore brings it back'
    unknown = f"; what git tracks is not known, because its index {rules.problem}" if rules.problem else ""
    return f'line {rule.line} of {rule.source} leaves it out ("{rule.text}"){unknown}'
