"""``funcseek doctor``: what is broken is named with what to do, and what can be is repaired."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.errors import StorageFailure
from funcseek.server.arguments import parser
from funcseek.server.client import connect, service_health
from funcseek.server.doctor_command import run
from funcseek.server.findings import NOTE, OK, PROBLEM, REPAIRED
from funcseek.server.machine_checks import gpu, watch_limits
from funcseek.server.places import HOME_VARIABLE, Places, places
from tests.doubles import lay_out
from tests.index.killed import WordEmbedder, fill
from tests.server.commands import Commands

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = 65534


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "tree", "--- a.py\ndef one(): pass\n")


@pytest.fixture
def here(fresh_home: Path, monkeypatch: pytest.MonkeyPatch, tree: Path) -> Places:
    """Return the places of a home with one index."""
    monkeypatch.setenv(HOME_VARIABLE, str(fresh_home))
    with CodeIndex(tree, Home(fresh_home)) as index:
        fill(index)
    return places()


class Doctor:
    """Runs the command in this process, where the grammars are loaded already; remembers what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *options: str) -> tuple[int, str]:
        self._capsys.readouterr()
        status = run(parser().parse_args(["doctor", *options]))
        return status, self._capsys.readouterr().out

    def check(self, **expected: str) -> str:
        """Check the states of some checks, all others being well; return all that was told of problems.

        One that is expected to be repaired is a problem first, and well once it was.
        """
        status, shown = self("--json")
        found = json.loads(shown)
        problems = [one for one in found["findings"] if one["state"] == PROBLEM]
        assert [one["check"] for one in problems] == list(expected), problems
        assert (found["is_healthy"], status) == (not expected, bool(expected))
        if set(expected.values()) == {REPAIRED}:
            status, shown = self("--repair")
            assert (status, shown.count(REPAIRED)) == (0, len(expected)), shown
            assert self()[0] == 0
        return "\n".join(one["told"] for one in problems)


@pytest.fixture
def doctor(here: Places, capsys: pytest.CaptureFixture[str]) -> Doctor:
    assert here.cache.is_dir()
    return Doctor(capsys)


def test_healthy_home_is_told_line_by_line(here: Places, tree: Path, doctor: Doctor) -> None:
    doctor.check()
    with connect(here):
        doctor.check()
        lines = doctor()[1].splitlines()
    assert all(line.split()[0] in (OK, NOTE) for line in lines)
    assert any(f"{tree} has 1 files and 1 functions, 1 of them embedded" in line for line in lines)


def test_stale_socket_is_removed(here: Places, doctor: Doctor) -> None:
    here.runtime.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(here.socket))
    here.socket.chmod(0o600)
    assert "was killed" in doctor.check(service=REPAIRED)
    assert not here.socket.exists()


def test_service_that_hangs_is_named_and_left_alone(here: Places, doctor: Doctor) -> None:
    here.runtime.mkdir(mode=0o700)
    with FileLock(here.lock, mode=0o600):
        assert "does not answer" in doctor.check(service=PROBLEM)


def test_service_of_another_version_makes_room(here: Places, doctor: Doctor) -> None:
    script = (
        "from funcseek.server import protocol; from funcseek.server.places import places;"
        "protocol.VERSION = '9.0.0'; from funcseek.server.service import serve; import os; os.umask(0o77);"
        "serve(places())"
    )
    process = subprocess.Popen([sys.executable, "-P", "-c", script])
    try:
        while service_health(here) is None:
            assert process.poll() is None
        assert "runs funcseek 9.0.0" in doctor.check(service=REPAIRED)
    finally:
        process.kill()
        process.wait()


def test_what_others_may_read_is_made_private(here: Places, tree: Path, doctor: Doctor) -> None:
    catalogue = Home(here.cache).catalogue_of(tree)
    for path in (catalogue, catalogue.parent, Home(here.cache).key):
        path.chmod(0o755)
    assert "and 2 more" in doctor.check(permissions=REPAIRED)
    assert {path.stat().st_mode & 0o077 for path in (here.cache / "indexes").rglob("*")} == {0}


