"""Which paths a git repository tracks, read from its index without git. Never raises; writes nothing.

Follows git's ``Documentation/gitformat-index.txt``: versions 2 to 4, SHA-1 and SHA-256, split indexes. Of an entry only
its path is kept. An index comes with the checkout and may be made with ill will: its size, its number of entries and
the bytes of its paths are bounded, every offset is checked, and the work is linear in what is read.
"""

from __future__ import annotations

import os
import stat
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha1, sha256
from itertools import compress
from struct import Struct, error
from typing import TYPE_CHECKING

from .content import head

if TYPE_CHECKING:
    from collections.abc import Iterator

# 1.2 million files have such an index. One of this size takes a second to read, and again only when it changes.
MAX_INDEX_BYTES = 128 << 20
# Compressed paths may come out much longer than the index is.
MAX_PATH_BYTES = 256 << 20
# Repositories whose paths are kept: a submodule has its own index. 50,000 paths take 6 MB.
_KEPT_INDEXES = 8

_HEADER = Struct(">4sLL")
_EXTENSION = Struct(">4sL")
_FLAGS = Struct(">H")
_NUMBER = Struct(">L")
_WORD = Struct(">Q")
# Times, device, inode, mode, owner, group and size before an entry's object name.
_STATUS_BYTES = 40
_LONG_NAME = 0x0FFF
_HAS_MORE_FLAGS = 0x4000
_MORE_FLAGS_VERSION, _COMPRESSED_VERSION = 3, 4
_HASHES = ((32, sha256), (20, sha1))
# Extensions in lower case change the meaning of the rest. "sdir" only allows entries that are folders.
_SPLIT, _KNOWN = b"link", (b"link", b"sdir")


class _Damaged(Exception):
    """The index is not one; carries the end of a sentence that begins with its name."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """The paths of an index, relative to its repository's tree, sorted; ``problem`` says why there are none."""

    paths: tuple[bytes, ...] = ()
    problem: str = ""

    def holds(self, path: bytes, *, is_folder: bool) -> bool:
        """Tell whether a file is tracked, or anything in a folder, or a folder as a submodule."""
        found = bisect_left(self.paths, path)
        if found < len(self.paths) and self.paths[found] == path:
            return True
        if not is_folder:
            return False
        below = path + b"/"
        found = bisect_left(self.paths, below, found)
        return found < len(self.paths) and self.paths[found].startswith(below)


def tracked(folder: str) -> Tracked:
    """Return what the index in a folder of git's tracks; read again only after it changed."""
    index = f"{folder}/index"
    try:
        status = os.lstat(index)
    except (OSError, ValueError):
        return Tracked()
    if not stat.S_ISREG(status.st_mode):
        return Tracked(problem="is not a regular file")
    return _read(folder, (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))


@lru_cache(maxsize=_KEPT_INDEXES)
def _read(folder: str, _stamp: tuple[int, ...]) -> Tracked:
    try:
        return Tracked(tuple(sorted(_paths(folder, "index"))))
    except _Damaged as damage:
        return Tracked(problem=str(damage))
    except (ValueError, IndexError, error):
        return Tracked(problem="is damaged")


def _paths(folder: str, name: str) -> list[bytes]:
    """Return the paths of an index, of the one it builds on too; raises _Damaged, ValueError, IndexError or error."""
    data, hash_bytes = _checked(head(f"{folder}/{name}", MAX_INDEX_BYTES + 1))
    paths, end = _entries(data, hash_bytes)
    for kind, content in _extensions(data, end):
        if kind == _SPLIT and name == "index" and any(content[:hash_bytes]):
            base = _paths(folder, f"sharedindex.{content[:hash_bytes].hex()}")
            return [path for path in (*_undeleted(base, content[hash_bytes:]), *paths) if path]
        if kind[:1].islower() and kind not in _KNOWN:
            raise _Damaged("needs a newer funcseek")
    return paths


def _checked(data: bytes | None) -> tuple[bytes, int]:
    """Return an index without its checksum, and how many bytes an object name has in it."""
    if data is None:
        raise _Damaged("cannot be read")
    if len(data) > MAX_INDEX_BYTES:
        raise _Damaged(f"is larger than {MAX_INDEX_BYTES:,} bytes")
    for size, _ in _HASHES:
        # Git can be told to save the time and write zeros.
        if data[-size:] == bytes(size):
            return data[:-size], size
    for size, algorithm in _HASHES:
        if data[-size:] == algorithm(memoryview(data)[:-size], usedforsecurity=False).digest():
            return data[:-size], size
    raise _Damaged("is damaged: its checksum is wrong")


