"""Saved graphs: what is published loads, nothing else does, and the one before serves where the newest is damaged."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from funcseek.index.change_log import changes_after, last_change
from funcseek.index.errors import StorageFailure
from funcseek.index.generations import KEPT, Shelf, generations
from funcseek.index.keys import KEY_BYTES, secret_key
from funcseek.index.vectors import Graph
from tests.index.corpus import Corpus
from tests.index.vector_sets import unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DIMENSION = 16


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    corpus = Corpus(tmp_path, dimension=DIMENSION)
    corpus.write("a", range(10))
    return corpus


def publish(corpus: Corpus, *, count: int, model: str = "m") -> int:
    """Publish a graph of ``count`` labels at the catalogue's last change and return its sequence number."""
    graph = Graph(DIMENSION)
    graph.add(range(count), unit_rows(count, DIMENSION))
    sequence = last_change(corpus.catalogue)
    corpus.shelf.publish(corpus.catalogue, graph.links(), sequence=sequence, model=model, library="hnswlib")
    return sequence


def check(corpus: Corpus, *counts: int, shelf: Shelf | None = None, model: str = "m") -> None:
    """Exactly the generations of so many labels can be trusted, in this order."""
    found = (shelf or corpus.shelf).verified(corpus.catalogue, model=model, dimension=DIMENSION)
    assert [len(links.labels) for _, links in found] == list(counts)


def newest_file(corpus: Corpus) -> Path:
    return corpus.shelf.folder / generations(corpus.catalogue)[0].file


def test_two_generations_are_kept_the_newest_first(corpus: Corpus) -> None:
    for count in (100, 200, 300):
        publish(corpus, count=count)
    check(corpus, 300, 200)
    assert len(list(corpus.shelf.folder.iterdir())) == KEPT


def test_nothing_is_found_where_nothing_was_published(corpus: Corpus) -> None:
    check(corpus)


def flip(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]


def zero_page(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) // 4096) * 4096
    return data[:start] + bytes(4096) + data[start + 4096 :]


def swap_pages(data: bytes, chance: random.Random) -> bytes:
    one, other = (place * 4096 for place in sorted(chance.sample(range(len(data) // 4096), 2)))
    first, second = data[one : one + 4096], data[other : other + 4096]
    return data[:one] + second + data[one + 4096 : other] + first + data[other + 4096 :]


@pytest.mark.parametrize(
    "damage",
    [
        flip,
        zero_page,
        swap_pages,
        lambda data, chance: data[: chance.randrange(len(data))],
        lambda data, _: data + b"x",
    ],
    ids=["bit flipped", "page zeroed", "pages swapped", "truncated", "longer"],
)
def test_damaged_generation_gives_way_to_the_one_before(
    corpus: Corpus, damage: Callable[[bytes, random.Random], bytes]
) -> None:
    publish(corpus, count=200)
    publish(corpus, count=300)
    whole = newest_file(corpus).read_bytes()
    for seed in range(20):
        newest_file(corpus).write_bytes(damage(whole, random.Random(seed)))
        check(corpus, 200)
    newest_file(corpus).unlink()
    check(corpus, 200)


def test_generation_swapped_for_another_whole_one_is_refused(corpus: Corpus) -> None:
    publish(corpus, count=200)
    old = newest_file(corpus).read_bytes()
    publish(corpus, count=300)
    newest_file(corpus).write_bytes(old)
    check(corpus, 200)


def test_graph_of_another_model_or_key_is_refused(corpus: Corpus) -> None:
    publish(corpus, count=100)
    check(corpus, model="other")
    check(corpus, shelf=Shelf(corpus.shelf.folder, b"x" * KEY_BYTES))


def test_row_that_says_something_else_than_the_file_is_refused(corpus: Corpus) -> None:
    publish(corpus, count=100)
    corpus.catalogue.rows("UPDATE generation SET labels = 99")
    check(corpus)


def test_files_without_a_row_are_removed(corpus: Corpus) -> None:
    publish(corpus, count=100)
    (corpus.shelf.folder / "9.unfinished").write_bytes(b"left by a kill")
    (corpus.shelf.folder / "9.links").write_bytes(b"left by a kill before its row was committed")
    corpus.shelf.sweep(corpus.catalogue)
    assert list(corpus.shelf.folder.iterdir()) == [newest_file(corpus)]


def test_log_reaches_back_to_the_oldest_kept_generation(corpus: Corpus) -> None:
    sequences = []
    for number in range(4):
        corpus.write(f"{number}", [1000 + number])
        sequences.append(publish(corpus, count=100))
    assert changes_after(corpus.catalogue, 0, count=1)[0][0] == sequences[-KEPT] + 1


def test_graph_that_cannot_be_saved_says_so_and_leaves_the_last_one(corpus: Corpus) -> None:
    publish(corpus, count=100)
    blocked = Shelf(corpus.folder / "vectors.db", corpus.shelf.key)  # a file where the folder should be
    with pytest.raises(StorageFailure, match="could not be saved"):
        blocked.publish(corpus.catalogue, Graph(DIMENSION).links(), sequence=0, model="m", library="hnswlib")
    check(corpus, 100)


def test_full_disk_is_an_error_and_leaves_no_row(corpus: Corpus) -> None:
    publish(corpus, count=100)
    (corpus.shelf.folder / next_unfinished(corpus)).symlink_to("/dev/full")
    with pytest.raises(StorageFailure, match="No space left"):
        publish(corpus, count=200)
    check(corpus, 100)


def next_unfinished(corpus: Corpus) -> str:
    """Name the file that the next publication writes first."""
    sequence, process, number = generations(corpus.catalogue)[0].file.partition(".")[0].split("-")
    return f"{sequence}-{process}-{int(number) + 1}.unfinished"


def test_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    key = secret_key(tmp_path / "key")
    assert secret_key(tmp_path / "key") == key
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