def test_folder_that_others_may_enter_is_made_private(here: Places, doctor: Doctor) -> None:
    here.cache.chmod(0o755)
    doctor.check(folders=REPAIRED)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to somebody else")
def test_file_of_another_user_is_left_to_a_person(here: Places, doctor: Doctor) -> None:
    os.chown(here.cache / "key", NOBODY, NOBODY)
    assert "belongs to another user" in doctor.check(permissions=PROBLEM)


@pytest.mark.parametrize(("name", "what"), [("vectors.db", "vectors"), ("extractions.db", "extractions")])
def test_damaged_cache_is_mended(here: Places, doctor: Doctor, name: str, what: str) -> None:
    data = bytearray((here.cache / name).read_bytes())
    data[4096:4160] = bytes(64)
    (here.cache / name).write_bytes(data)
    expected = {what: REPAIRED}
    if what == "vectors":
        # What the vectors are, tells every index; with them it is whole again.
        assert REPAIRED in doctor("--repair")[1]
        expected = {}
    doctor.check(**expected)


def test_index_that_the_service_has_open_is_mended(here: Places, tree: Path, doctor: Doctor) -> None:
    funcseek = Commands(here.cache, tree)
    with connect(here):
        assert funcseek("index").returncode == 0
        path = Home(here.cache).catalogue_of(tree)
        data = bytearray(path.read_bytes())
        for start in range(2 * 4096, len(data), 4096):
            data[start : start + 64] = bytes(64)
        path.write_bytes(data)
        assert doctor()[0] == 1
        assert doctor("--repair")[0] == 0
        assert "a.py" in funcseek("search", "one").stdout


def test_damaged_key_is_replaced(here: Places, tree: Path, doctor: Doctor) -> None:
    (here.cache / "key").write_bytes(b"short")
    with CodeIndex(tree, Home(here.cache)) as index, pytest.raises(StorageFailure, match="damaged"):
        index.adopt(WordEmbedder())
    assert "is damaged" in doctor()[1]
    assert doctor("--repair")[0] == 0
    doctor.check()


def test_choice_of_a_model_that_cannot_be_read_is_a_problem(here: Places, doctor: Doctor) -> None:
    here.choice.write_text("{")
    here.choice.chmod(0o600)
    assert "funcseek model use" in doctor.check(model=PROBLEM)


def test_endpoint_says_whose_code_may_go_there(here: Places, tree: Path, doctor: Doctor) -> None:
    funcseek = Commands(here.cache, tree)
    assert funcseek("model", "use", "https://models.example/v1", "--name", "m").returncode == 0
    assert f"Code of {tree} would go to models.example" in doctor()[1]
    assert funcseek("model", "allow").returncode == 0
    assert f"code of {tree} may go to models.example" in doctor()[1]


@pytest.mark.parametrize(
    ("watches", "instances", "states"), [(9, 9, [OK, OK]), (5, 9, [OK, PROBLEM]), (9, 2, [PROBLEM, OK])]
)
def test_limits_of_the_watcher_are_held_against_the_need(
    tmp_path: Path, watches: int, instances: int, states: list[str]
) -> None:
    (tmp_path / "max_user_watches").write_text(f"{watches}\n")
    (tmp_path / "max_user_instances").write_text(f"{instances}\n")
    found = list(watch_limits(2, 5, limits=tmp_path))
    assert [one.state for one in found] == states
    assert all("sudo sysctl fs.inotify." in one.told for one in found if one.state == PROBLEM)
    assert list(watch_limits(2, 5, limits=tmp_path / "elsewhere")) == []


def test_gpu_that_is_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "nvidia0").touch()
    assert (
        "There is a GPU" in next(gpu([tmp_path / "nvidia0"])).told
        or "there is a GPU" in next(gpu([tmp_path / "nvidia0"])).told
    )
    assert "there is none" in next(gpu([])).told
