"""One root's index: indexed, changed, searched, damaged, reopened."""

from __future__ import annotations

import os
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from funcseek.index import updater
from funcseek.index.catalogue import live_labels
from funcseek.index.code_index import CodeIndex, Home, search
from funcseek.index.errors import IndexBusy, QueryError, RootGone
from funcseek.index.files import scan as files_of
from funcseek.index.hits import MAX_LIMIT, Query
from funcseek.index.query_vectors import QueryVectors
from funcseek.index.retrieval import Scope, telling
from funcseek.index.search import with_nearest
from funcseek.index.updater import plan
from tests.doubles import HashingEmbedder, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funcseek.index.hits import Answer

TREE = """\
--- net.py
def fetch(url):
    "Retry a request with growing pauses."
    return url

def close_socket(s):
    "End the connection."
    return s
--- shop/cart.py
def total(items):
    "Add up the prices."
    return sum(items)
--- tests/test_net.py
def fetch():
    "Retry a request with growing pauses in a test."
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "root", TREE)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def index(root: Path, home: Home) -> Iterator[CodeIndex]:
    with CodeIndex(root, home, guard=threading.Lock()) as opened:
        yield opened


def fill(index: CodeIndex, embedder: HashingEmbedder | None = None) -> HashingEmbedder:
    """Bring everything up to date with a model."""
    chosen = embedder or HashingEmbedder()
    index.adopt(chosen)
    scan(index)
    return chosen


def scan(index: CodeIndex) -> None:
    for _ in index.scan():
        pass
    while index.embed():
        pass


def ask(index: CodeIndex, text: str, **options: object) -> Answer:
    reader = index.reader()
    try:
        return search([(reader, "")], Query(text, **options))  # type: ignore[arg-type]
    finally:
        reader.close()


def check(index: CodeIndex, text: str, *expected: str) -> None:
    names = [hit.function.name for hit in ask(index, text, limit=len(expected) or 10).hits]
    assert names == list(expected)


def test_description_finds_the_function(index: CodeIndex) -> None:
    fill(index)
    check(index, "add up prices", "total")
    check(index, "end a connection", "close_socket")


def test_words_answer_before_any_vector_is_there(index: CodeIndex) -> None:
    for _ in index.scan():
        pass
    check(index, "add up the prices", "total")
    answer = ask(index, "prices")
    assert (answer.model, answer.coverage.functions, answer.coverage.embedded) == (None, 4, 0)


def test_typed_name_comes_first_and_code_before_its_test(index: CodeIndex) -> None:
    fill(index)
    assert [hit.path for hit in ask(index, "fetch", limit=2).hits] == ["net.py", "tests/test_net.py"]


def test_first_hits_do_not_depend_on_the_limit(index: CodeIndex) -> None:
    fill(index)
    everything = ask(index, "retry a request", limit=MAX_LIMIT).hits
    assert [ask(index, "retry a request", limit=n).hits for n in (1, 2, 3)] == [everything[:n] for n in (1, 2, 3)]


def test_changed_function_is_embedded_and_nothing_else(index: CodeIndex, root: Path) -> None:
    embedder = fill(index)
    embedder.embedded.clear()
    (root / "shop" / "cart.py").write_text("def average(items):\n    return sum(items) / len(items)\n")
    for _ in index.update(["shop/cart.py"]):
        pass
    assert index.embed() == 1
    assert [text.split()[0] for text in embedder.embedded] == ["average"]
    assert "total" not in [hit.function.name for hit in ask(index, "total").hits]


def test_moved_file_keeps_its_vectors(index: CodeIndex, root: Path) -> None:
    embedder = fill(index)
    embedder.embedded.clear()
    (root / "web").mkdir()
    (root / "net.py").rename(root / "web" / "net.py")
    scan(index)
    assert embedder.embedded == []
    assert ask(index, "close_socket").hits[0].path == "web/net.py"


def test_second_checkout_embeds_nothing(index: CodeIndex, tmp_path: Path, home: Home) -> None:
    fill(index)
    with CodeIndex(lay_out(tmp_path / "other", TREE), home) as other:
        assert fill(other).embedded == []
        assert other.coverage().embedded == 4


def test_unchanged_root_is_not_read_again(index: CodeIndex) -> None:
    fill(index)
    scan(index)  # the files were too young to trust their times the first time
    assert sum(commit.changed_files for commit in index.scan()) == 0


def test_removed_file_is_not_found(index: CodeIndex, root: Path) -> None:
    fill(index)
    (root / "net.py").unlink()
    for _ in index.update(["net.py"]):
        pass
    assert {hit.path for hit in ask(index, "retry a request").hits} == {"shop/cart.py", "tests/test_net.py"}


def test_reopened_index_answers_without_work(root: Path, home: Home) -> None:
    with CodeIndex(root, home) as index:
        fill(index)
        expected = ask(index, "retry a request").hits
    with CodeIndex(root, home) as index:
        embedder = HashingEmbedder()
        index.adopt(embedder)
        assert ask(index, "retry a request").hits == expected
        assert embedder.embedded == []


def test_index_without_its_graph_answers_the_same(root: Path, home: Home) -> None:
    with CodeIndex(root, home, exact_labels=0) as index:
        fill(index)
        index.save()
        expected = ask(index, "retry a request").hits
    (saved,) = home.graphs_of(root).iterdir()
    saved.write_bytes(b"damaged")
    with CodeIndex(root, home, exact_labels=0) as index:
        index.adopt(HashingEmbedder())
        assert ask(index, "retry a request").hits == expected
        index.save()
        assert ask(index, "retry a request").hits == expected


@pytest.mark.parametrize("file", ["catalogue.db", "vectors.db"])
def test_damaged_database_is_built_anew(root: Path, home: Home, file: str) -> None:
    with CodeIndex(root, home) as index:
        fill(index)
        expected = ask(index, "retry a request").hits
    path = home.vector_cache if file == "vectors.db" else home.index_of(root) / file
    path.write_bytes(b"no database" * 1000)
    with CodeIndex(root, home) as index:
        fill(index)
        assert ask(index, "retry a request").hits == expected
        assert index.coverage().embedded == 4


def test_other_model_replaces_every_vector(index: CodeIndex) -> None:
    fill(index)
    other = fill(index, HashingEmbedder(dimension=32, identity="other"))
    assert len(other.embedded) == 4
    assert index.coverage().embedded == 4
    check(index, "add up prices", "total")


def test_model_before_serves_until_every_passage_has_a_vector_of_the_next(index: CodeIndex, root: Path) -> None:
    fill(index)
    before = index.shared.semantics
    index.adopt(HashingEmbedder(dimension=32, identity="other"))
    (root / "later.py").write_text("def later():\n    return 1\n")
    for _ in index.scan():
        pass
    served = set()
    while index.embed(1):
        coverage = index.coverage()
        served.add((coverage.embedded == coverage.functions, index.shared.semantics is before))
        check(index, "later", "later")
    assert served == {(False, True), (True, True)}
    after = index.shared.semantics
    assert before is not None
    assert after is not None
    assert (before.live.space.dimension, after.live.space.dimension) == (64, 32)
    check(index, "later", "later")


def test_preferred_file_is_embedded_before_all_others(index: CodeIndex, root: Path) -> None:
    for number in range(20):
        (root / f"more{number}.py").write_text(f"def more_{number}():\n    return {number}\n")
    embedder = HashingEmbedder()
    index.adopt(embedder)
    for _ in index.scan():
        pass
    index.prefer(["more13.py", "missing.py"])
    index.embed(1)
    assert [text.partition("\n")[0] for text in embedder.embedded] == ["more 13 in more13"]
    while index.embed(4):
        pass
    assert len(embedder.embedded) == len(set(embedder.embedded)) == index.coverage().functions


def test_index_without_a_model_any_more_goes_by_words(index: CodeIndex) -> None:
    fill(index)
    index.adopt(None)
    assert ask(index, "add up prices").model is None
    assert not index.embed()


def test_model_that_was_used_before_finds_its_vectors_again(index: CodeIndex) -> None:
    fill(index)
    fill(index, HashingEmbedder(identity="other"))
    assert fill(index).embedded == []
    assert index.coverage().embedded == 4
    check(index, "add up prices", "total")


def test_second_writer_is_refused(index: CodeIndex, root: Path, home: Home) -> None:
    with pytest.raises(IndexBusy, match="Another funcseek"):
        CodeIndex(root, home)
    assert index.coverage().files == 0


def test_file_that_turns_minified_loses_its_functions(index: CodeIndex, root: Path) -> None:
    fill(index)
    (root / "net.py").write_text("x=1;" * 20_000)
    scan(index)
    assert {hit.path for hit in ask(index, "retry a request").hits} == {"shop/cart.py", "tests/test_net.py"}


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("vue", {"clamp"}),
        ("typescript", {"clamp"}),
        ("markdown", set()),
        ("python", {"fetch", "close_socket", "total"}),
    ],
)
def test_language_of_a_query_is_the_function_s_or_its_file_s(
    index: CodeIndex, root: Path, language: str, names: set[str]
) -> None:
    lay_out(root, "--- a.vue\n<script lang='ts'>\nfunction clamp(retry: number) {}\n</script>\n--- b.md\nText.\n")
    fill(index)
    hits = ask(index, "retry clamp fetch total connection", languages=(language,)).hits
    assert {hit.function.name for hit in hits} == names


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (Query(" \n"), "empty"),
        (Query("x" * 30_000), "shorten"),
        (Query("x", limit=0), "1 to 100"),
        (Query("x", limit=10**6), "1 to 100"),
        (Query("x", languages=("cobol",)), "cobol"),
    ],
)
def test_query_that_cannot_be_answered_says_why(index: CodeIndex, query: Query, words: str) -> None:
    reader = index.reader()
    with pytest.raises(QueryError, match=words):
        search([(reader, "")], query)
    reader.close()


@pytest.mark.parametrize("text", ['a" OR NEAR(', "*", "'; DROP TABLE file; --", "日本語", "🙂"])
def test_odd_query_is_answered(index: CodeIndex, text: str) -> None:
    fill(index)
    assert ask(index, text).coverage.functions == 4


def test_file_saved_after_the_last_one_was_read_is_not_forgotten(index: CodeIndex, root: Path) -> None:
    saved = False
    for commit in index.scan():
        if not saved and commit.done_files == commit.total_files:
            saved = True
            (root / "late.py").write_text("def saved_late():\n    pass\n")
            index.hurry(["late.py"])
    check(index, "saved_late", "saved_late")


def test_recently_changed_files_come_first_and_small_ones_before_large(root: Path) -> None:
    old, new = 1_000_000_000, 1_700_000_000
    for path, size, changed in (("a.py", 9, old), ("b.py", 99, new), ("c.py", 9, new)):
        (root / path).write_text("#" * size)
        os.utime(root / path, (changed, changed))
    found = [file for file in files_of(root) if file.path in ("a.py", "b.py", "c.py")]
    assert [job.file.path for job in plan({}, found).jobs] == ["c.py", "b.py", "a.py"]


def test_missing_or_emptied_root_keeps_its_index(index: CodeIndex, root: Path) -> None:
    fill(index)
    root.rename(root.with_name("away"))
    with pytest.raises(RootGone, match="is not there"):
        scan(index)
    root.mkdir()
    for attempt in (lambda: scan(index), lambda: list(index.update(["net.py"])), lambda: index.hurry(["net.py"])):
        with pytest.raises(RootGone, match="empty folder"):
            attempt()
    assert index.coverage().files == 3
    root.rmdir()
    root.with_name("away").rename(root)
    scan(index)
    check(index, "add up prices", "total")


def test_root_that_goes_while_its_files_are_read_loses_none(index: CodeIndex, root: Path) -> None:
    fill(index)
    for number in range(300):
        (root / f"{number}.py").write_text(f"def more_{number}(): pass\n")

    def scan_and_move_away() -> None:
        for _ in index.scan():
            if root.exists():
                root.rename(root.with_name("away"))

    with pytest.raises(RootGone):
        scan_and_move_away()
    before = index.coverage().files
    assert before >= 3
    root.with_name("away").rename(root)
    scan(index)
    assert index.coverage().files == 303


def test_what_was_read_while_the_root_was_gone_is_not_believed_once_it_is_back(
    index: CodeIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        updater, "COMMIT_SECONDS", 0.0
    )  # the first missing file ends the scan, the others are under way
    fill(index)
    (root / "net.py").unlink()
    (root / "one.py").write_text("def one(): pass\n")
    work = index.scan()
    next(work)  # what was deleted; nothing has been read yet
    root.rename(root.with_name("away"))
    with pytest.raises(RootGone):
        next(work)
    root.with_name("away").rename(root)
    scan(index)
    assert index.coverage().files == 3


def test_frequent_words_give_way_to_rare_ones_but_the_two_rarest_always_count(index: CodeIndex) -> None:
    fill(index)
    with closing(index.reader()) as reader:
        catalogue = reader.words().catalogue
        asked = ("return", "pauses", "prices", "socket")
        assert telling(catalogue, asked, most_matches=100) == asked
        # Three functions hold the first, two the second, one each of the others.
        assert telling(catalogue, asked, most_matches=4) == ("pauses", "prices", "socket")
        assert telling(catalogue, asked, most_matches=0) == ("prices", "socket")
        assert telling(catalogue, asked[:2], most_matches=0) == ("return", "pauses")


def a_long(name: str, last: str) -> str:
    return f"def {name}():\n" + "".join(f"    step({number})\n" for number in range(60)) + f'    return "{last}"\n'


def test_long_function_is_found_by_what_its_end_does_and_only_once(index: CodeIndex, root: Path) -> None:
    lay_out(root, f"--- long.py\n{a_long('work', 'zebra quagga okapi')}")
    fill(index)
    with closing(index.reader()) as reader:
        source = reader.source(QueryVectors("zebra quagga okapi"))
        assert source.meaning is not None
        with source.catalogue.snapshot():
            found, cosines = with_nearest(source.catalogue, source.meaning, Scope(), [])
    (row,) = (one.row for one in found if one.name == "work")
    assert cosines[row] == max(cosines.values())
    assert [hit.function.name for hit in ask(index, "zebra quagga okapi").hits].count("work") == 1


def test_what_a_function_no_longer_holds_finds_it_no_longer(index: CodeIndex, root: Path) -> None:
    lay_out(root, f"--- long.py\n{a_long('work', 'zebra')}")
    fill(index)
    with_windows = index.coverage().functions, live(index)
    lay_out(root, "--- long.py\ndef work():\n    return 1\n")
    fill(index)
    assert index.coverage().functions == with_windows[0]
    assert live(index) < with_windows[1]
    lay_out(root, f"--- long.py\n{a_long('work', 'zebra')}")
    embedder = fill(index)
    assert live(index) == with_windows[1]
    assert embedder.embedded == []


def test_every_function_has_its_vector_before_any_window(index: CodeIndex, root: Path) -> None:
    lay_out(root, f"--- long.py\n{a_long('work', 'zebra')}{a_long('play', 'okapi')}")
    embedder = fill(index)
    titles = [text.partition("\n")[0] for text in embedder.embedded]
    windows = [place for place, title in enumerate(titles) if titles.index(title) < place]
    assert windows == list(range(len(titles) - len(windows), len(titles)))
    assert index.coverage().waiting == 0


def live(index: CodeIndex) -> int:
    with closing(index.reader()) as reader:
        return len(live_labels(reader.words().catalogue))


class ThriftyEmbedder(HashingEmbedder):
    """Counts how often it was told to give memory back."""

    told = 0

    def give_memory_back(self) -> None:
        self.told += 1


def test_model_gives_memory_back_once_the_work_is_done(index: CodeIndex) -> None:
    model = ThriftyEmbedder()
    fill(index, model)
    assert model.told == 0
    for _ in range(2):
        index.save()
        assert model.told == 1
