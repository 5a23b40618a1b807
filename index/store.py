"""SQLite as this project uses it: opening, locking, transactions, and its errors as ours. The only importer of sqlite3.

Knows no table; ``catalogue`` and ``vector_cache`` hold the schemas. Files are private to the user, in WAL mode with
full synchronisation: what a commit acknowledged survives a kill at any instant.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .errors import IndexDamaged, IndexFailure, IndexTooNew, StorageFailure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

SQLITE_VERSION = sqlite3.sqlite_version
# How long a connection waits for another's short transaction before it gives up.
BUSY_TIMEOUT_SECONDS = 10.0

Row = tuple[Any, ...]

# No statement of ours breaks a constraint of a table and index that agree.
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CONSTRAINT)
_DISK = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
# SQLite tells of a full disk in other words where the files beside the database cannot grow.
LEAST_FREE_BYTES = 1 << 20
# Python's own complaint, without a code, about a text that no longer is what was written.
_UNDECODABLE = "Could not decode to UTF-8"


# Free pages that are kept for what comes next, at least and in share; and those given back in one step, which takes
# some milliseconds.
LEAST_FREE_PAGES, MOST_FREE_SHARE, PAGES_PER_STEP = 64, 0.05, 256
# What a connection keeps of a second database, that of the vectors, which are read here and there out of a file many
# times as large: SQLite's own 2 MB for each connection were 9 MB of a service that four asked at once, no faster.
ATTACHED_KIB = 256
# What is one of the numbers of a parameter that `listed` made. Written out they would make every statement another one,
# which is prepared anew and kept: 37 statements with 4,096 numbers each held 25 MB.
AMONG = "IN (SELECT value FROM json_each(?))"


def listed(numbers: Iterable[int]) -> str:
    """Return numbers as one parameter of a statement."""
    return f"[{','.join(str(int(number)) for number in numbers)}]"


class Database:
    """One connection to one SQLite file. Used by one thread at a time; every error it raises is ours."""

    def __init__(
        self,
        path: Path,
        *,
        schema: str,
        version: int,
        upgrades: Mapping[int, str] = MappingProxyType({}),
        is_durable: bool = True,
        is_in_memory: bool = False,
    ) -> None:
        """Open or create the file and bring an empty one to ``schema``.

        ``upgrades`` holds the statements that lead from a version to the next one.
        One that is not durable may lose its last commits with the machine's power, never its order. One in memory has
        no file, and its path is only a name.
        Raises IndexTooNew for a higher version, IndexDamaged for one that no upgrade leads from or a file that is no
        database, StorageFailure where the disk refuses.
        """
        self.path = path
        self.is_damaged = False
        place: Path | str = ":memory:" if is_in_memory else path
        try:
            if not is_in_memory:
                with _refusals(path):
                    _create_private(path)
            self._connection = sqlite3.connect(
                place, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
            )
        except sqlite3.DatabaseError as error:
            raise _ours(path, error) from error
        self._file = _identity(path)
        try:
            self._set_up("FULL" if is_durable else "NORMAL")
            self._prepare(schema, version, upgrades)
        except IndexFailure:
            self.close()
            raise

    def _set_up(self, synchronous: str) -> None:
        # Before anything else is written; into one that is there, which may be a newer program's, it would write.
        if not self.rows("PRAGMA main.page_count")[0][0]:
            self.rows("PRAGMA auto_vacuum=INCREMENTAL")
        self.rows("PRAGMA journal_mode=WAL")
        for pragma in (f"synchronous={synchronous}", "trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
            self.rows(f"PRAGMA {pragma}")

    def _prepare(self, schema: str, version: int, upgrades: Mapping[int, str]) -> None:
        found = self._version()
        if found == 0:
            self._bring(schema, 0, version)
        while found in upgrades:
            self._bring(upgrades[found], found, found + 1)
            found = self._version()
        if found > version:
            raise IndexTooNew(
                f"{self.path} was written by a newer funcseek (format {found}); update funcseek to use it."
            )
        if 0 < found < version:
            raise IndexDamaged(f"{self.path} has the old format {found}; it is built anew.")

    def _bring(self, statements: str, found: int, version: int) -> None:
        """Lead from one version to another, unless somebody else just did."""
        with self.transaction():
            if self._version() == found:
                for statement in statements.split(";\n"):
                    self.rows(statement)
                self.rows(f"PRAGMA user_version={version:d}")

    def _version(self) -> int:
        return int(self.rows("PRAGMA user_version")[0][0])

    def attach(self, path: Path, name: str) -> None:
        """Make the tables of a second database reachable as ``name.table``."""
        self.rows(f"ATTACH DATABASE ? AS {name}", (str(path),))
        self.rows(f"PRAGMA {name}.cache_size={-ATTACHED_KIB:d}")

    def detach(self, name: str) -> None:
        """Let go of a second database."""
        self.rows(f"DETACH DATABASE {name}")

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Run one statement and return all its rows."""
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._ours(error) from error

    def many(self, sql: str, parameters: Iterable[Sequence[object]]) -> None:
        """Run one statement for each set of parameters."""
        try:
            self._connection.executemany(sql, parameters)
        except sqlite3.DatabaseError as error:
            raise self._ours(error) from error

    def _ours(self, error: sqlite3.DatabaseError) -> IndexFailure:
        """Return the error as ours and remember damage, which may also be that of an attached database."""
        ours = _ours(self.path, error)
        self.is_damaged |= isinstance(ours, IndexDamaged)
        return ours

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the write lock; commit at the end, roll back on any error."""
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one committed state for as long as the block lasts."""
        self.rows("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    def _roll_back(self) -> None:
        # SQLite may have rolled back by itself, as it does when the disk is full.
        if self._connection.in_transaction:
            self.rows("ROLLBACK")

    def is_sound(self) -> bool:
        """Check the structure of every page, not of attached databases; costs a read of the whole file."""
        try:
            return self.rows("PRAGMA main.quick_check(1)") == [("ok",)]
        except IndexDamaged:
            return False

    def fault(self) -> str | None:
        """Say what is wrong with any page or index, None where nothing is; takes far longer than `is_sound`."""
        try:
            (found,) = self.rows("PRAGMA main.integrity_check(1)")[0]
        except IndexDamaged as error:
            return str(error)
        return None if found == "ok" else f"{self.path} is damaged ({found})"

    @property
    def is_replaced(self) -> bool:
        """Whether another file, or none, is where this one was opened: what is written here is lost to others."""
        return self._file != _identity(self.path)

    def compact(self) -> None:
        """Give the room of what was deleted back to the disk; raises IndexFailure while others use the database."""
        self.rows("VACUUM")
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def shrink(self) -> bool:
        """Give some free pages back to the disk where there are many; say whether it did.

        Not for databases of before there was such a setting: `compact` is.
        """
        free, pages = (int(self.rows(f"PRAGMA main.{name}")[0][0]) for name in ("freelist_count", "page_count"))
        if free <= max(LEAST_FREE_PAGES, MOST_FREE_SHARE * pages):
            return False
        self.rows(f"PRAGMA main.incremental_vacuum({PAGES_PER_STEP})")
        return int(self.rows("PRAGMA main.freelist_count")[0][0]) < free

    def give_memory_back(self) -> None:
        """Forget pages that were read: those of a long work, which nothing reads again."""
        self.rows("PRAGMA shrink_memory")

    def close(self) -> None:
        """Close the connection; closing twice is harmless."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()


def remove_database(path: Path) -> None:
    """Delete a database and the files SQLite keeps beside it; one that is not there is no error.

    Raises StorageFailure.
    """
    with _refusals(path):
        path.unlink(missing_ok=True)
        _remove_log(path)


def replace_database(path: Path, other: Path) -> None:
    """Put another, closed database in the place of one; raises StorageFailure."""
    with _refusals(path):
        # First: a log is known by its name only and would be applied to the other one.
        _remove_log(path)
        other.replace(path)


def _remove_log(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextlib.contextmanager
def _refusals(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageFailure(f"Cannot use {path}: {error.strerror}; make its folder writable for you.") from error


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _create_private(path: Path) -> None:
    """Create the file for its owner only, before SQLite would create it for everybody the umask lets in.

    One that is there is never opened: closing it again would drop the locks that this process's other connections hold
    on it, and the next process to leave would take itself for the last one and delete the log they write to.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if path.stat().st_uid != os.geteuid():
            raise StorageFailure(f"{path} belongs to another user; delete it, and what it held is made anew.") from None


def _is_full(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return shutil.disk_usage(path.parent).free < LEAST_FREE_BYTES
    return False


def _ours(path: Path, error: sqlite3.DatabaseError) -> IndexFailure:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _DAMAGE or _UNDECODABLE in str(error):
        return IndexDamaged(f"{path} is damaged ({error}); it is built anew.")
    if code == sqlite3.SQLITE_FULL or (code in _DISK and _is_full(path)):
        return StorageFailure(f"The disk that holds {path} is full; free some space and it goes on by itself.")
    if code == sqlite3.SQLITE_READONLY or (code in _DISK and not os.access(path.parent, os.W_OK)):
        return StorageFailure(f"{path} cannot be written; make it and its folder writable for you.")
    if code in _DISK:
        return StorageFailure(f"The disk failed under {path} ({error}); check the disk and its permissions.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return IndexFailure(f"{path} is held by another process for over {BUSY_TIMEOUT_SECONDS:.0f} s; try again.")
    return IndexFailure(f"{path} could not be used: {error}.")
