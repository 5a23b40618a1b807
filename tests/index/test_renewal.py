"""Full-text rows of functions that are gone: when they go, and that nothing else goes with them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from funcseek.index import renewal
from funcseek.index.catalogue import known_files, wasted_words
from funcseek.index.code_index import CodeIndex, Home, search
from funcseek.index.errors import RootGone
from funcseek.index.extraction import Job
from funcseek.index.files import scan
from funcseek.index.hits import Query
from funcseek.index.renewal import put_anew
from tests.doubles import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES, ROUNDS = 12, 12


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "root", "".join(f"--- f{number}.py\n{source(number, 0)}" for number in range(FILES)))


@pytest.fixture
def index(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CodeIndex]:
    monkeypatch.setattr(renewal, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(renewal, "LEAST_ROWS", 10)
    with CodeIndex(root, Home(tmp_path / "home")) as made:
        list(made.scan())
        yield made


def source(number: int, turn: int) -> str:
    return f'def kept{number}():\n    "Kept for good."\n\ndef turn{turn}of{number}():\n    "Comes and goes."\n'


def edit(index: CodeIndex) -> None:
    """Change one function of every file, many times."""
    for turn in range(1, ROUNDS):
        for number in range(FILES):
            (index.root / f"f{number}.py").write_text(source(number, turn))
        list(index.update([f"f{number}.py" for number in range(FILES)]))


def found(index: CodeIndex, text: str) -> set[str]:
    with closing(index.reader()) as reader:
        return {hit.function.name for hit in search([(reader, "")], Query(text, limit=50)).hits}


def test_rows_of_functions_that_are_gone_keep_no_other_from_being_found(index: CodeIndex) -> None:
    gone = "".join(f'def needle{number}():\n    "Needle."\n' for number in range(1_200))
    (index.root / "gone.py").write_text(gone)
    (index.root / "there.py").write_text("def thread():\n    seam()\n    hem()\n    return needle\n")
    list(index.update(["gone.py", "there.py"]))
    (index.root / "gone.py").unlink()
    list(index.update(["gone.py"]))
    assert found(index, "a needle in the seam") == {"thread"}
    assert found(index, "needle") == {"thread"}


def test_waste_goes_while_changes_go_on_and_every_function_is_found_as_before(index: CodeIndex) -> None:
    edit(index)
    before = found(index, "comes and goes"), found(index, "kept for good")
    assert wasted_words(index._catalogue) > renewal.MOST_EVER  # noqa: SLF001
    assert index.tend()
    assert wasted_words(index._catalogue) == 0.0  # noqa: SLF001
    assert (found(index, "comes and goes"), found(index, "kept for good")) == before
    assert not index.tend()


def test_less_waste_is_left_alone_until_nothing_changes(index: CodeIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "MOST_EVER", 0.99)
    edit(index)
    assert not index.tend()
    monkeypatch.setattr(renewal, "REST_SECONDS", 0.0)
    assert index.tend()


def test_reader_sees_all_rows_until_the_new_ones_are_there(index: CodeIndex) -> None:
    edit(index)
    with closing(index.reader()) as reader:
        before = search([(reader, "")], Query("comes and goes", limit=50)).hits
        assert index.tend()
        assert search([(reader, "")], Query("comes and goes", limit=50)).hits == before


def test_file_that_changed_while_all_were_read_is_read_again(index: CodeIndex) -> None:
    edit(index)
    catalogue = index._catalogue  # noqa: SLF001
    words = {
        text.words_digest: text.words
        for outcome in index._pool.run([Job(file) for file in scan(index.root)])  # noqa: SLF001
        for text in outcome.texts
        if "kept3" not in text.words.name
    }
    assert put_anew(catalogue, words)
    assert [path for path, known in known_files(catalogue).items() if known[-1] == b""] == ["f3.py"]
    list(index.scan())
    assert found(index, "kept3") >= {"kept3"}
    assert "kept3" in found(index, "kept for good")


def test_rows_stay_where_the_files_are_others_than_those_of_the_index(index: CodeIndex) -> None:
    edit(index)
    before = found(index, "comes and goes")
    assert not put_anew(index._catalogue, {})  # noqa: SLF001
    assert found(index, "comes and goes") == before


def test_root_that_is_gone_takes_no_row_with_it(index: CodeIndex, tmp_path: Path) -> None:
    edit(index)
    before = found(index, "comes and goes")
    away = index.root.rename(tmp_path / "away")
    with pytest.raises(RootGone):
        index.tend()
    away.rename(index.root)
    assert found(index, "comes and goes") == before
