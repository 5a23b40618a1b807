"""Indexes on full, read-only or network disks, in folders of somebody else: a sentence says so and nothing is lost."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funcseek.index.cache_folder import claim
from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.errors import StorageFailure
from funcseek.index.keys import secret_key
from tests.doubles import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534

# Runs a program on a small disk of its own, in a namespace that takes the disk along when it ends.
ON_A_DISK = 'mount -t tmpfs -o size=4m none "$2" && exec "$0" -c "$1" "$2" "$3"'

BEGIN = """\
import contextlib, json, os, subprocess, sys
from pathlib import Path
from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.errors import FuncseekError
from funcseek.index.reader import open_reader
from tests.index.killed import WordEmbedder, source
disk, root = map(Path, sys.argv[1:])
home = Home(disk / "home")
acknowledged, said = [], []

def fill():
    embedder = WordEmbedder()
    with CodeIndex(root, home, exact_labels=100) as index:
        index.adopt(embedder)
        try:
            for _ in index.scan():
                pass
            while index.embed(32):
                acknowledged.extend(embedder.embedded)
                again = set(acknowledged[: -len(embedder.embedded)]) & set(embedder.embedded)
                assert not again, again
                embedder.embedded.clear()
            index.save()
        finally:
            print(index.coverage(), file=sys.stderr)
        return index.coverage().embedded

def attempt(what):
    try:
        what()
    except FuncseekError as error:
        said.append(f"{type(error).__name__}: {error}")

(root / "first.py").write_text(source(range(200)))
assert fill() == 200
"""

FULL = """
(root / "second.py").write_text(source(range(200, 900)))
ballast = disk / "ballast"
with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
    while file.write(bytes(4096)):
        pass
while ballast.stat().st_size:
    attempt(fill)
    os.truncate(ballast, max(0, ballast.stat().st_size - (96 << 10)))
print(json.dumps([fill(), said]))
"""

READ_ONLY = """
subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
attempt(fill)
attempt(lambda: open_reader(root, home, WordEmbedder()))
subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
print(json.dumps([fill(), said]))
"""


def on_a_disk(program: str, tmp_path: Path) -> tuple[int, list[str]]:
    """Run a program on a disk of 3 MB; return how many functions it embedded in the end, and what it was told."""
    (disk := tmp_path / "disk").mkdir()
    (root := tmp_path / "root").mkdir()
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", disk], capture_output=True).returncode:
        pytest.skip("no disk of one's own may be mounted here")
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", ON_A_DISK, sys.executable, BEGIN + program, disk, root],
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    embedded, said = json.loads(done.stdout)
    return embedded, said


def test_full_disk_is_said_and_indexing_goes_on_where_it_was_once_there_is_room(tmp_path: Path) -> None:
    embedded, said = on_a_disk(FULL, tmp_path)
    assert embedded == 900
    assert said
    for sentence in said:
        assert sentence.startswith("StorageFailure: ")
        assert "is full" in sentence or "No space left on device" in sentence


def test_read_only_disk_is_said_and_harms_nothing(tmp_path: Path) -> None:
    embedded, said = on_a_disk(READ_ONLY, tmp_path)
    assert embedded == 200
    assert len(said) == 2
    for sentence in said:
        assert sentence.startswith("StorageFailure: ")
        assert "writable" in sentence


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to somebody else")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "root", "--- a.py\ndef one(): pass\n")


@as_root
@pytest.mark.parametrize("inside", ["", "vectors.db", "extractions.db", "catalogue.db"])
def test_cache_of_another_user_is_refused_and_left_alone(root: Path, tmp_path: Path, inside: str) -> None:
    home = Home(tmp_path / "home")
    with CodeIndex(root, home) as index:
        list(index.scan())
    path = home.catalogue_of(root) if inside == "catalogue.db" else home.folder / inside
    os.chown(path, NOBODY, NOBODY)
    before = path.stat()
    with pytest.raises(StorageFailure, match="belongs to another user"):
        CodeIndex(root, home)
    after = path.stat()
    assert (after.st_uid, after.st_mode, after.st_mtime_ns) == (NOBODY, before.st_mode, before.st_mtime_ns)
    os.chown(path, os.geteuid(), os.getegid())
    with CodeIndex(root, home) as index:
        assert index.coverage().functions == 1


@as_root
def test_folder_and_key_that_may_not_be_used_are_said() -> None:
    """Root may do anything, so somebody else tries, in a folder that all may enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "key").write_bytes(b"x" * 32)
        (folder / "key").chmod(0o600)
        for refused in (lambda: claim(folder / "home"), lambda: secret_key(folder / "key")):
            with as_nobody(), pytest.raises(StorageFailure, match="writable"):
                refused()


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(
    "kind",
    ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "vboxsf", "ceph", "glusterfs"],
)
def test_cache_on_a_network_disk_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(StorageFailure, match=rf"network file system \({kind}\).*set FUNCSEEK_HOME"):
        claim(tmp_path / "home", mounts=mounted(tmp_path, tmp_path / "home", kind))
    claim(tmp_path / "beside", mounts=tmp_path / "mountinfo")


@pytest.mark.parametrize("kind", ["ext4", "tmpfs", "overlay", "btrfs", "fuseblk", "fuse.gocryptfs", "virtiofs"])
def test_cache_on_a_local_disk_is_not(tmp_path: Path, kind: str) -> None:
    claim(tmp_path / "home", mounts=mounted(tmp_path, tmp_path / "home", kind))


def test_link_to_a_network_disk_is_followed(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "far")
    with pytest.raises(StorageFailure, match="network file system"):
        claim(tmp_path / "home", mounts=mounted(tmp_path, tmp_path / "far", "nfs4"))


def mounted(tmp_path: Path, place: Path, kind: str) -> Path:
    """Write a table in which a place is on a file system of a kind, and all else on a local disk."""
    table = tmp_path / "mountinfo"
    table.write_text(f"22 1 0:20 / / rw - ext4 /dev/sda1 rw\n31 22 0:31 / {place} rw,relatime - {kind} far:/ rw\n")
    return table
