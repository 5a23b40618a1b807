"""However a file is encoded and its lines end, its functions are the same and their spans cut out what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funcseek.parsers import extract
from tests.extractions import SOURCES, check_extraction, named, names, of_sample, shape, with_comment, written_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from funcseek.parsers import Language

PYTHON = "def first():\n    return 1\n\n\nclass Pool:\n    def get(self):\n        return 'große'\n"


def check(sample: Path, changed: bytes, *, encoding: str = "utf-8", moved: int = 0) -> None:
    """Check that the functions of a changed sample are those of the sample, ``moved`` lines further down."""
    content = sample.read_bytes()
    before, after = extract(content, of_sample(sample)), extract(changed, of_sample(sample))
    assert after.problem is None
    assert shape(after) == shape(before, moved=moved)
    assert [name.replace("\0", " ") for name in written_names(changed, after, encoding)] == written_names(
        content, before
    )
    check_extraction(changed, after)


def commented(words: bytes) -> Callable[[bytes, Language], bytes]:
    return lambda content, language: with_comment(with_comment(content, language, words), language, words, at_end=True)


@pytest.mark.parametrize("sample", SOURCES, ids=lambda sample: sample.name)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_gives_spans_of_its_own_bytes(sample: Path, encoding: str) -> None:
    check(sample, ("\ufeff" + sample.read_text("utf-8")).encode(encoding), encoding=encoding)


@pytest.mark.parametrize("sample", SOURCES, ids=lambda sample: sample.name)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda content: b"\xef\xbb\xbf" + content, id="UTF-8 mark"),
        pytest.param(lambda content: content.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(lambda content: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"), id="UTF-8 mark and CRLF"),
        pytest.param(lambda content: content.replace(b"\n", b"\r"), id="CR"),
        pytest.param(lambda content: content.replace(b" ", b"\0"), id="NUL"),
        pytest.param(lambda content: content.replace(b"\n\n", b"\n\f\n"), id="form feed"),
    ],
)
def test_marks_line_ends_and_blanks_change_nothing(sample: Path, change: Callable[[bytes], bytes]) -> None:
    check(sample, change(sample.read_bytes()))


@pytest.mark.parametrize("sample", SOURCES, ids=lambda sample: sample.name)
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(b"caf\xe9", id="Latin-1"),
        pytest.param(b"\xff\xfe\xc0\x80", id="no text"),
        pytest.param(b"\xed\xa0\x80", id="lone surrogate"),
        pytest.param("\u2028".encode(), id="line separator"),
        pytest.param("\U0001f600".encode(), id="beyond 16 bits"),
    ],
)
def test_odd_bytes_in_comments_change_nothing(sample: Path, words: bytes) -> None:
    content, language = sample.read_bytes(), of_sample(sample)
    changed = commented(words)(content, language)
    check(sample, changed, moved=2)


@pytest.mark.parametrize("junk", [b"\f", b"x = '\xe9'\n", b"# \xff\xfe\n", b"x = '\0'\n", "\u2028\n".encode()])
def test_odd_bytes_between_functions_hide_none(junk: bytes) -> None:
    assert names(b"def f(): pass\n" + junk + b"\ndef g(): pass\n") == ["f", "g"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_text_of_a_function_is_readable(encoding: str) -> None:
    content = ("\ufeff# \U0001f600\n" + PYTHON).encode(encoding)
    extraction = extract(content, named("python"))
    second = extraction.functions[1]
    text = "def get(self):\n        return 'große'"
    assert content[second.span.start : second.span.end].decode(encoding) == extraction.text(1) == text
    assert second.start_line == 6


def test_lines_of_a_file_without_line_feeds_end_at_carriage_returns() -> None:
    found = extract(b"# one\rdef f():\r    pass\r\r# two\rdef g(): pass\r", named("python")).functions
    assert [(one.name, one.start_line, one.end_line, one.doc) for one in found] == [
        ("f", 1, 2, "one"),
        ("g", 5, 5, "two"),
    ]
