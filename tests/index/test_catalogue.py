"""The truth about files, functions and passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from funcseek.index.catalogue import (
    Coverage,
    FileRecord,
    coverage,
    disown_vectors,
    forget_contents,
    known_files,
    live_labels,
    open_catalogue,
    own_vectors,
    pending_passages,
    settle_passages,
    vectors_of,
    wasted_words,
)
from funcseek.index.entries import Entry, texts_of
from funcseek.index.replacement import remove_file, replace_file
from funcseek.index.vector_cache import as_rows, keep_vectors, model_number, open_vector_cache
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


def entries(*names: str) -> tuple[Entry, ...]:
    source = "".join(f"def {name}():\n    return '{name}'\n\n" for name in names).encode()
    language = language_named("python")
    assert language is not None
    extraction = extract(source, language)
    return tuple(map(Entry, extraction.functions, texts_of(extraction, "a.py")))


def store(catalogue: Database, path: str, *names: str, model: int = 0) -> set[int]:
    record = FileRecord(path, 1, 2, 3, 4, path.encode("utf-8", "surrogateescape"), "python", None)
    with catalogue.transaction():
        return replace_file(catalogue, record, entries(*names), model=model)


def embed(catalogue: Database, cache: Database, model: int) -> None:
    batch = pending_passages(catalogue, 100)
    keep_vectors(cache, model, [(digest, np.full(4, 0.5, np.float32)) for _, digest, _ in batch])
    settle_passages(catalogue, [label for label, _, _ in batch])


def test_replaced_file_holds_only_its_new_functions(catalogue: Database) -> None:
    store(catalogue, "a.py", "old", "kept")
    store(catalogue, "a.py", "kept", "new")
    assert catalogue.rows("SELECT name FROM function ORDER BY name") == [("kept",), ("new",)]
    assert coverage(catalogue) == Coverage(2, 0, 1, waiting=2)


def test_same_passage_in_two_files_has_one_label(catalogue: Database) -> None:
    assert store(catalogue, "a.py", "f") == store(catalogue, "b.py", "f")
    with catalogue.transaction():
        remove_file(catalogue, "a.py")
    assert len(live_labels(catalogue)) == 1


def test_label_comes_back_after_an_undo(catalogue: Database) -> None:
    before = store(catalogue, "a.py", "f")
    after = store(catalogue, "a.py", "g")
    assert live_labels(catalogue) == after - before
    assert store(catalogue, "a.py", "f") >= before


def test_passage_with_a_cached_vector_does_not_wait(catalogue: Database, cache: Database) -> None:
    model = model_number(cache, "m")
    store(catalogue, "a.py", "f", model=model)
    embed(catalogue, cache, model)
    store(catalogue, "b.py", "f", "g", model=model)
    assert ["g" in text for _, _, text in pending_passages(catalogue, 10)] == [True]


@pytest.mark.parametrize("how", ["embedded", "stored again", "owned"])
def test_text_is_kept_only_while_it_waits(catalogue: Database, cache: Database, how: str) -> None:
    model = model_number(cache, "m")
    store(catalogue, "a.py", "f", model=model)
    assert len(catalogue.rows("SELECT text FROM waiting")) == 1
    if how == "embedded":
        embed(catalogue, cache, model)
    else:  # another root has embedded it
        ((digest,),) = catalogue.rows("SELECT digest FROM passage")
        keep_vectors(cache, model, [(digest, np.full(4, 0.5, np.float32))])
    if how == "stored again":
        store(catalogue, "b.py", "f", model=model)
    elif how == "owned":
        own_vectors(catalogue, model)
    assert catalogue.rows("SELECT text FROM waiting") == []
    assert coverage(catalogue).waiting == 0


def test_newest_passages_are_embedded_first(catalogue: Database) -> None:
    store(catalogue, "a.py", "first", "second")
    store(catalogue, "b.py", "third")
    assert [text.split()[0] for _, _, text in pending_passages(catalogue, 2)] == ["third", "second"]


def test_vectors_are_read_back_for_live_labels_only(catalogue: Database, cache: Database) -> None:
    model = model_number(cache, "m")
    labels = store(catalogue, "a.py", "f", "g", model=model)
    embed(catalogue, cache, model)
    found = vectors_of(catalogue, model, labels)
    assert {label for label, _ in found} == labels
    assert np.allclose(as_rows([value for _, value in found], 4), 0.5)
    store(catalogue, "a.py", "f", model=model)
    assert len(vectors_of(catalogue, model, labels)) == 1


def test_other_model_disowns_every_vector(catalogue: Database, cache: Database) -> None:
    model = model_number(cache, "m")
    store(catalogue, "a.py", "f", model=model)
    embed(catalogue, cache, model)
    assert disown_vectors(catalogue, model) == 0
    assert disown_vectors(catalogue, model_number(cache, "other")) == 1
    assert coverage(catalogue).embedded == 0
    assert pending_passages(catalogue, 10) == []  # until the file is read again


def test_forgotten_contents_count_as_changed(catalogue: Database) -> None:
    store(catalogue, "a.py", "f")
    forget_contents(catalogue)
    _, _, mtime_ns, *_, digest = known_files(catalogue)["a.py"]
    assert (digest, mtime_ns) == (b"", -1)


def test_path_that_is_no_utf8_is_kept_exactly(catalogue: Database) -> None:
    store(catalogue, "caf\udce9.py", "f")
    assert list(known_files(catalogue)) == ["caf\udce9.py"]


def test_words_of_removed_functions_are_counted_as_waste(catalogue: Database) -> None:
    store(catalogue, "a.py", "f", "g")
    assert wasted_words(catalogue) == 0.0
    store(catalogue, "a.py", "h", "i")
    assert wasted_words(catalogue) == 0.5


def test_function_whose_words_are_the_same_keeps_its_row(catalogue: Database) -> None:
    store(catalogue, "a.py", "f", "g", "g")
    before = catalogue.rows("SELECT name, id FROM function ORDER BY id")
    store(catalogue, "a.py", "new", "g", "f", "g")
    assert sorted(catalogue.rows("SELECT name, id FROM function WHERE name <> 'new' ORDER BY id")) == sorted(before)
    assert wasted_words(catalogue) == 0.0
