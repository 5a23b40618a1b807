"""Drafts stand for their files: they are ranked as their files would be, embedded only where they differ, and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.drafts import NO_ROOT, Drafts, Parsed, job_of, loose_file, over
from funcseek.index.extraction import process
from funcseek.index.files import FoundFile, foresee
from funcseek.index.hits import Query
from funcseek.index.query_vectors import QueryVectors
from funcseek.index.reader import search
from funcseek.index.retrieval import Scope, labels_among, labels_in, scope_of
from funcseek.index.search import Draft, with_nearest
from tests.doubles import HashingEmbedder, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from funcseek.index.hits import Hit

TREE = "".join(
    f"--- {name}.py\ndef read_{name}(path):\n    '''Read the {name} of a file.'''\n    return path\n"
    for name in ("header", "footer", "margin", "border", "column", "table", "image", "title")
)
TYPED = "def read_orbit(path):\n    '''Read the orbit of a moon.'''\n    return path\n"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[CodeIndex]:
    root = lay_out(tmp_path / "root", TREE)
    with CodeIndex(root, Home(tmp_path / "home")) as index:
        index.adopt(HashingEmbedder())
        for _ in index.scan():
            pass
        while index.embed():
            pass
        yield index


@pytest.fixture
def drafts(index: CodeIndex) -> Iterator[Drafts]:
    drafts = Drafts(index.root, index.home.vector_cache)
    yield drafts
    drafts.close()


def keep(drafts: Drafts, path: str, text: str, *, edition: int = 1) -> None:
    """Take up a draft as the service does."""
    draft = Draft(f"editor:{path}", text.encode())
    file = loose_file(draft, "python") if drafts.root == NO_ROOT else foresee(drafts.root, path, draft.content)
    assert isinstance(file, FoundFile)
    drafts.keep(Parsed(draft, edition, process(drafts.root, job_of(file, draft))))


def found(index: CodeIndex, text: str, *drafted: Drafts, below: Sequence[str] = ("",)) -> list[Hit]:
    reader = index.reader()
    try:
        return list(search([(reader, part) for part in below], Query(text, 100), drafted).hits)
    finally:
        reader.close()


def order(hits: list[Hit]) -> list[tuple[str, str]]:
    return [(hit.path, hit.function.name) for hit in hits]


def scores(hits: list[Hit]) -> dict[str, float]:
    return {hit.function.name: round(hit.score, 2) for hit in hits}


def test_draft_of_what_is_on_the_disk_is_ranked_as_its_file(index: CodeIndex, drafts: Drafts) -> None:
    queries = ("read the footer", "orbit of a file", "read_table", "margin column", "path")
    before = [scores(found(index, query)) for query in queries]
    keep(drafts, "footer.py", (index.root / "footer.py").read_text())
    drafts.adopt(1)
    assert [scores(found(index, query, drafts)) for query in queries] == before
    (hit,) = [hit for hit in found(index, "footer", drafts) if hit.path == "footer.py"]
    assert (hit.draft, hit.is_stale) == ("editor:footer.py", False)


def test_only_functions_that_differ_wait_for_a_vector(index: CodeIndex, drafts: Drafts) -> None:
    drafts.adopt(1)
    keep(drafts, "footer.py", (index.root / "footer.py").read_text())
    assert drafts.waiting(10) == []
    keep(drafts, "footer.py", (index.root / "footer.py").read_text() + TYPED, edition=2)
    ((label, _, text),) = drafts.waiting(10)
    assert "orbit" in text
    drafts.settle([label])
    assert drafts.waiting(10) == []


def test_draft_stands_for_its_file_until_it_is_dropped(index: CodeIndex, drafts: Drafts) -> None:
    keep(drafts, "footer.py", TYPED)
    assert "read_footer" not in [name for _, name in order(found(index, "read footer", drafts))]
    assert order(found(index, "read_orbit", drafts))[0] == ("footer.py", "read_orbit")
    drafts.drop("footer.py", 2)
    assert order(found(index, "read_footer", drafts))[0] == ("footer.py", "read_footer")
    assert "read_orbit" not in [name for _, name in order(found(index, "read orbit", drafts))]


def test_end_of_a_long_function_is_found_beside_a_draft(index: CodeIndex, drafts: Drafts) -> None:
    steps = "".join(f"    step({number})\n" for number in range(60))
    (index.root / "long.py").write_text(f"def work():\n{steps}    return 'zebra quagga okapi'\n")
    for _ in index.scan():
        pass
    while index.embed():
        pass
    keep(drafts, "footer.py", TYPED)
    reader = index.reader()
    (source,) = (one for one in over([reader.source(QueryVectors("zebra quagga okapi"))], [drafts]) if not one.drafts)
    assert source.meaning is not None
    with source.catalogue.snapshot():
        scope = scope_of(source.catalogue, Query("x"), below="", hidden=source.hidden)
        _, without = with_nearest(source.catalogue, source.meaning, Scope(), [])
        near, cosines = with_nearest(source.catalogue, source.meaning, scope, [])
        (row,) = (one.row for one in near if one.name == "work")
        assert cosines[row] == pytest.approx(without[row])
        assert cosines[row] > 0.1
        known = set(labels_in(source.catalogue, scope))
        assert set(labels_among(source.catalogue, known, scope)) == known
    reader.close()


def test_generation_rises_with_every_edition(index: CodeIndex, drafts: Drafts) -> None:
    reader = index.reader()
    generations = []
    for edition, text in enumerate((TYPED, TYPED + TYPED, ""), 1):
        keep(drafts, "footer.py", text, edition=edition)
        generations.append(search([(reader, "")], Query("read"), [drafts]).generation)
    reader.close()
    assert generations == sorted(set(generations))


def test_two_parts_of_a_root_share_its_drafts(index: CodeIndex, drafts: Drafts) -> None:
    keep(drafts, "a/one.py", TYPED)
    keep(drafts, "b/two.py", TYPED.replace("orbit", "comet"))
    names = [name for _, name in order(found(index, "read orbit comet", drafts, below=("a", "b")))]
    assert sorted(names) == ["read_comet", "read_orbit"]


def test_draft_that_is_no_file_is_found_beside_the_roots(index: CodeIndex) -> None:
    loose = Drafts(NO_ROOT, index.home.vector_cache)
    keep(loose, "Untitled-1", TYPED)
    first = found(index, "read_orbit", loose)[0]
    assert (first.path, first.draft) == ("editor:Untitled-1", "editor:Untitled-1")
    loose.close()


@pytest.mark.parametrize("path", ["../out.py", "/etc/a.py", "a//b.py", "", "a\0.py", ".git/a.py", "a.unknown"])
def test_path_that_would_not_be_searched_is_refused_with_a_reason(index: CodeIndex, path: str) -> None:
    assert isinstance(foresee(index.root, path, b"def f(): pass\n"), str)


def test_link_and_folder_are_no_place_for_a_draft(index: CodeIndex, tmp_path: Path) -> None:
    (index.root / "link").symlink_to(tmp_path)
    (index.root / "folder.py").mkdir()
    assert "symbolic link" in str(foresee(index.root, "link/a.py", b""))
    assert "not a regular file" in str(foresee(index.root, "folder.py", b""))
    assert foresee(index.root, "script", b"#!/usr/bin/env python3\n")[-1] == "python"
