"""Talks to the background service, and starts it where none runs. Light: imports neither numpy nor any index library.

One ``Client`` is one connection for one thread. ``close`` may be called from any thread and ends a request that waits.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Self, cast

from ..index.cache_folder import claim, make_private
from ..index.errors import ServiceError
from .peers import is_ours
from .places import Places, checked_socket
from .protocol import (
    PROTOCOL,
    VERSION,
    DraftJson,
    DraftRequest,
    HealthJson,
    OutlinedJson,
    RootJson,
    SearchRequest,
    ServiceAnswerJson,
    SimilarRequest,
    error_from,
)

if TYPE_CHECKING:
    from pathlib import Path

    from filelock import FileLock

# A service needs about half a second to listen; a machine that swaps needs more.
START_SECONDS = 20.0
POLL_SECONDS = 0.02
# A synchronisation takes milliseconds, or as long as the scan that is going on.
SYNC_SECONDS = 10.0
# Longer than any wait the service grants in one request.
REQUEST_SECONDS = 90.0


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=REQUEST_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
        if not is_ours(self.sock):
            self.close()
            raise ConnectionRefusedError(f"{self._path} is served by another user")


class Client:
    """One connection to the service."""

    def __init__(self, places: Places) -> None:
        """Connect to nothing yet."""
        self._connection = _UnixConnection(checked_socket(places.socket))
        self._places = places
        self._is_closed = False

    def call(self, door: str, **body: object) -> dict[str, Any]:
        """Make one request; raises the error the service reports, or ServiceError where it cannot be reached."""
        try:
            response = self._ask(door, json.dumps(body))
            answer = cast("dict[str, Any]", json.loads(response.read()))
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
            self._connection.close()
            raise ServiceError(
                f"The funcseek service did not answer ({type(error).__name__}: {error}); see {self._places.log}."
            ) from error
        if response.status != http.HTTPStatus.OK:
            raise error_from(answer)
        return answer

    def _ask(self, door: str, body: str) -> http.client.HTTPResponse:
        """Send a request; on a connection that the service has closed since the last one, once more on a new one."""
        is_reused = self._connection.sock is not None
        try:
            self._connection.request("POST", f"/{door}", body, {"Content-Type": "application/json"})
            return self._connection.getresponse()
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            self._connection.close()
            if self._is_closed or not is_reused:
                raise
        self._connection.request("POST", f"/{door}", body, {"Content-Type": "application/json"})
        return self._connection.getresponse()

    def health(self) -> HealthJson:
        """Return who the service is."""
        return cast("HealthJson", self.call("health"))

    def open(self, path: str) -> RootJson:
        """Have the root that holds a path opened, and return its state."""
        return cast("RootJson", self.call("open", path=path))

    def wait(self, path: str, *, revision: int, wait_seconds: float) -> RootJson:
        """Return a root's state once it differs from ``revision``, or after ``wait_seconds``."""
        return cast("RootJson", self.call("wait", path=path, revision=revision, wait_seconds=wait_seconds))

    def sync(self, path: str, *, wait_seconds: float = SYNC_SECONDS) -> RootJson:
        """Wait until everything saved before this call below the root of a path is indexed; return the root's state.

        Raises StillReading where that takes longer than ``wait_seconds``.
        """
        return cast("RootJson", self.call("sync", path=path, wait_seconds=wait_seconds))

    def focus(self, path: str) -> None:
        """Have a file read and embedded before all that waits."""
        self.call("focus", path=path)

    def rescan(self, path: str) -> None:
        """Have every file of the root of a path looked at again soon."""
        self.call("rescan", path=path)

    def pause(self, path: str | None, *, is_paused: bool) -> None:
        """Have the root of a path, or with None every root, embed nothing, or go on."""
        self.call("pause", path=path, is_paused=is_paused)

    def search(self, request: SearchRequest) -> ServiceAnswerJson:
        """Answer a query."""
        return cast(
            "ServiceAnswerJson",
            self.call(
                "search",
                query=request.query,
                paths=list(request.paths),
                limit=request.limit,
                languages=list(request.languages),
                globs=list(request.globs),
                wait_seconds=request.wait_seconds,
                min_score=request.min_score,
                is_explained=request.is_explained,
                kinds=list(request.kinds),
                changed_since=request.changed_since,
                is_reranked=request.is_reranked,
                desk=request.desk and asdict(request.desk),
            ),
        )

    def similar(self, request: SimilarRequest) -> ServiceAnswerJson:
        """Answer with functions like others."""
        return cast("ServiceAnswerJson", self.call("similar", **asdict(request)))

    def draft(self, request: DraftRequest) -> DraftJson:
        """Tell what an editor has not saved of a document, or that it has closed it."""
        return cast("DraftJson", self.call("draft", **asdict(request)))

    def outline(self, text: str, *, path: str, language: str) -> list[OutlinedJson]:
        """Return the functions in a text, whose language the name of its path tells, or else its editor."""
        return cast("list[OutlinedJson]", self.call("outline", text=text, path=path, language=language)["functions"])

    def close(self) -> None:
        """End the connection for good, and any request on it."""
        self._is_closed = True
        with contextlib.suppress(OSError, AttributeError):
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def service_health(places: Places) -> HealthJson | None:
    """Return who the running service is, of whatever version; None where none answers."""
    with Client(places) as client:
        try:
            return client.health()
        except ServiceError:
            return None


