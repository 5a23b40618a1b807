"""Which file systems tell the kernel of every change: those of other machines do not, so they are looked through.

Linux only; elsewhere every file system is taken for a telling one, and the heartbeat and the scans find out.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

# Others write to these behind the kernel's back: servers, hosts of virtual machines, programs (fuse).
_TELL_NOTHING = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "vboxsf", "drvfs", "afs", "ceph", "fuseblk", "prl_fs"}
)
_MOUNTS = Path("/proc/self/mountinfo")


def silent_file_system(root: Path, *, mounts: Path = _MOUNTS) -> str | None:
    """Return the type of a file system at or below a root that does not tell of every change, None where there is none.

    ``mounts`` is a table as in ``proc(5)``.
    """
    try:
        table = mounts.read_bytes()
    except OSError:
        return None
    top = os.fsencode(root)
    holding, kind_holding = b"", ""
    for place, kind in filter(None, map(_mount, table.splitlines())):
        if _is_within(place, top) and place != top and _tells_nothing(kind):
            return kind
        if _is_within(top, place) and len(place) >= len(holding):
            holding, kind_holding = place, kind
    return kind_holding if _tells_nothing(kind_holding) else None


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
