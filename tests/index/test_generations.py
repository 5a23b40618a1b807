"""Saved graphs: what is published loads, and nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.index import generations
from funcseek.index.catalogue import open_catalogue
from funcseek.index.vector_cache import open_vector_cache
from funcseek.index.vectors import Graph

if TYPE_CHECKING:
    from pathlib import Path

    from funcseek.index.store import Database

KEY = b"k" * generations.KEY_BYTES
DIMENSION = 16


@pytest.fixture
def catalogue(tmp_path: Path) -> Database:
    open_vector_cache(tmp_path / "vectors.db").close()
    return open_catalogue(tmp_path / "catalogue.db", tmp_path / "vectors.db")


def published(folder: Path, catalogue: Database, *, count: int = 300) -> Graph:
    rows = np.random.default_rng(0).standard_normal((count, DIMENSION)).astype(np.float32)
    graph = Graph(DIMENSION)
    graph.add(range(count), rows / np.linalg.norm(rows, axis=1, keepdims=True))
    graph.mark(5, alive=False)
    generations.publish(graph, folder, catalogue, key=KEY, model="m")
    return graph


def loaded(folder: Path, catalogue: Database, *, key: bytes = KEY, model: str = "m") -> Graph | None:
    return generations.load(folder, catalogue, key=key, model=model, dimension=DIMENSION)


def test_published_graph_is_loaded_with_its_marks(tmp_path: Path, catalogue: Database) -> None:
    graph = published(tmp_path / "graph", catalogue)
    found = loaded(tmp_path / "graph", catalogue)
    assert found is not None
    assert (found.labels, found.dead) == (graph.labels, frozenset({5}))


def test_nothing_is_loaded_where_nothing_was_published(tmp_path: Path, catalogue: Database) -> None:
    assert loaded(tmp_path / "graph", catalogue) is None


@pytest.mark.parametrize("offset", [0, 40, 200, 5000, -1])
def test_single_flipped_bit_is_refused(tmp_path: Path, catalogue: Database, offset: int) -> None:
    published(tmp_path / "graph", catalogue)
    (file,) = (tmp_path / "graph").iterdir()
    content = bytearray(file.read_bytes())
    content[offset] ^= 4
    file.write_bytes(content)
    assert loaded(tmp_path / "graph", catalogue) is None


def test_truncated_and_missing_files_are_refused(tmp_path: Path, catalogue: Database) -> None:
    published(tmp_path / "graph", catalogue)
    (file,) = (tmp_path / "graph").iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert loaded(tmp_path / "graph", catalogue) is None
    file.unlink()
    assert loaded(tmp_path / "graph", catalogue) is None


def test_graph_of_another_model_or_key_is_refused(tmp_path: Path, catalogue: Database) -> None:
    published(tmp_path / "graph", catalogue)
    assert loaded(tmp_path / "graph", catalogue, model="other") is None
    assert loaded(tmp_path / "graph", catalogue, key=b"x" * generations.KEY_BYTES) is None


def test_only_the_newest_generation_is_kept(tmp_path: Path, catalogue: Database) -> None:
    published(tmp_path / "graph", catalogue)
    (tmp_path / "graph" / "9.unfinished").write_bytes(b"left by a kill")
    published(tmp_path / "graph", catalogue)
    assert [path.name for path in (tmp_path / "graph").iterdir()] == ["2.hnsw"]


def test_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    key = generations.secret_key(tmp_path / "key")
    assert generations.secret_key(tmp_path / "key") == key
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
