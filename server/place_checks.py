"""Checks of `funcseek doctor` on folders, permissions and the service. Changes nothing but in a repair."""

from __future__ import annotations

import os
import stat
from functools import partial
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from ..index.cache_folder import check_local
from ..index.errors import StorageFailure
from .client import ask_to_leave, service_health
from .findings import note, ok, problem
from .places import HOME_VARIABLE, checked_socket, is_ours, session_folder
from .protocol import PROTOCOL, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .findings import Finding
    from .places import Places
    from .protocol import HealthJson

# No private mode lets a group or others do anything.
OTHERS = 0o077


def folders(places: Places) -> Iterator[Finding]:
    """Look whether each folder is ours, can be written and is on a local disk."""
    for folder in dict.fromkeys((places.cache, places.runtime, places.config)):
        yield _folder(folder)
    if (session := session_folder()) and HOME_VARIABLE not in os.environ and not is_ours(session):
        told = f"XDG_RUNTIME_DIR names {session}, which is not there, not yours or cannot be written"
        yield note("folders", f"{told}; the socket is in {places.runtime} instead.")
    check_local(places.cache)


def _folder(folder: Path) -> Finding:
    if not folder.exists():
        if (obstacle := _obstacle(folder)) is not None:
            return problem("folders", f"{folder} cannot be made: make {obstacle} writable, or set FUNCSEEK_HOME.")
        return note("folders", f"{folder} is not there yet; the first use makes it.")
    status = folder.stat()
    if status.st_uid != os.geteuid():
        return problem("folders", f"{folder} belongs to another user; set FUNCSEEK_HOME to a folder of yours.")
    if status.st_mode & OTHERS:
        told = f"Others may enter {folder}; `funcseek doctor --repair` makes it private."
        return problem("folders", told, partial(_make_private, [folder]))
    if not os.access(folder, os.W_OK | os.X_OK):
        return problem("folders", f"{folder} cannot be written; make it writable for you, or set FUNCSEEK_HOME.")
    return ok("folders", f"{folder} is yours alone")


def _obstacle(folder: Path) -> Path | None:
    """Return what keeps a missing folder from being made: the nearest thing above it, where that is not for us."""
    above = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    return None if above.is_dir() and os.access(above, os.W_OK | os.X_OK) else above


def permissions(places: Places) -> Iterator[Finding]:
    """Look for files and folders that somebody else owns or may read."""
    wide, foreign = [], []
    for path in _own_files(places):
        status = path.lstat()
        if status.st_uid != os.geteuid():
            foreign.append(path)
        elif status.st_mode & OTHERS and not stat.S_ISLNK(status.st_mode):
            wide.append(path)
    if foreign:
        yield problem("permissions", f"{foreign[0]} belongs to another user; delete it, and what it held is made anew.")
    if wide:
        more = f" and {len(wide) - 1} more" if len(wide) > 1 else ""
        told = f"Others may read {wide[0]}{more}; `funcseek doctor --repair` makes them private."
        yield problem("permissions", told, partial(_make_private, wide))
    if not foreign and not wide:
        yield ok("permissions", "nobody else may read what is kept")


def _own_files(places: Places) -> Iterator[Path]:
    """Yield what holds code, vectors, queries or keys; models are anybody's."""
    indexes = places.cache / "indexes"
    yield from (path for path in (indexes, *indexes.rglob("*")) if path.exists())
    for folder in dict.fromkeys((places.cache, places.runtime, places.config)):
        if folder.is_dir():
            yield from (path for path in folder.iterdir() if not path.is_dir())


def _make_private(paths: list[Path]) -> str:
    try:
        for path in paths:
            path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~OTHERS)
    except OSError as error:
        raise StorageFailure(f"Cannot change {error.filename}: {error.strerror}.") from error
    return f"{len(paths)} files and folders are private now"


def service(places: Places) -> Iterator[Finding]:
    """Look whether a service answers, of which version, and for what a killed one left behind."""
    path = checked_socket(places.socket)
    health = service_health(places)
    if health is not None:
        yield _version_of(places, health)
        for root in health.get("roots", []):
            said = (root.get("watch_problem"), root.get("problem"))
            yield from (problem("service", sentence) for sentence in said if sentence)
    elif _is_held(places):
        yield problem(
            "service", f"A service holds {places.lock} and does not answer; see {places.log}, end it, and search again."
        )
    elif path.exists():
        told = f"{path} is left of a service that was killed; the next one, or `funcseek doctor --repair`, removes it."
        yield problem("service", told, partial(_remove_socket, places))
    else:
        yield ok("service", "none runs; the next search starts one")


def _version_of(places: Places, health: HealthJson) -> Finding:
    # Another version may say something else.
    number, protocol = health.get("version"), health.get("protocol")
    told = f"process {health.get('pid')} runs funcseek {number}, protocol {protocol}"
    if (number, protocol) == (VERSION, PROTOCOL):
        return ok("service", told)
    advice = "`funcseek service --stop` makes room for this one"
    return problem("service", f"Another version serves: {told}; {advice}.", partial(_replace_service, places))


def _replace_service(places: Places) -> str:
    ask_to_leave(places)
    return "the service of another version has left; the next search starts this one"


def _is_held(places: Places) -> bool:
    """Say whether a living process holds the lock of the service."""
    if not places.lock.exists():
        return False
    lock = FileLock(places.lock, mode=0o600)
    try:
        lock.acquire(blocking=False)
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def _remove_socket(places: Places) -> str:
    """Remove a stale socket, under the lock that says that no service owns it."""
    try:
        with FileLock(places.lock, mode=0o600, blocking=False):
            places.socket.unlink(missing_ok=True)
    except Timeout:
        return "a service has taken the socket over meanwhile"
    except OSError as error:
        raise StorageFailure(f"Cannot remove {places.socket}: {error.strerror}.") from error
    return f"{places.socket} is removed"
