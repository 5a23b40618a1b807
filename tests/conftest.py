"""What all tests share: the option that rewrites snapshots, and the check against one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from pathlib import Path


pytest_plugins = ("tests.homes", "tests.index.endpoint_program", "tests.model_fixtures")


class CheckSnapshot(Protocol):
    """Compares a text with the file at a path, or writes it there under ``--update``."""

    def __call__(self, text: str, path: Path) -> None: ...


def pytest_configure() -> None:
    """Keep the ignore files of whoever runs the tests out of them and their processes, and time no example."""
    os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
    os.environ["XDG_CONFIG_HOME"] = os.devnull
    # How long an example takes says how busy the machine is.
    settings.register_profile("untimed", settings(), deadline=None)
    settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the snapshots instead of comparing with them")
    parser.addoption("--faults", type=int, default=10, help="how often tests/index/test_faults.py makes the disk fail")
    parser.addoption("--kills", type=int, default=60, help="how often tests/index/test_kills.py kills a writer")
    parser.addoption("--storm-files", type=int, default=500, help="how many files tests/server/test_storms.py changes")


@pytest.fixture
def check_snapshot(request: pytest.FixtureRequest) -> CheckSnapshot:
    def check(text: str, path: Path) -> None:
        if request.config.getoption("--update"):
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{path.name} is missing; run pytest with --update and read what it writes"
        assert text == path.read_text(encoding="utf-8")

    return check


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    number: int = request.config.getoption("--kills")
    return number
