"""An index of a few written files, asked by words only."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from funcseek.index.code_index import CodeIndex, Home, search
from funcseek.index.hits import Query
from tests.doubles import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funcseek.index.hits import Answer


@contextmanager
def indexed(folder: Path, sources: str) -> Iterator[CodeIndex]:
    """Index the files of one text, as `lay_out` takes them, for the length of the block."""
    with CodeIndex(lay_out(folder / "root", sources), Home(folder / "home")) as opened:
        for _ in opened.scan():
            pass
        yield opened


def answer(index: CodeIndex, query: str) -> Answer:
    with closing(index.reader()) as reader:
        return search([(reader, "")], Query(query))
