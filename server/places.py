"""Where things lie on this machine: indexes, models, the service's socket and log. All private to the user.

Nothing here depends on the folder that is searched: a workspace can never choose where anything is read or written.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from ..index.cache_folder import HOME_VARIABLE
from ..index.errors import StorageFailure

__all__ = ["HOME_VARIABLE", "Places", "checked_socket", "is_ours", "places", "session_folder"]

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, one of them the closing NUL.
MAX_SOCKET_PATH_BYTES = 103


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files funcseek uses."""

    cache: Path
    runtime: Path
    config: Path

    @property
    def choice(self) -> Path:
        """The file that says which model the user chose."""
        return self.config / "model.json"

    @property
    def reranker(self) -> Path:
        """The file that says which reranker the user chose."""
        return self.config / "reranker.json"

    @property
    def consents(self) -> Path:
        """The file that says which roots' code may go to which host."""
        return self.config / "consents.json"

    @property
    def models(self) -> Path:
        """Folder of installed models."""
        return self.cache / "models"

    @property
    def kernels(self) -> Path:
        """Folder of what torch compiled for a GPU."""
        return self.cache / "kernels"

    @property
    def socket(self) -> Path:
        """The service's Unix socket."""
        return self.runtime / "service.sock"

    @property
    def lock(self) -> Path:
        """Held by the running service for life."""
        return self.runtime / "service.lock"

    @property
    def turn(self) -> Path:
        """Held by a client while it starts the service."""
        return self.runtime / "turn.lock"

    @property
    def log(self) -> Path:
        """The service's log."""
        return self.cache / "service.log"


def places() -> Places:
    """Return the places of this user, from ``FUNCSEEK_HOME`` or the system's conventions."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        folder = Path(home).absolute()
        return Places(folder, folder / "run", folder)
    cache = Path(platformdirs.user_cache_dir("funcseek", appauthor=False))
    session = session_folder()
    runtime = session / "funcseek" if session and is_ours(session) else cache / "run"
    return Places(cache, runtime, Path(platformdirs.user_config_dir("funcseek", appauthor=False)))


def session_folder() -> Path | None:
    """Return the folder that the login session names for sockets, be it there, ours and writable or not."""
    named = os.environ.get("XDG_RUNTIME_DIR")
    return Path(named) if named else None


def is_ours(folder: Path) -> bool:
    """Whether a folder is there, this user's and writable: under cron, sudo and in containers it often is not."""
    try:
        return folder.is_dir() and folder.stat().st_uid == os.geteuid() and os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        return False


def checked_socket(path: Path) -> Path:
    """Return the path of a socket; raise StorageFailure for one longer than the system allows."""
    length = len(os.fsencode(path))
    if length > MAX_SOCKET_PATH_BYTES:
        raise StorageFailure(
            f"The socket path {path} has {length} bytes and the system allows {MAX_SOCKET_PATH_BYTES};"
            f" set {HOME_VARIABLE} to a shorter folder."
        )
    return path
