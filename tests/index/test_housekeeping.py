"""Vectors that nobody uses are dropped after a while, and none that somebody does; roots that are gone are known."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from funcseek.index import extraction_cache
from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.errors import IndexFailure
from funcseek.index.extraction_cache import keep_extractions, open_extraction_cache, stored_extraction
from funcseek.index.housekeeping import (
    UNUSED_DAYS,
    cache_bytes,
    disk_bytes,
    drop_unused_vectors,
    stored_indexes,
)
from funcseek.index.vector_cache import open_vector_cache
from tests.doubles import HashingEmbedder, lay_out

if TYPE_CHECKING:
    from pathlib import Path

DAY = 20_000


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "root", "--- a.py\ndef one(): pass\n--- b.py\ndef two(): pass\n\ndef three(): pass\n")


def fill(root: Path, home: Home, *, identity: str = "hashing") -> list[str]:
    """Bring an index up to date and return the names of what was embedded."""
    embedder = HashingEmbedder(identity=identity)
    with CodeIndex(root, home) as index:
        index.adopt(embedder)
        for _ in index.scan():
            pass
        while index.embed():
            pass
        assert index.coverage().embedded == index.coverage().functions
    return sorted(text.split()[0] for text in embedder.embedded)


def check(home: Home, *, kept: int) -> None:
    with contextlib.closing(open_vector_cache(home.vector_cache)) as cache:
        assert cache.rows("SELECT COUNT(*) FROM vector") == [(kept,)]


def test_vector_that_nobody_uses_is_dropped_after_a_while(root: Path, home: Home) -> None:
    fill(root, home)
    (root / "b.py").unlink()
    fill(root, home)
    assert drop_unused_vectors(home, day=DAY) == 0
    assert drop_unused_vectors(home, day=DAY + UNUSED_DAYS - 1) == 0
    check(home, kept=3)
    assert drop_unused_vectors(home, day=DAY + UNUSED_DAYS) == 2
    check(home, kept=1)
    assert fill(root, home) == []
    lay_out(root, "--- b.py\ndef two(): pass\n")
    assert fill(root, home) == ["two"]


def test_vector_that_is_used_again_starts_anew(root: Path, home: Home) -> None:
    fill(root, home)
    shutil.move(root / "b.py", root.with_name("b.py"))
    fill(root, home)
    drop_unused_vectors(home, day=DAY)
    shutil.move(root.with_name("b.py"), root / "b.py")
    assert fill(root, home) == []
    assert drop_unused_vectors(home, day=DAY + UNUSED_DAYS) == 0
    (root / "b.py").unlink()
    fill(root, home)
    assert drop_unused_vectors(home, day=DAY + UNUSED_DAYS) == 0
    check(home, kept=3)


def test_vector_that_another_root_uses_is_kept(root: Path, home: Home, tmp_path: Path) -> None:
    fill(root, home)
    fill(lay_out(tmp_path / "other", "--- b.py\ndef two(): pass\n"), home)
    shutil.rmtree(home.index_of(root))
    drop_unused_vectors(home, day=DAY, unused_days=0)
    check(home, kept=1)


def test_too_large_a_cache_loses_what_was_unused_for_longest(root: Path, home: Home) -> None:
    fill(root, home)
    for day, name in enumerate(("a.py", "b.py")):
        (root / name).unlink()
        fill(root, home)
        assert drop_unused_vectors(home, day=DAY + day) == 0
    with contextlib.closing(open_vector_cache(home.vector_cache)) as cache:
        ((pages,),) = cache.rows("PRAGMA page_count")
    assert drop_unused_vectors(home, day=DAY + 2, most_bytes=pages * 4096 - 1) == 1
    assert fill(lay_out(root, "--- a.py\ndef one(): pass\n--- b.py\ndef two(): pass\n"), home) == ["one"]
    # What is used stays, however much it is.
    drop_unused_vectors(home, day=DAY + 3, most_bytes=1)
    check(home, kept=2)


def test_vectors_of_a_model_that_was_replaced_are_unused(root: Path, home: Home) -> None:
    fill(root, home)
    fill(root, home, identity="other")
    check(home, kept=6)
    assert drop_unused_vectors(home, day=DAY, unused_days=0) == 3
    assert fill(root, home, identity="other") == []


def test_index_that_cannot_be_read_may_use_everything(root: Path, home: Home, tmp_path: Path) -> None:
    fill(root, home)
    fill(lay_out(tmp_path / "other", "--- c.py\ndef four(): pass\n"), home)
    home.catalogue_of(root).write_bytes(b"no database" * 1000)
    with pytest.raises(IndexFailure):
        drop_unused_vectors(home, day=DAY, unused_days=0)
    check(home, kept=4)


def test_index_that_never_had_a_model_may_come_to_use_any(root: Path, home: Home, tmp_path: Path) -> None:
    fill(root, home)
    other = lay_out(tmp_path / "other", "--- b.py\ndef two(): pass\n")
    with CodeIndex(other, home) as index:
        list(index.scan())
    shutil.rmtree(home.index_of(root))
    assert drop_unused_vectors(home, day=DAY, unused_days=0) == 2
    assert fill(other, home) == []


def test_vectors_of_the_first_format_are_kept(root: Path, home: Home) -> None:
    fill(root, home)
    with sqlite3.connect(home.vector_cache) as database:
        database.executescript("DROP TABLE unused; PRAGMA user_version = 1;")
    database.close()
    assert fill(root, home) == []
    assert drop_unused_vectors(home, day=DAY, unused_days=0) == 0


def test_root_that_is_gone_is_known_by_its_index(root: Path, home: Home, tmp_path: Path) -> None:
    odd = lay_out(tmp_path / "caf\udce9", "--- c.py\ndef four(): pass\n")
    for each in (root, odd):
        fill(each, home)
        shutil.rmtree(each)
    fill(lay_out(tmp_path / "other", "--- c.py\ndef four(): pass\n"), home)
    found = {stored.folder: (stored.root, stored.is_gone) for stored in stored_indexes(home)}
    assert found == {
        home.index_of(root): (root, True),
        home.index_of(tmp_path / "other"): (tmp_path / "other", False),
        home.index_of(odd): (None, False),  # its name is no text: nobody can say
    }


def test_disk_use_is_that_of_the_files(root: Path, home: Home) -> None:
    fill(root, home)
    assert disk_bytes(home.index_of(root)) >= home.catalogue_of(root).stat().st_size
    assert cache_bytes(home) >= home.vector_cache.stat().st_size + home.extraction_cache.stat().st_size
    assert disk_bytes(home.folder / "nowhere") == 0


def test_oldest_extractions_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction_cache, "MAX_ROWS", 3)
    with contextlib.closing(open_extraction_cache(tmp_path / "cache.db")) as cache:
        for number in range(5):
            keep_extractions(cache, [(b"%d" % number, b"value")])
        assert [stored_extraction(cache, b"%d" % number) for number in range(5)] == [None, None] + [b"value"] * 3
