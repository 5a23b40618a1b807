"""A home for a background service of the tests' own, which is asked to leave in the end."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funcseek.server.client import ask_to_leave
from funcseek.server.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """Return a home that the tests of a session share: one service serves them all."""
    yield from _home()


@pytest.fixture
def fresh_home() -> Iterator[Path]:
    """Return a home of the test's own, whose service it may kill."""
    yield from _home()


def _home() -> Iterator[Path]:
    # Not below pytest's own folder: the path of a socket is short.
    folder = Path(tempfile.mkdtemp(prefix="fs-"))
    yield folder
    ask_to_leave(Places(folder, folder / "run", folder))
    shutil.rmtree(folder)
