"""What kind of file system a folder is on: some tell of no change, on some a database can be damaged.

Linux only; elsewhere every file system is taken for a good one: the heartbeat and the scans find out what is not told.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

# Others write to these behind the kernel's back: servers, hosts of virtual machines, programs (fuse).
_TELL_NOTHING = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "vboxsf", "drvfs", "afs", "ceph", "fuseblk", "prl_fs"}
)
# SQLite's write-ahead log needs memory that all processes share and locks that hold: these promise neither, or only
# among the processes of one machine. Not virtiofs: the root of many a virtual machine, which alone writes to it.
_REMOTE = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "9p", "vboxsf", "drvfs", "prl_fs", "afs", "ceph", "coda"}
    | {"glusterfs", "lustre", "gpfs", "beegfs", "orangefs", "davfs", "gfs2", "ocfs2"}
)
_REMOTE_PROGRAMS = frozenset(
    {"sshfs", "rclone", "s3fs", "goofys", "gcsfuse", "blobfuse", "blobfuse2", "davfs2", "glusterfs", "ceph", "grpcfuse"}
    | {"cephfs", "mfs", "juicefs", "curlftpfs", "smbnetfs", "gvfsd-fuse", "google-drive-ocamlfuse", "osxfs"}
)
MOUNTS = Path("/proc/self/mountinfo")


def silent_file_system(root: Path, *, mounts: Path = MOUNTS) -> str | None:
    """Return the type of a file system at or below a root that does not tell of every change, None where there is none.

    ``mounts`` is a table as in ``proc(5)``.
    """
    top = os.fsencode(root)
    table = _table(mounts)
    for place, kind in table:
        if _is_within(place, top) and place != top and _tells_nothing(kind):
            return kind
    holding = _holding(table, top)
    return holding if _tells_nothing(holding) else None


def remote_file_system(folder: Path, *, mounts: Path = MOUNTS) -> str | None:
    """Return the type of the network file system a folder is on, None where it is on a local one."""
    kind = _holding(_table(mounts), os.fsencode(folder))
    return kind if kind in _REMOTE or kind.removeprefix("fuse.") in _REMOTE_PROGRAMS else None


def _table(mounts: Path) -> list[tuple[bytes, str]]:
    try:
        lines = mounts.read_bytes().splitlines()
    except OSError:
        return []
    return [mount for mount in map(_mount, lines) if mount]


def _holding(table: list[tuple[bytes, str]], folder: bytes) -> str:
    """Return the type of the file system a folder is on, ``""`` where the table does not say; later mounts cover."""
    holding, kind_holding = b"", ""
    for place, kind in table:
        if _is_within(folder, place) and len(place) >= len(holding):
            holding, kind_holding = place, kind
    return kind_holding


def _mount(line: bytes) -> tuple[bytes, str] | None:
    """Return a mount's place and its file system's type."""
    left, _, right = line.partition(b" - ")
    fields = left.split(b" ")
    if len(fields) < 5 or not right:
        return None
    place = re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), fields[4])
    return place, right.split(b" ")[0].decode("ascii", "replace")


def _tells_nothing(kind: str) -> bool:
    return kind in _TELL_NOTHING or kind.startswith("fuse.")


def _is_within(place: bytes, folder: bytes) -> bool:
    return place == folder or place.startswith(folder.rstrip(b"/") + b"/")