def running(places: Places) -> Client | None:
    """Return a client of the running service, None where none runs or it speaks another protocol."""
    client = Client(places)
    try:
        health = client.health()
    except ServiceError:
        client.close()
        return None
    if health["protocol"] == PROTOCOL and not _is_older(health["version"]):
        return client
    client.close()
    return None


def connect(places: Places) -> Client:
    """Return a client of the service, starting or replacing it where needed; raises ServiceError."""
    if client := running(places):
        return client
    ask_to_leave(places)
    claim(places.cache)
    make_private(places.runtime)
    # Imported here: who finds a service running has no use for it.
    from filelock import FileLock

    # Held by the client that starts a service, so that fifty at once start one and not fifty.
    turn = FileLock(places.turn, mode=0o600)
    try:
        return _started(places, turn)
    finally:
        turn.release(force=True)


def _started(places: Places, turn: FileLock) -> Client:
    """Wait for a service, and start one while it is this client's turn."""
    deadline = time.monotonic() + START_SECONDS
    process: subprocess.Popen[bytes] | None = None
    while time.monotonic() < deadline:
        if client := running(places):
            if process is not None:
                process.returncode = 0  # it outlives us on purpose; Python would warn that it still runs
            return client
        # One that ended well found the lock taken: by one about to listen, or one that is still leaving.
        if process is None or process.poll() == 0:
            process = start(places) if _is_ours_now(turn) else None
        elif process.returncode is not None:
            break
        time.sleep(POLL_SECONDS)
    raise ServiceError(f"The funcseek service did not start; its log is {places.log}.")


def _is_ours_now(turn: FileLock) -> bool:
    from filelock import Timeout

    try:
        if not turn.is_locked:
            turn.acquire(blocking=False)
    except Timeout:
        return False
    except OSError as error:
        raise ServiceError(
            f"Cannot use {turn.lock_file}: {error.strerror}; make its folder writable for you."
        ) from error
    return True


def start(places: Places) -> subprocess.Popen[bytes]:
    """Start a service that outlives this process; one that finds another running leaves at once."""
    with open(places.log, "ab", opener=_open_private) as log:
        return subprocess.Popen(
            # -P: the folder we were started in must not be searched for modules.
            [sys.executable, "-P", "-m", "funcseek.server", "service"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=os.sep,
            env=os.environ | {"FUNCSEEK_HOME": str(places.cache)} if "FUNCSEEK_HOME" in os.environ else None,
        )


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def ask_to_leave(places: Places) -> bool:
    """Ask a running service of any version to leave and wait until it has; False where none runs."""
    with Client(places) as client:
        try:
            client.call("leave")
        except ServiceError:
            return False
    deadline = time.monotonic() + START_SECONDS
    while places.socket.exists() and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return True


def _is_older(version: str) -> bool:
    return _numbers(version) < _numbers(VERSION)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
