"""The bytes of one user file, or why it has none to offer. The only opener of user files; parses nothing.

Everything is opened for reading only, without following symbolic links below the root and without blocking, so that a
pipe, a device or a link planted in a checkout is refused instead of read.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, BinaryIO

from ..parsers import is_generated, is_minified, language_for

if TYPE_CHECKING:
    from pathlib import Path

    from ..parsers import Language

# Hand-written sources stay below this by far; larger ones are data and cost the parser seconds and gigabytes.
MAX_FILE_BYTES = 2_000_000
# ... but for one that the user asks for by name: as much as a notebook may have.
MAX_WANTED_BYTES = 20_000_000
# 128 bits: the digest tells versions of one file apart, and two versions never meet by chance.
DIGEST_BYTES = 16
# A file still changing at the third look is being written; the next event or scan comes back to it.
READ_ATTEMPTS = 3

# More than one NUL in the first 8 KB means binary; a single one occurs in string literals of real sources.
BINARY_SAMPLE_BYTES = 8192
MAX_SOURCE_NULS = 1
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

# Windows lacks these flags and has neither links nor pipes that a checkout could plant without privilege.
_SAFELY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_WALKS_BY_DESCRIPTOR = os.open in os.supports_dir_fd


@dataclass(frozen=True, slots=True)
class Content:
    """A file's bytes as they lie on disk, in whichever encoding, and their digest.

    ``is_generated``: its head says that a program wrote it. Such files count like others; people search them too.
    """

    data: bytes
    digest: bytes
    is_generated: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why a file is not read, as the end of a sentence that begins with "it"; ``is_gone``: no such file is there."""

    reason: str
    is_gone: bool = False


_GONE = Skipped("does not exist", is_gone=True)
_LINK = Skipped("is a symbolic link or lies below one", is_gone=True)
_IRREGULAR = Skipped("is not a regular file", is_gone=True)
_CHANGING = Skipped("kept changing while it was read")
_BINARY = Skipped("is binary")
_MINIFIED = Skipped("is minified")


def read(root: Path, path: str, *, is_wanted: bool = False) -> Content | Skipped:
    """Return the bytes of a file, given by its path relative to ``root`` with ``/``. Raises nothing.

    ``is_wanted``: the user asks for this file by name, so that it counts whatever it looks like.
    """
    language = language_for(path)
    limit = _most_bytes(language, is_wanted=is_wanted)
    for _ in range(READ_ATTEMPTS):
        data = _read_once(root, path, limit)
        if data is not _CHANGING:
            break
    return data if isinstance(data, Skipped) else _of_use(data, path, language, is_wanted=is_wanted)


def written(data: bytes, path: str, language: Language | None, *, is_wanted: bool = False) -> Content | Skipped:
    """Return what `read` would of a file at a path, relative to its root, once these bytes are written to it."""
    limit = _most_bytes(language, is_wanted=is_wanted)
    return _too_large(limit) if len(data) > limit else _of_use(data, path, language, is_wanted=is_wanted)


def _most_bytes(language: Language | None, *, is_wanted: bool) -> int:
    return MAX_WANTED_BYTES if is_wanted else (language and language.largest_bytes) or MAX_FILE_BYTES


def _too_large(limit: int) -> Skipped:
    return Skipped(f"is larger than {limit:,} bytes")


def _of_use(data: bytes, path: str, language: Language | None, *, is_wanted: bool) -> Content | Skipped:
    if is_wanted:
        return _content(data)
    if ".min." in path.rpartition("/")[2]:
        return _MINIFIED
    # The long lines of a page or a notebook are text and pictures; the parser judges each script and cell.
    return _judged(data, has_lines=not (language and language.host))


def head(path: str, limit: int) -> bytes | None:
    """Return the first ``limit`` bytes of the regular file at an absolute path; None where there is none to read."""
    with contextlib.suppress(OSError, ValueError):
        file = _regular(os.open(path, _SAFELY))
        if file is not None:
            with file:
                return file.read(limit)
    return None


def _read_once(root: Path, path: str, limit: int) -> bytes | Skipped:
    try:
        file = _regular(_open_beneath(root, path))
        if file is None:
            return _IRREGULAR
        with file:
            before = os.fstat(file.fileno())
            if before.st_size > limit:
                return _too_large(limit)
            # One byte more than there should be shows growth, and bounds what is read of a file that grows forever.
            data = file.read(before.st_size + 1)
            return data if _stamp(before) == _stamp(os.fstat(file.fileno()), len(data)) else _CHANGING
    except OSError as error:
        return _refusal(error)


def _regular(descriptor: int) -> BinaryIO | None:
    """Return a regular file for reading; anything else is closed, because a pipe or a terminal could wait forever."""
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return open(descriptor, "rb")
    os.close(descriptor)
    return None


def _stamp(status: os.stat_result, size: int | None = None) -> tuple[int, ...]:
    if size is not None and size != status.st_size:
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _open_beneath(root: Path, path: str) -> int:
    """Open a file without following a link in any part of ``path``; raises OSError.

    Each folder is opened from the one above it, so that a folder swapped for a link meanwhile cannot lead outside.
    """
    parts = path.split("/")
    if "\0" in path or any(part in ("", ".", "..") for part in parts):
        raise FileNotFoundError(errno.ENOENT, "not a path below the root", path)
    if not _WALKS_BY_DESCRIPTOR:
        return _open_checked(root, parts)
    folder = os.open(root, _FOLDER)
    try:
        for part in parts[:-1]:
            inner = _open_folder(part, folder)
            os.close(folder)
            folder = inner
        return os.open(parts[-1], _SAFELY, dir_fd=folder)
    finally:
        os.close(folder)


def _open_folder(name: str, parent: int) -> int:
    try:
        return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=parent)
    except NotADirectoryError:
        # Linux says "not a directory" of a link, too.
        if stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
            raise OSError(errno.ELOOP, "is a symbolic link", name) from None
        raise


def _open_checked(root: Path, parts: list[str]) -> int:
    """Open a file after a look at every part of its path: for systems that cannot open below a descriptor.

    A part swapped for a link between look and open would be followed; Windows lets only the privileged make links.
    """
    reached = os.fspath(root)
    for part in parts:
        reached = f"{reached}/{part}"
        if stat.S_ISLNK(os.lstat(reached).st_mode):
            raise OSError(errno.ELOOP, "is a symbolic link", part)
    return os.open(reached, _SAFELY)


def _refusal(error: OSError) -> Skipped:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return _GONE
    if error.errno == errno.ELOOP:
        return _LINK
    if error.errno == errno.ENXIO:  # a socket
        return _IRREGULAR
    return Skipped(f"cannot be read ({error.strerror})")


def _judged(data: bytes, *, has_lines: bool) -> Content | Skipped:
    if _is_binary(data):
        return _BINARY
    if has_lines and is_minified(data):
        return _MINIFIED
    return _content(data)


def _content(data: bytes) -> Content:
    return Content(data, blake2b(data, digest_size=DIGEST_BYTES).digest(), is_generated(data))


def _is_binary(data: bytes) -> bool:
    sample = data[:BINARY_SAMPLE_BYTES]
    if sample.startswith(_UTF16_MARKS):
        # UTF-32 has the same mark; its characters come out with NULs between them.
        return sample.decode("utf-16", "replace").count("\0") > MAX_SOURCE_NULS
    return sample.count(b"\0") > MAX_SOURCE_NULS
