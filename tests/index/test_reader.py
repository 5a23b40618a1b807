"""Readers beside a writer: in the same process and in another, each answer that of one committed state."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from funcseek.index.code_index import CodeIndex, Home, search
from funcseek.index.errors import IndexFailure
from funcseek.index.hits import Query
from funcseek.index.reader import open_reader
from funcseek.index.search import Meaning
from funcseek.index.staleness import find_present
from tests.doubles import HashingEmbedder, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funcseek.index.reader import Reader

# Further down, dozens of vectors are equally near, and two graphs propose different ones of them.
LIMIT = 10
TOPICS = ("red", "green", "blue", "round", "square", "heavy", "light", "early", "late", "deep")


def source(names: range) -> str:
    return "".join(
        f"def item{name}():\n    '{TOPICS[name % 10]} {TOPICS[name // 10 % 10]} {TOPICS[name // 100]}'\n\n"
        for name in names
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "root", f"--- a.py\n{source(range(300))}--- b.py\n{source(range(300, 500))}")


@pytest.fixture
def index(root: Path, tmp_path: Path) -> Iterator[CodeIndex]:
    with CodeIndex(root, Home(tmp_path / "home"), exact_labels=100) as opened:
        opened.adopt(HashingEmbedder())
        fill(opened)
        yield opened


def fill(index: CodeIndex) -> None:
    for _ in index.scan():
        pass
    while index.embed():
        pass
    index.save()


def names(reader: Reader, text: str = "a red heavy and early thing") -> list[str]:
    return [hit.function.name for hit in search([(reader, "")], Query(text, limit=LIMIT)).hits]


def check(index: CodeIndex, reader: Reader) -> None:
    """A reader with its own graph answers as one that shares the writer's."""
    inside = index.reader()
    assert names(reader) == names(inside)
    assert names(reader)
    inside.close()


def test_reader_without_the_lock_answers_beside_the_writer(index: CodeIndex) -> None:
    reader = open_reader(index.root, index.home, HashingEmbedder())
    check(index, reader)
    reader.close()


def test_reader_follows_what_the_writer_commits(index: CodeIndex, root: Path) -> None:
    reader = open_reader(index.root, index.home, HashingEmbedder())
    for names_now in (range(100, 400), range(50), range(300)):
        (root / "a.py").write_text(source(names_now))
        fill(index)
        check(index, reader)
    (root / "a.py").unlink()
    fill(index)
    check(index, reader)
    assert not {"item0", "item299"}.intersection(names(reader))
    reader.close()


def test_hit_that_a_commit_overtakes_is_marked(index: CodeIndex, root: Path) -> None:
    """The file was saved and read anew while the query ran: its hits are of the state before, and say so."""
    path = next(root.glob("*.py"))
    (name, *_) = re.findall(r"def (\w+)", path.read_text())
    reader = open_reader(index.root, index.home, HashingEmbedder())

    def nearest(_vector: object, _count: int) -> None:
        path.write_text(f"# moved\n{path.read_text()}")
        list(index.update([path.name]))

    source = reader.words()
    meaning = Meaning(lambda: HashingEmbedder().embed_query(name), 1, nearest)
    (hit, *_) = find_present([replace(source, meaning=meaning)], Query(name)).hits
    assert (hit.function.name, hit.is_stale) == (name, True)
    reader.close()


def test_reader_goes_on_when_every_saved_graph_is_damaged(index: CodeIndex) -> None:
    for path in index.home.graphs_of(index.root).iterdir():
        path.write_bytes(b"damaged")
    reader = open_reader(index.root, index.home, HashingEmbedder())
    check(index, reader)
    reader.close()


def test_reader_without_a_model_or_with_an_unknown_one_goes_by_words(index: CodeIndex) -> None:
    for embedder in (None, HashingEmbedder(identity="never seen")):
        reader = open_reader(index.root, index.home, embedder)
        assert reader.model is None
        assert names(reader, "item42")[0] == "item42"
        reader.close()


def test_reader_of_a_root_that_is_not_indexed_says_so_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(IndexFailure, match="not indexed yet"):
        open_reader(tmp_path / "nowhere", Home(tmp_path / "home"), None)
    assert not (tmp_path / "home").exists()


READ = """\
import sys
from pathlib import Path
from funcseek.index.home import Home
from funcseek.index.hits import Query
from funcseek.index.reader import open_reader, search
from tests.doubles import HashingEmbedder
reader = open_reader(Path(sys.argv[1]), Home(Path(sys.argv[2])), HashingEmbedder())
for line in sys.stdin:
    hits = search([(reader, "")], Query(line, limit=10)).hits
    print(*(hit.function.name for hit in hits), flush=True)
"""


def test_reader_in_another_process_sees_each_commit(index: CodeIndex, root: Path) -> None:
    inside = index.reader()
    with subprocess.Popen(
        [sys.executable, "-c", READ, str(index.root), str(index.home.folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        for names_now in (range(300), range(200, 450), range(10)):
            (root / "a.py").write_text(source(names_now))
            fill(index)
            process.stdin.write("a red heavy and early thing\n")
            process.stdin.flush()
            assert process.stdout.readline().split() == names(inside)
        process.stdin.close()
        assert process.wait() == 0
    inside.close()
