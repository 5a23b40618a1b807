"""Which paths are tracked is read from git's index without git, and from a damaged or hostile one nothing is."""

from __future__ import annotations

import os
import random
import shutil
import struct
from hashlib import sha1
from pathlib import Path
from tempfile import mkdtemp

import pytest

from funcseek.index import git_index
from funcseek.index.git_folders import git_folder
from funcseek.index.git_index import Tracked, tracked
from tests.index.git_program import git, plant

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="the oracle is git itself")

PATHS = ("b", "a.b/c", "a/b/c.py", "a/b/d.py", "long/" + "x" * 200 + "/" + "y" * 200, "n" * 4094, "z é")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", ".")
    # By git's own hand, because a name of 4,094 bytes is none on disk.
    blob = git(tmp_path, "hash-object", "-w", "--stdin").strip()
    entries = "".join(f"100644 {blob}\t{path}\0" for path in PATHS)
    git(tmp_path, "update-index", "-z", "--index-info", given=entries)
    return tmp_path


def check(root: Path, *expected: str) -> None:
    """See that exactly these paths are tracked, and found."""
    place = git_folder(str(root))
    assert place is not None
    found = tracked(place.own)
    assert found == Tracked(tuple(sorted(os.fsencode(path) for path in expected)))
    for path in expected:
        assert found.holds(os.fsencode(path), is_folder=False)


@needs_git
@pytest.mark.parametrize("form", ["--index-version=2", "--index-version=4", "--split-index", "--untracked-cache"])
def test_tracked_paths_are_read_from_every_form_of_index(repository: Path, form: str) -> None:
    git(repository, "update-index", form)
    check(repository, *PATHS)


@needs_git
def test_entries_with_more_flags_are_read(repository: Path) -> None:
    plant(repository, {"later": b""})
    git(repository, "add", "-N", "later")
    git(repository, "update-index", "--skip-worktree", "b")
    check(repository, *PATHS, "later")


@needs_git
def test_a_split_index_leaves_out_what_was_removed_since(repository: Path) -> None:
    many = [f"m/{number:03}" for number in range(300)]
    plant(repository, dict.fromkeys(many, b""))
    git(repository, "add", "m")
    git(repository, "update-index", "--split-index")
    gone = many[10:140] + many[200:201]
    git(repository, "-c", "splitIndex.maxPercentChange=100", "update-index", "--force-remove", "--", *gone)
    assert list((repository / ".git").glob("sharedindex.*"))
    check(repository, *PATHS, *(path for path in many if path not in gone))


@needs_git
def test_an_index_with_long_hashes_is_read(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256", ".")
    plant(tmp_path, {"a/b": b"", "c": b""})
    git(tmp_path, "add", ".")
    check(tmp_path, "a/b", "c")


@needs_git
@pytest.mark.parametrize("size", [20, 32])
def test_an_index_without_a_checksum_is_read(tmp_path: Path, size: int) -> None:
    git(tmp_path, "init", "-q", f"--object-format={'sha1' if size == 20 else 'sha256'}", ".")
    plant(tmp_path, {"a/b": b"", "c": b""})
    git(tmp_path, "add", ".")
    index = tmp_path / ".git" / "index"
    index.write_bytes(index.read_bytes()[:-size] + bytes(size))
    check(tmp_path, "a/b", "c")


@needs_git
def test_a_worktree_has_an_index_of_its_own(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "some")
    git(repository, "worktree", "add", "-q", "--detach", "--no-checkout", "tree")
    git(tmp_path / "tree", "read-tree", "--empty")
    plant(tmp_path, {"tree/mine": b""})
    git(tmp_path / "tree", "add", "mine")
    check(tmp_path / "tree", "mine")


@needs_git
def test_an_index_is_read_again_only_when_it_changed(repository: Path) -> None:
    place = str(repository / ".git")
    first = tracked(place)
    assert tracked(place) is first
    plant(repository, {"new": b""})
    git(repository, "add", "new")
    check(repository, *PATHS, "new")


def test_a_folder_is_held_if_anything_in_it_is() -> None:
    found = Tracked((b"a.b/c", b"a/b/c", b"sub"))
    held = [path for path in (b"a", b"a/b", b"a.b", b"b", b"sub", b"a/b/c", b"su") if found.holds(path, is_folder=True)]
    assert held == [b"a", b"a/b", b"a.b", b"sub", b"a/b/c"]
    assert not found.holds(b"a/b", is_folder=False)


def written(folder: Path, body: bytes, base: bytes = b"") -> Tracked:
    """Return what is read from an index with this body and a right checksum, in a folder of its own."""
    fresh = Path(mkdtemp(dir=folder))
    (fresh / "index").write_bytes(summed(body))
    if base:
        (fresh / f"sharedindex.{summed(base)[-20:].hex()}").write_bytes(summed(base))
    return tracked(str(fresh))


def summed(body: bytes) -> bytes:
    return body + sha1(body, usedforsecurity=False).digest()


def entry(name: bytes, flags: int | None = None) -> bytes:
    body = bytes(60) + struct.pack(">H", len(name) if flags is None else flags) + name
    return body + bytes(8 - len(body) % 8)


def header(count: int, version: int = 2) -> bytes:
    return struct.pack(">4sLL", b"DIRC", version, count)


def test_a_plain_index_made_by_hand_is_read(tmp_path: Path) -> None:
    assert written(tmp_path, header(2) + entry(b"b") + entry(b"a")) == Tracked((b"a", b"b"))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "is damaged"),
        (b"DIRC", "is damaged"),
        (b"DIRX" + header(0)[4:], "is of a version that funcseek does not know"),
        (header(0, version=5), "is of a version that funcseek does not know"),
        (header(2**32 - 1), "is damaged: it has fewer entries than it says"),
        (header(2) + entry(b"a") + bytes(62), "is damaged: it ends within an entry"),
        (header(1) + entry(b"a", flags=0x0FFE), "is damaged: it ends within an entry"),
        (header(1) + bytes(60) + b"\x0f\xff" + b"x" * 9, "is damaged"),
        (header(1, version=4) + bytes(60) + b"\0\1\x05a\0", "is damaged: a path drops more than there is"),
        (header(1, version=4) + bytes(62) + b"\xff" * 4000, "is damaged: a path drops more than there is"),
        (header(1, version=4) + bytes(62) + b"\xff", "is damaged"),
        (header(0) + b"zzzz\0\0\0\0", "needs a newer funcseek"),
        (header(0) + b"link\0\0\0\x14" + b"\1" * 20, "cannot be read"),
    ],
)
def test_from_a_hostile_index_nothing_is_read(tmp_path: Path, body: bytes, problem: str) -> None:
    assert written(tmp_path, body) == Tracked(problem=problem)


