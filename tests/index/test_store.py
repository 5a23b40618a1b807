"""SQLite errors as ours."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from funcseek.index.errors import IndexDamaged, IndexFailure, IndexTooNew, StorageFailure
from funcseek.index.store import Database

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "CREATE TABLE note (text TEXT)"


def opened(path: Path, *, version: int = 2) -> Database:
    return Database(path, schema=SCHEMA, version=version)


def test_commit_survives_reopening(tmp_path: Path) -> None:
    database = opened(tmp_path / "a.db")
    with database.transaction():
        database.rows("INSERT INTO note VALUES ('kept')")
    database.close()
    assert opened(tmp_path / "a.db").rows("SELECT text FROM note") == [("kept",)]


def test_failed_transaction_changes_nothing(tmp_path: Path) -> None:
    database = opened(tmp_path / "a.db")
    with pytest.raises(IndexFailure), database.transaction():
        database.many("INSERT INTO note VALUES (?)", [("lost",), ("too", "many")])
    assert database.rows("SELECT text FROM note") == []


def test_snapshot_does_not_see_later_commits(tmp_path: Path) -> None:
    writer, reader = opened(tmp_path / "a.db"), opened(tmp_path / "a.db")
    with reader.snapshot():
        assert reader.rows("SELECT COUNT(*) FROM note") == [(0,)]
        writer.rows("INSERT INTO note VALUES ('new')")
        assert reader.rows("SELECT COUNT(*) FROM note") == [(0,)]
    assert reader.rows("SELECT COUNT(*) FROM note") == [(1,)]


def test_room_of_what_was_deleted_goes_back_to_the_disk_step_by_step(tmp_path: Path) -> None:
    database = opened(tmp_path / "a.db")
    with database.transaction():
        database.many("INSERT INTO note VALUES (?)", [("x" * 3000,)] * 2000)
    assert not database.shrink()
    with database.transaction():
        database.rows("DELETE FROM note WHERE rowid > 100")
    steps = 0
    while database.shrink():
        steps += 1
    assert steps > 2
    database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    assert (tmp_path / "a.db").stat().st_size < 1_000_000
    assert database.rows("SELECT COUNT(*) FROM note") == [(100,)]
    assert database.fault() is None


def test_database_that_never_gives_room_back_is_left_as_it_is(tmp_path: Path) -> None:
    older = sqlite3.connect(tmp_path / "a.db")
    older.executescript(f"{SCHEMA}; PRAGMA user_version=2")
    older.executemany("INSERT INTO note VALUES (?)", [("x" * 3000,)] * 2000)
    older.execute("DELETE FROM note")
    older.commit()
    older.close()
    assert not opened(tmp_path / "a.db").shrink()


def test_files_are_private_to_their_owner(tmp_path: Path) -> None:
    opened(tmp_path / "new" / "a.db")
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "new").iterdir())


def test_newer_format_is_refused_and_older_is_damaged(tmp_path: Path) -> None:
    opened(tmp_path / "a.db", version=2).close()
    with pytest.raises(IndexTooNew, match="update funcseek"):
        opened(tmp_path / "a.db", version=1)
    with pytest.raises(IndexDamaged):
        opened(tmp_path / "a.db", version=3)


def test_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"this is no database at all, " * 50)
    with pytest.raises(IndexDamaged):
        opened(tmp_path / "a.db")


def test_flipped_page_is_found_by_the_check(tmp_path: Path) -> None:
    database = opened(tmp_path / "a.db")
    database.many("INSERT INTO note VALUES (?)", [("x" * 500,) for _ in range(200)])
    assert database.is_sound()
    database.close()
    content = bytearray((tmp_path / "a.db").read_bytes())
    content[8192:8292] = b"\xff" * 100
    (tmp_path / "a.db").write_bytes(content)
    assert not opened(tmp_path / "a.db").is_sound()


def test_full_disk_says_so_and_keeps_what_was_committed(tmp_path: Path) -> None:
    database = opened(tmp_path / "a.db")
    database.rows("INSERT INTO note VALUES ('kept')")
    database.rows("PRAGMA max_page_count = 4")  # SQLite's own way to run out of disk
    with pytest.raises(StorageFailure, match="full"), database.transaction():
        database.many("INSERT INTO note VALUES (?)", [("x" * 5000,) for _ in range(20)])
    assert database.rows("SELECT text FROM note") == [("kept",)]


def test_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailure, match="writable"):
        opened(tmp_path / "file" / "a.db")


def test_another_process_that_comes_and_goes_takes_nothing_along(tmp_path: Path) -> None:
    first = opened(tmp_path / "a.db")
    opened(tmp_path / "a.db").close()
    visit = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM note').fetchall()"
    subprocess.run([sys.executable, "-c", visit, tmp_path / "a.db"], check=True)
    first.rows("INSERT INTO note VALUES ('kept')")
    assert opened(tmp_path / "a.db").rows("SELECT text FROM note") == [("kept",)]