def _entries(data: bytes, hash_bytes: int) -> tuple[list[bytes], int]:
    """Return the path of every entry, and where the entries end."""
    magic, version, count = _HEADER.unpack_from(data)
    fixed = _STATUS_BYTES + hash_bytes
    if magic != b"DIRC" or not 2 <= version <= _COMPRESSED_VERSION:
        raise _Damaged("is of a version that funcseek does not know")
    if count * fixed > len(data):
        raise _Damaged("is damaged: it has fewer entries than it says")
    read = _compressed if version == _COMPRESSED_VERSION else _plain
    return read(data, fixed, count)


def _plain(data: bytes, fixed: int, count: int) -> tuple[list[bytes], int]:
    """Read versions 2 and 3, where each entry is filled up with NULs to a multiple of eight bytes."""
    paths = []
    start = _HEADER.size
    flags_of, find = _FLAGS.unpack_from, data.index
    for _ in range(count):
        (flags,) = flags_of(data, start + fixed)
        name = start + fixed + (4 if flags & _HAS_MORE_FLAGS else 2)
        length = flags & _LONG_NAME
        end = name + length if length < _LONG_NAME else find(b"\0", name)
        paths.append(data[name:end])
        start += (end - start + 8) & ~7
    if start > len(data):
        raise _Damaged("is damaged: it ends within an entry")
    return paths, start


def _compressed(data: bytes, fixed: int, count: int) -> tuple[list[bytes], int]:
    """Read version 4, where a path says how much of the one before it is dropped, and what follows the rest."""
    paths = []
    room = MAX_PATH_BYTES
    path = b""
    start = _HEADER.size
    for _ in range(count):
        (flags,) = _FLAGS.unpack_from(data, start + fixed)
        dropped, name = _offset(data, start + fixed + (4 if flags & _HAS_MORE_FLAGS else 2))
        end = data.index(b"\0", name)
        if dropped > len(path):
            raise _Damaged("is damaged: a path drops more than there is")
        path = path[: len(path) - dropped] + data[name:end]
        paths.append(path)
        room -= len(path)
        if room < 0:
            raise _Damaged(f"names paths of more than {MAX_PATH_BYTES:,} bytes")
        start = end + 1
    return paths, start


def _offset(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, each after the first counting one more, as packs have them."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = (value + 1) << 7 | data[at] & 0x7F
        if value > MAX_INDEX_BYTES:
            raise _Damaged("is damaged: a path drops more than there is")
    return value, at + 1


def _extensions(data: bytes, start: int) -> Iterator[tuple[bytes, bytes]]:
    while start + _EXTENSION.size <= len(data):
        kind, size = _EXTENSION.unpack_from(data, start)
        start += _EXTENSION.size
        yield kind, data[start : start + size]
        start += size


def _undeleted(base: list[bytes], bitmap: bytes) -> Iterator[bytes]:
    """Yield the paths of a shared index but those that a bitmap, compressed as EWAH, says are deleted."""
    if not bitmap:
        return iter(base)
    words = _NUMBER.unpack_from(bitmap, _NUMBER.size)[0]
    # A word says something of 64 paths, or counts words; more are there to waste time.
    if words > 8 + len(base) // 16:
        raise _Damaged("is damaged: it deletes more than there is")
    kept = bytearray(b"\1") * len(base)
    position, at = 0, 2 * _NUMBER.size
    end = at + words * _WORD.size
    while at < end:
        (run,) = _WORD.unpack_from(bitmap, at)
        length = 64 * (run >> 1 & 0xFFFFFFFF)
        if run & 1:
            stop = min(position + length, len(base))
            kept[position:stop] = bytes(max(0, stop - position))
        position += length
        literals = bitmap[at + _WORD.size : at + _WORD.size * (1 + (run >> 33))]
        for place in _set_bits(literals[: 8 * (1 + len(base) // 64)]):
            if position + place < len(base):
                kept[position + place] = 0
        position += 8 * len(literals)
        at += _WORD.size + len(literals)
    return compress(base, kept)


def _set_bits(words: bytes) -> Iterator[int]:
    for number, (word,) in enumerate(_WORD.iter_unpack(words[: len(words) & ~7])):
        for bit in range(64 if word else 0):
            if word >> bit & 1:
                yield 64 * number + bit