def test_paths_that_unfold_to_gigabytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A megabyte of version 4 can say a path of 65 kB fifteen thousand times."""
    monkeypatch.setattr(git_index, "MAX_PATH_BYTES", 1 << 20)
    first = bytes(62) + b"\0" + b"x" * 65_000 + b"\0"
    again = bytes(62) + b"\0y\0"
    found = written(tmp_path, header(100, version=4) + first + again * 99)
    assert found == Tracked(problem="names paths of more than 1,048,576 bytes")


def test_a_bitmap_longer_than_what_it_speaks_of_is_refused(tmp_path: Path) -> None:
    base = header(2) + entry(b"a") + entry(b"b")

    def linked(words: bytes) -> Tracked:
        bitmap = struct.pack(">LL", 2, len(words) // 8) + words
        link = struct.pack(">4sL", b"link", 20 + len(bitmap)) + summed(base)[-20:] + bitmap
        return written(tmp_path, header(0) + link, base)

    assert linked(struct.pack(">QQ", 1 << 33, 0b10)) == Tracked((b"a",))
    # A run over all, and one over far more.
    assert linked(struct.pack(">Q", 1 | 1 << 1)) == Tracked()
    assert linked(struct.pack(">Q", 1 | 0xFFFFFFFF << 1)) == Tracked()
    assert linked(bytes(8_000)).problem == "is damaged: it deletes more than there is"


@needs_git
def test_damage_anywhere_is_harmless(repository: Path) -> None:
    chance = random.Random(1)
    whole = (repository / ".git" / "index").read_bytes()
    for _ in range(300):
        body = bytearray(whole[:-20])
        for _ in range(chance.randint(1, 4)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        # With a right checksum, so that the damage is met where it is; at worst other names are tracked.
        written(repository, bytes(body[: chance.randint(1, len(body))]))
    (repository / ".git" / "index").write_bytes(whole[:-30] + b"x" * 30)
    assert tracked(str(repository / ".git")) == Tracked(problem="is damaged: its checksum is wrong")


@pytest.mark.parametrize("make", ["link", "pipe", "folder", "none", "huge"])
def test_an_index_that_is_no_file_of_a_sane_size_is_not_read(tmp_path: Path, make: str) -> None:
    place = tmp_path / "index"
    match make:
        case "link":
            place.symlink_to("elsewhere")
        case "pipe":
            os.mkfifo(place)
        case "folder":
            place.mkdir()
        case "huge":
            with place.open("wb") as file:
                file.truncate(10 << 30)
    assert tracked(str(tmp_path)).paths == ()
    assert bool(tracked(str(tmp_path)).problem) == (make != "none")
