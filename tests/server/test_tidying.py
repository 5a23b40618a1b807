"""The caches are tidied once a day, whatever the clock does, and no failure stops the service."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from funcseek.index.code_index import CodeIndex, Home
from funcseek.server.tidying import Tidying
from tests.doubles import lay_out

if TYPE_CHECKING:
    from pathlib import Path

HOUR_SECONDS = 3600


@pytest.fixture
def filled(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    with CodeIndex(lay_out(tmp_path / "root", "--- a.py\ndef one(): pass\n"), home) as index:
        list(index.scan())
    return home


def test_caches_are_tidied_once_a_day(filled: Home) -> None:
    tidying = Tidying(filled)
    assert tidying.is_due()
    tidying.run()
    assert not Tidying(filled).is_due()
    for age_hours, expected in ((23, False), (25, True), (-25, True)):
        then = time.time() - age_hours * HOUR_SECONDS
        os.utime(filled.folder / "tidied", (then, then))
        assert tidying.is_due() == expected


def test_nothing_is_tidied_where_nothing_is(tmp_path: Path) -> None:
    assert not Tidying(Home(tmp_path / "none")).is_due()


def test_caches_that_cannot_be_tidied_are_left_for_the_next_day(filled: Home, caplog: pytest.LogCaptureFixture) -> None:
    filled.vector_cache.write_bytes(b"no database" * 1000)
    Tidying(filled).run()
    assert "were not tidied" in caplog.text
    assert not Tidying(filled).is_due()
