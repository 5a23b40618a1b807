"""The change log: complete, in order, and no longer than it must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.index.catalogue import FileRecord, disown_vectors, open_catalogue, pending_passages, settle_passages
from funcseek.index.change_log import changes_after, last_change, prune_changes, reaches_back
from funcseek.index.entries import Entry, texts_of
from funcseek.index.errors import IndexFailure
from funcseek.index.replacement import remove_file, replace_file
from funcseek.index.vector_cache import keep_vectors, model_number, open_vector_cache
from funcseek.parsers import extract, language_named

if TYPE_CHECKING:
    from pathlib import Path

    from funcseek.index.store import Database


@pytest.fixture
def cache(tmp_path: Path) -> Database:
    return open_vector_cache(tmp_path / "vectors.db")


@pytest.fixture
def catalogue(tmp_path: Path, cache: Database) -> Database:
    return open_catalogue(tmp_path / "catalogue.db", cache.path)


def store(catalogue: Database, path: str, *names: str, model: int) -> None:
    source = "".join(f"def {name}():\n    return '{name}'\n\n" for name in names).encode()
    language = language_named("python")
    assert language is not None
    extraction = extract(source, language)
    record = FileRecord(path, 1, 2, 3, 4, path.encode(), "python", None)
    entries = tuple(map(Entry, extraction.functions, texts_of(extraction, path)))
    with catalogue.transaction():
        replace_file(catalogue, record, entries, model=model)


def embed(catalogue: Database, cache: Database, model: int) -> None:
    batch = pending_passages(catalogue, 100)
    keep_vectors(cache, model, [(digest, np.full(4, 0.5, np.float32)) for _, digest, _ in batch])
    settle_passages(catalogue, [label for label, _, _ in batch])


def check(catalogue: Database, after: int, labels: set[int]) -> int:
    """Exactly these labels were logged after a sequence number, once each; return the newest number."""
    logged = [label for _, label in changes_after(catalogue, after, count=1000)]
    assert sorted(logged) == sorted(labels)
    return last_change(catalogue)


def labels_of(catalogue: Database, *names: str) -> set[int]:
    return {catalogue.rows("SELECT label FROM function WHERE name = ?", (name,))[0][0] for name in names}


def test_every_kind_of_change_is_logged_and_nothing_else(catalogue: Database, cache: Database) -> None:
    model = model_number(cache, "m")
    store(catalogue, "a.py", "kept", "old", model=model)
    at = check(catalogue, 0, set())  # nobody can search them by meaning yet
    kept, old = labels_of(catalogue, "kept"), labels_of(catalogue, "old")
    embed(catalogue, cache, model)
    at = check(catalogue, at, kept | old)
    store(catalogue, "a.py", "kept", "old", model=model)
    at = check(catalogue, at, set())
    store(catalogue, "a.py", "kept", "new", model=model)
    at = check(catalogue, at, old)
    store(catalogue, "b/a.py", "old", model=model)  # its vector is in the cache
    at = check(catalogue, at, old)
    with catalogue.transaction():
        remove_file(catalogue, "a.py")
    at = check(catalogue, at, kept)
    disown_vectors(catalogue, model_number(cache, "other"))
    check(catalogue, at, old)


def test_rolled_back_change_leaves_no_row_and_no_gap(catalogue: Database, cache: Database) -> None:
    model = model_number(cache, "m")
    store(catalogue, "a.py", "f", model=model)
    embed(catalogue, cache, model)
    before = last_change(catalogue)
    with pytest.raises(IndexFailure, match="syntax"):
        remove_and_fail(catalogue, "a.py")
    assert last_change(catalogue) == before
    with catalogue.transaction():
        remove_file(catalogue, "a.py")
    assert [number for number, _ in changes_after(catalogue, before, count=9)] == [before + 1]


def remove_and_fail(catalogue: Database, path: str) -> None:
    with catalogue.transaction():
        remove_file(catalogue, path)
        catalogue.rows("no statement")


def test_follower_behind_a_pruned_log_is_told(catalogue: Database, cache: Database) -> None:
    model = model_number(cache, "m")
    store(catalogue, "a.py", "f", "g", "h", model=model)
    embed(catalogue, cache, model)
    assert reaches_back(catalogue, 0)
    prune_changes(catalogue, contained=2)
    assert [reaches_back(catalogue, at) for at in (0, 1, 2, 3)] == [False, False, True, True]
    assert not reaches_back(catalogue, 4)  # of a catalogue that is no more
    prune_changes(catalogue, contained=3)
    assert [reaches_back(catalogue, at) for at in (2, 3)] == [False, True]
