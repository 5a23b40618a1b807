"""What an inspection finds of every kind of damage, that it finds nothing without, and what a repair leaves behind."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from funcseek.index.catalogue import open_catalogue
from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.errors import IndexBusy
from funcseek.index.generations import generations
from funcseek.index.inspection import (
    catalogue_fault,
    extractions_fault,
    graph_fault,
    repair_catalogue,
    repair_extractions,
    repair_graph,
    repair_vectors,
    vectors_fault,
)
from tests.index.killed import fill, source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FUNCTIONS, EXACT_LABELS, PAGE_BYTES = 300, 50, 4096


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("root")
    for start in range(0, FUNCTIONS, 50):
        (folder / f"file{start}.py").write_text(source(range(start, start + 50)))
    return folder


@pytest.fixture(scope="module")
def finished(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a finished index, for copies only."""
    folder = tmp_path_factory.mktemp("finished") / "home"
    embedded(root, Home(folder))
    return folder


@pytest.fixture
def home(tmp_path: Path, finished: Path) -> Home:
    return Home(shutil.copytree(finished, tmp_path / "home"))


def embedded(root: Path, home: Home) -> int:
    """Bring an index up to date and return how many functions were embedded for that."""
    with CodeIndex(root, home, exact_labels=EXACT_LABELS) as index:
        count = len(fill(index).embedded)
        assert index.coverage().embedded == FUNCTIONS
    return count


def check(root: Path, home: Home, *, faults: str = "") -> None:
    """Check which parts, of v(ectors), e(xtractions), c(atalogue) and g(raph), an inspection finds fault with."""
    looks: dict[str, Callable[[], str | None]] = {
        "v": lambda: vectors_fault(home),
        "e": lambda: extractions_fault(home),
        "c": lambda: catalogue_fault(home, root),
        "g": lambda: graph_fault(home, root),
    }
    found = {name: look() for name, look in looks.items() if faults in ("", name) or name not in "cg"}
    assert {name for name, fault in found.items() if fault} == set(faults), found


def flip(path: Path, *, first_page: int = 2, step: int = 3) -> None:
    data = bytearray(path.read_bytes())
    for page in range(first_page, len(data) // PAGE_BYTES, step):
        place = slice(page * PAGE_BYTES, page * PAGE_BYTES + 64)
        data[place] = bytes(byte ^ 0xFF for byte in data[place])
    path.write_bytes(data)


def test_whole_index_has_no_fault_beside_its_writer_either(root: Path, home: Home) -> None:
    check(root, home)
    with CodeIndex(root, home, exact_labels=EXACT_LABELS) as index:
        fill(index)
        check(root, home)


def test_damaged_vectors_are_found_and_those_that_can_be_read_kept(root: Path, home: Home) -> None:
    flip(home.vector_cache, first_page=10, step=9)
    check(root, home, faults="v")
    repair_vectors(home)
    assert embedded(root, home) < FUNCTIONS
    check(root, home)


def test_damaged_extractions_are_found_and_thrown_away(root: Path, home: Home) -> None:
    flip(home.extraction_cache)
    check(root, home, faults="e")
    repair_extractions(home)
    embedded(root, home)
    check(root, home)


def test_damaged_catalogue_is_found_and_built_anew_without_embedding(root: Path, home: Home) -> None:
    flip(home.catalogue_of(root))
    check(root, home, faults="c")
    repair_catalogue(home, root)
    assert embedded(root, home) == 0
    check(root, home)


def test_index_of_a_table_that_lost_rows_is_found(root: Path, home: Home) -> None:
    """What no check of structure finds."""
    database = sqlite3.connect(home.catalogue_of(root))
    database.execute("PRAGMA writable_schema=ON")
    database.execute("UPDATE sqlite_schema SET sql = sql || ' WHERE id > 5' WHERE name = 'function_file'")
    database.commit()
    database.close()
    check(root, home, faults="c")


@pytest.mark.parametrize("how", ["flipped", "cut", "gone"])
def test_damaged_graph_is_found_and_built_anew_without_embedding(root: Path, home: Home, how: str) -> None:
    (path,) = home.graphs_of(root).glob("*.links")
    data = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(data[: len(data) // 2] if how == "cut" else data[:-1] + bytes([data[-1] ^ 1]))
    check(root, home, faults="g")
    repair_graph(home, root, exact_labels=EXACT_LABELS)
    check(root, home)
    with contextlib.closing(open_catalogue(home.catalogue_of(root), home.vector_cache)) as catalogue:
        assert [one.labels for one in generations(catalogue)] == [FUNCTIONS]
    assert embedded(root, home) == 0


def test_graph_without_a_function_of_its_catalogue_is_found(root: Path, home: Home) -> None:
    with sqlite3.connect(home.catalogue_of(root)) as database:
        database.execute("UPDATE passage SET functions = 0 WHERE label = 7")
    database.close()
    check(root, home, faults="g")


@pytest.mark.parametrize("repair", [repair_catalogue, repair_graph])
def test_repair_leaves_the_index_to_its_writer(root: Path, home: Home, repair: Callable[[Home, Path], None]) -> None:
    with CodeIndex(root, home), pytest.raises(IndexBusy, match="Another funcseek"):
        repair(home, root)
    check(root, home)
