"""Databases that are damaged, of another version or half gone: mended or said in a sentence, and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import random
import select
import shutil
import signal
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funcseek.index.code_index import CodeIndex, Home, search
from funcseek.index.errors import IndexDamaged, IndexFailure, IndexTooNew
from funcseek.index.hits import Query
from funcseek.index.vector_cache import copy_readable, open_vector_cache
from tests.index.killed import WordEmbedder, described, fill, source

if TYPE_CHECKING:
    from collections.abc import Iterator

FUNCTIONS = 400
PAGE_BYTES = 4096
PATIENCE_SECONDS = 60.0
DATABASES = ("catalogue.db", "vectors.db", "extractions.db")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    for start in range(0, FUNCTIONS, 20):
        (tmp_path / "root" / f"file{start}.py").write_text(source(range(start, start + 20)))
    return tmp_path / "root"


@pytest.fixture
def home(tmp_path: Path, root: Path) -> Home:
    """Return a home with a finished index."""
    home = Home(tmp_path / "home")
    with CodeIndex(root, home, exact_labels=50) as index:
        fill(index)
    return home


def use(root: Path, home: Home) -> WordEmbedder:
    """Bring an index up to date, opening it anew for as long as it says that it is damaged: as the service does."""
    for _ in range(3):
        with contextlib.suppress(IndexDamaged), CodeIndex(root, home, exact_labels=50) as index:
            embedder = fill(index)
            check(index)
            return embedder
    pytest.fail("it stays damaged")


def check(index: CodeIndex) -> None:
    """Every function is there, and is found by its name and by what it does."""
    coverage = index.coverage()
    assert (coverage.functions, coverage.embedded) == (FUNCTIONS, FUNCTIONS)
    with contextlib.closing(index.reader()) as reader:
        for number in range(0, FUNCTIONS, 7):
            for text in (f"f{number}", described(number)):
                assert search([(reader, "")], Query(text, limit=1)).hits[0].function.name == f"f{number}"


def path_of(name: str, root: Path, home: Home) -> Path:
    return (home.index_of(root) if name == "catalogue.db" else home.folder) / name


def flip_page(path: Path, page: int) -> None:
    data = bytearray(path.read_bytes())
    place = slice(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
    data[place] = bytes(byte ^ 0xFF for byte in data[place])
    path.write_bytes(data)


@pytest.mark.parametrize("name", DATABASES)
@pytest.mark.parametrize("seed", range(2))
def test_flipped_page_is_mended_at_the_next_opening(root: Path, home: Home, name: str, seed: int) -> None:
    path = path_of(name, root, home)
    flip_page(path, random.Random(seed).randrange(1, path.stat().st_size // PAGE_BYTES))
    use(root, home)
    use(root, home)


def test_flipped_page_of_the_vectors_costs_those_near_it_and_no_others(root: Path, home: Home) -> None:
    with sqlite3.connect(home.vector_cache) as database:
        ((page,),) = database.execute("SELECT pageno FROM dbstat WHERE name = 'vector' AND pagetype = 'leaf' LIMIT 1")
    database.close()
    flip_page(home.vector_cache, page - 1)
    assert 0 < len(use(root, home).embedded) < FUNCTIONS // 2
    assert use(root, home).embedded == []


def test_copy_of_a_whole_cache_is_whole(home: Home, tmp_path: Path) -> None:
    with (
        contextlib.closing(open_vector_cache(home.vector_cache)) as source,
        contextlib.closing(open_vector_cache(tmp_path / "copy.db")) as target,
    ):
        assert copy_readable(source, target) == FUNCTIONS
        select = "SELECT identity, digest, value FROM vector JOIN model ON model.id = model ORDER BY digest"
        assert source.rows(select) == target.rows(select)


def test_damage_that_a_search_meets_is_mended_by_the_writer(root: Path, home: Home) -> None:
    with CodeIndex(root, home, exact_labels=50) as index:
        path = home.catalogue_of(root)
        for page in range(2, path.stat().st_size // PAGE_BYTES):
            flip_page(path, page)
        with contextlib.closing(index.reader()) as reader, pytest.raises(IndexDamaged, match="built anew"):
            search([(reader, "")], Query("f1"))
        with pytest.raises(IndexDamaged, match="built anew"):
            index.tend()
    assert use(root, home).embedded == []
    index.close()  # closed long ago: it mends nothing more
    with CodeIndex(root, home) as index:
        check(index)


def test_two_roots_that_meet_the_same_damage_are_both_mended(root: Path, home: Home, tmp_path: Path) -> None:
    other = shutil.copytree(root, tmp_path / "other")
    assert use(other, home).embedded == []
    with CodeIndex(root, home) as one, CodeIndex(other, home) as two:
        for page in range(2, home.vector_cache.stat().st_size // PAGE_BYTES):
            flip_page(home.vector_cache, page)
        for index in (one, two):
            with pytest.raises(IndexDamaged):
                fill(index)
    use(root, home)
    assert use(other, home).embedded == []


def test_writer_whose_vectors_were_replaced_by_another_opens_them_anew(root: Path, home: Home) -> None:
    with CodeIndex(root, home) as index:
        home.vector_cache.rename(home.folder / "elsewhere")
        with pytest.raises(IndexFailure, match="opened anew"):
            fill(index)
    use(root, home)


@pytest.mark.parametrize("name", DATABASES)
def test_database_of_a_newer_version_is_left_as_it_is(root: Path, home: Home, name: str) -> None:
    path = path_of(name, root, home)
    whole = path.read_bytes()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    before = path.read_bytes()
    with pytest.raises(IndexTooNew, match="update funcseek"):
        CodeIndex(root, home)
    assert path.read_bytes() == before
    path.write_bytes(whole)
    assert use(root, home).embedded == []


@pytest.mark.parametrize("name", DATABASES)
def test_log_of_a_database_that_is_deleted_after_a_kill_costs_no_function(root: Path, home: Home, name: str) -> None:
    reading, writing = os.pipe()
    if not (killed := os.fork()):
        with CodeIndex(root, home) as index:
            (root / "late.py").write_text("def late():\n    pass\n")
            for path in root.glob("file1*.py"):
                path.write_text(path.read_text() + "\n")
            fill(index)
            os.write(writing, b"!")
            signal.pause()
    os.read(reading, 1)
    with workers_outlived(killed):
        os.kill(killed, signal.SIGKILL)
        os.waitpid(killed, 0)
    (root / "late.py").unlink()
    path = path_of(name, root, home)
    # The last worker to leave may have put the log of theirs into the database.
    path.with_name(f"{name}-wal").unlink(missing_ok=name == "extractions.db")
    use(root, home)


@contextlib.contextmanager
def workers_outlived(process: int) -> Iterator[None]:
    """Wait at the end for what the process had started: a log deleted under a living worker fails its next reader."""
    threads = Path(f"/proc/{process}/task").glob("*/children")
    children = [child for thread in threads for child in thread.read_text().split()]
    assert children, "it has no workers"
    with contextlib.ExitStack() as opened:
        ends = [opened.enter_context(os.fdopen(os.pidfd_open(int(child)))) for child in children]
        yield
        for end in ends:
            assert select.select([end], [], [], PATIENCE_SECONDS)[0], "a worker outlived its parent"


def test_files_from_the_future_are_read_once_and_again_when_they_change(root: Path, home: Home) -> None:
    """A clock that was set back leaves files with times that are still to come."""
    times = (2_000_000_000, 2_000_000_000)
    for path in root.iterdir():
        os.utime(path, times)
    with CodeIndex(root, home) as index:
        fill(index)
        assert fill_count(index) == 0
        text = (root / "file20.py").read_text()
        (root / "file20.py").write_text(text.replace("def f20", "def g20"))
        os.utime(root / "file20.py", times)
        assert fill_count(index) == 1


def fill_count(index: CodeIndex) -> int:
    return sum(commit.changed_files for commit in index.scan())
