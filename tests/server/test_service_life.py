"""The service from its start to its end: one of fifty, for one user only, well or said not to be, and nothing left."""

from __future__ import annotations

import configparser
import http.client
import json
import os
import shlex
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funcseek.server.arguments import parser
from funcseek.server.client import Client, ask_to_leave, connect, running, service_health
from funcseek.server.places import HOME_VARIABLE, Places, places
from funcseek.server.protocol import VERSION
from funcseek.server.service import LOG_BYTES
from tests.doubles import lay_out
from tests.server.commands import BOUND_BY_MODES, Commands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLIENTS = 50
NOBODY = 65534
UNIT = Path(__file__).parents[2] / "docs" / "funcseek.service"


@pytest.fixture
def fresh(fresh_home: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv(HOME_VARIABLE, str(fresh_home))
    return places()


@pytest.fixture
def funcseek(fresh: Places, tmp_path: Path) -> Commands:
    return Commands(fresh.cache, lay_out(tmp_path / "tree", "--- a.py\ndef one(): pass\n"))


def check_leaves(here: Places) -> None:
    """Ask the service to leave and see that nothing of it stays behind: no socket, no process."""
    with Client(here) as client:
        process = client.health()["pid"]
    assert ask_to_leave(here)
    assert not here.socket.exists()
    with connect(here) as client:  # its lock is free
        assert client.health()["pid"] != process


def connected(here: Places) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(30)
    connection.connect(str(here.socket))
    return connection


def test_fifty_clients_at_once_start_one_service(fresh: Places) -> None:
    def ask(_: int) -> int:
        with connect(fresh) as client:
            return client.health()["pid"]

    with ThreadPoolExecutor(CLIENTS) as threads:
        assert len(set(threads.map(ask, range(CLIENTS)))) == 1
    assert fresh.log.read_text().count("Serving at") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_process_of_another_user_is_turned_away_though_the_folder_lets_it_in(fresh: Places) -> None:
    with connect(fresh) as client:
        for path, mode in ((fresh.cache, 0o755), (fresh.runtime, 0o755), (fresh.socket, 0o777)):
            path.chmod(mode)
        for asked in (b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n", b""):
            assert answer_to_nobody(fresh, asked) == b"nothing"
        assert client.health()["version"] == VERSION
    assert "user 65534 was turned away" in fresh.log.read_text()


def answer_to_nobody(here: Places, asked: bytes) -> bytes:
    reading, writing = os.pipe()
    if not (child := os.fork()):
        try:
            os.setuid(NOBODY)
            with connected(here) as connection:
                connection.sendall(asked)
                os.write(writing, connection.recv(100) or b"nothing")
        except (BrokenPipeError, ConnectionResetError):
            os.write(writing, b"nothing")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with open(reading, "rb") as told:
        return told.read()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_socket_of_another_user_is_not_spoken_to(fresh: Places) -> None:
    fresh.cache.chmod(0o777)
    fresh.runtime.mkdir()
    fresh.runtime.chmod(0o777)
    script = (
        "import os, socket, sys; os.setuid(65534); s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen();"
        "os.chmod(sys.argv[1], 0o777); print(flush=True); c, _ = s.accept(); print(c.recv(100)); sys.stdout.flush()"
    )
    with subprocess.Popen([sys.executable, "-P", "-c", script, str(fresh.socket)], stdout=subprocess.PIPE) as planted:
        assert planted.stdout is not None
        planted.stdout.readline()
        assert running(fresh) is None
        assert planted.stdout.readline() == b"b''\n"  # it heard no word
    fresh.socket.unlink()


def test_client_that_hangs_keeps_nobody_waiting(fresh: Places) -> None:
    with connect(fresh) as client:
        hung = [connected(fresh) for _ in range(20)]
        for connection in hung:
            connection.sendall(b"POST /search HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        assert client.health()["version"] == VERSION
    check_leaves(fresh)
    for connection in hung:
        connection.close()


def is_there(session: int) -> bool:
    try:
        os.killpg(session, 0)
    except ProcessLookupError:
        return False
    return True


def test_idle_service_leaves_nothing_behind(fresh: Places, funcseek: Commands) -> None:
    command = [sys.executable, "-P", "-m", "funcseek.server", "service", "--idle-seconds", "0.5"]
    with subprocess.Popen(command, env=funcseek.environment, start_new_session=True) as process:
        while service_health(fresh) is None:
            assert process.poll() is None
        with Client(fresh) as client:
            client.open(str(funcseek.folder))
        assert process.wait(timeout=60) == 0
        assert not fresh.socket.exists()
        # Its workers were in its session, and see a moment later that it is gone.
        while is_there(process.pid):
            pass


def test_health_is_told_to_whoever_looks_after_processes(fresh: Places, funcseek: Commands) -> None:
    silent = funcseek("service", "--health")
    assert (silent.returncode, silent.stderr.count("\n")) == (3, 1)
    with connect(fresh) as client:
        client.open(str(funcseek.folder))
        connection = http.client.HTTPConnection("localhost")
        connection.sock = connected(fresh)
        connection.request("GET", "/health")
        told = json.loads(connection.getresponse().read())
        connection.close()
        assert told == {"status": "ok", "version": VERSION, "pid": client.health()["pid"]}
        done = funcseek("service", "--health")
        assert (done.returncode, done.stdout.endswith("1 folders open, all well.\n")) == (0, True)


def test_foreground_service_logs_to_the_terminal_and_leaves_on_sigterm(fresh: Places, funcseek: Commands) -> None:
    unit = configparser.ConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT)
    _, program, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert program == "funcseek"
    assert parser().parse_args(arguments).foreground
    assert parser().parse_args(shlex.split(unit["Service"]["ExecStop"])[2:]).stop
    command = [sys.executable, "-P", "-m", "funcseek.server", *arguments]
    with subprocess.Popen(command, env=funcseek.environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "Serving at" in process.stderr.readline()
        with connect(fresh) as client:
            assert client.health()["pid"] == process.pid
        process.terminate()
        assert "Leaving" in process.stderr.read()
        assert process.wait(timeout=30) == 0
    assert not fresh.socket.exists()


def test_log_is_private_and_stays_small(fresh: Places) -> None:
    fresh.log.write_bytes(b"x" * LOG_BYTES)
    fresh.log.chmod(0o600)
    connect(fresh).close()
    check_leaves(fresh)
    logs = sorted(fresh.cache.glob("service.log*"))
    assert [path.name for path in logs] == ["service.log", "service.log.1"]
    assert {path.stat().st_mode & 0o077 for path in logs} == {0}
    assert fresh.log.stat().st_size < LOG_BYTES // 2


def file_in_the_way(folder: Path) -> None:
    folder.write_text("")


def loop(folder: Path) -> None:
    folder.symlink_to(folder)


def read_only(folder: Path) -> None:
    folder.mkdir(mode=0o500)


def missing(folder: Path) -> None:
    assert not folder.exists()


BROKEN = (file_in_the_way, loop, read_only, missing)


@pytest.fixture
def somebody(fresh_home: Path, tmp_path: Path) -> Iterator[Commands]:
    """Commands in the folders that the environment names, of a user whom a mode keeps out as it does not keep root."""
    commands = Commands(fresh_home, lay_out(tmp_path / "tree", "--- a.py\ndef one(): pass\n"))
    del commands.environment[HOME_VARIABLE]
    fresh_home.mkdir(exist_ok=True)
    for variable in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        commands.environment[variable] = str(fresh_home / variable)
    commands.prefix = BOUND_BY_MODES
    yield commands
    commands("service", "--stop")


@pytest.mark.parametrize("broken", BROKEN)
def test_runtime_folder_that_cannot_be_used_is_done_without(somebody: Commands, broken: Callable[[Path], None]) -> None:
    session = Path(somebody.environment["XDG_RUNTIME_DIR"])
    broken(session)
    done = somebody("search", "one")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "a.py:1  one")
    assert Path(somebody.environment["XDG_CACHE_HOME"], "funcseek", "run", "service.sock").is_socket()
    told = somebody("doctor").stdout
    assert f"XDG_RUNTIME_DIR names {session}" in told


@pytest.mark.parametrize("broken", BROKEN[:3])
def test_cache_folder_that_cannot_be_had_is_one_sentence(somebody: Commands, broken: Callable[[Path], None]) -> None:
    broken(Path(somebody.environment["XDG_CACHE_HOME"]))
    done = somebody("search", "one")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert f"set {HOME_VARIABLE}" in done.stderr
    assert somebody("doctor").returncode == 1
