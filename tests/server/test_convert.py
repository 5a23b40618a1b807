"""Byte offsets become the positions an editor means, whatever the bytes and however the editor counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcseek.server.convert import disk_offset, offset, position, ranges, text_of

if TYPE_CHECKING:
    from funcseek.server.convert import Position, Range
    from funcseek.server.protocol import LocatedJson

UNITS = {
    "utf-8": lambda text: len(text.encode()),
    "utf-16": lambda text: len(text.encode("utf-16-be")) // 2,
    "utf-32": len,
}
PIECES = st.sampled_from(["a", "é", "漢", "😀", "\f", "\v", "\x85", "\u2028", "\t", " ", "\n", "\r", "\r\n"])


def at(content: bytes, offset: int, encoding: str = "utf-16") -> tuple[int, int]:
    found = position(text_of(content), offset, encoding)
    return found["line"], found["character"]


def counted(text: str, encoding: str) -> tuple[int, int]:
    """Walk through a text as an editor would and return the position after it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines) - 1, UNITS[encoding](lines[-1])


def located(content: bytes, name: str) -> LocatedJson:
    """Return the result an index would hold for a function defined in one line."""
    start = content.index(b"def " + name.encode()) + len(b"def ")
    end = (content + b"\n").index(b"\n", start)
    return {
        "path": "a.py", "line": content.count(b"\n", 0, start) + 1, "end_line": content.count(b"\n", 0, end) + 1,
        "name": name, "qualified_name": name, "kind": "function", "language": "python", "signature": "", "doc": "",
        "enclosing": "", "is_declaration": False, "is_test": False, "is_generated": False,
        "score": 1.0, "is_stale": False, "root": "/", "uri": "file:///a.py",
        "start_byte": content.rfind(b"\n", 0, start) + 1,
        "end_byte": end, "name_start_byte": start, "name_end_byte": start + len(name.encode()),
    }  # fmt: skip


def names_at(indexed: bytes, *, disk: bytes | None, buffer: str | None = None) -> Range:
    """Return where the function ``greet`` is shown that was indexed in other bytes than there are now."""
    texts = (None if disk is None else text_of(disk), None if buffer is None else text_of(buffer.encode()))
    return ranges(located(indexed, "greet"), *texts, encoding="utf-16")[1]


def spot(line: int, character: int) -> Position:
    return {"line": line, "character": character}


@given(st.lists(PIECES), st.lists(PIECES), st.sampled_from(sorted(UNITS)))
def test_position_is_the_one_counted_by_hand(before: list[str], after: list[str], encoding: str) -> None:
    prefix, rest = "".join(before), "".join(after)
    if prefix.endswith("\r"):
        rest = rest.lstrip("\n")
    assert at((prefix + rest).encode(), len(prefix.encode()), encoding) == counted(prefix, encoding)


@given(st.binary(), st.integers(-5, 300), st.sampled_from(sorted(UNITS)))
def test_position_exists_for_any_bytes_and_any_offset(content: bytes, offset: int, encoding: str) -> None:
    line, character = at(content, offset, encoding)
    assert 0 <= line <= content.count(b"\n") + content.count(b"\r") + content.count(b"\0")
    assert character >= 0


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 14), ("utf-16", 7), ("utf-32", 6)])
def test_characters_are_counted_as_the_client_counts(encoding: str, character: int) -> None:
    # a, emoji, e acute, ideograph, a byte that is no UTF-8 (one replacement character), x
    content = b"\na\xf0\x9f\x98\x80\xc3\xa9\xe6\xbc\xa2\xffx"
    assert at(content, len(content), encoding) == (1, character)


@pytest.mark.parametrize("separator", ["\f", "\v", "\x1c", "\x85", "\u2028", "\u2029"])
def test_line_does_not_end_at_what_ends_no_line_in_an_editor(separator: str) -> None:
    content = f"a{separator}b\nc".encode()
    assert at(content, len(content)) == (1, 1)


def test_offset_inside_a_line_end_is_the_end_of_the_line() -> None:
    assert [at(b"ab\r\ncd", offset) for offset in (2, 3, 4)] == [(0, 2), (0, 2), (1, 0)]


def test_offset_beyond_the_end_is_the_end() -> None:
    assert at(b"one\ntwo", 999) == (1, 3)
    assert at(b"", 7) == (0, 0)


def test_byte_order_mark_is_not_counted() -> None:
    assert at(b"\xef\xbb\xbfab", 4) == (0, 1)


def test_name_is_found_in_a_file_of_utf16() -> None:
    text = "# 😀\ndef greet(): pass"
    indexed = text.encode("utf-16")
    start = 2 + len("# 😀\ndef ".encode("utf-16-le"))
    result = located(text.encode(), "greet") | {"name_start_byte": start, "name_end_byte": start + 10}
    assert ranges(result, text_of(indexed), None, encoding="utf-16")[1]["start"] == spot(1, 4)


def test_buffer_that_equals_the_file_gives_the_file_s_positions() -> None:
    content = b"x\ndef greet(): pass\n"
    assert names_at(content, disk=content, buffer=content.decode()) == {"start": spot(1, 4), "end": spot(1, 9)}


def test_name_moves_with_lines_inserted_above_it_in_the_buffer() -> None:
    content = b"greet()\ngreet()\ndef greet(): pass\n"
    buffer = "import os\n\n" + content.decode()
    assert names_at(content, disk=content, buffer=buffer)["start"] == spot(4, 4)


def test_name_is_looked_for_near_by_when_the_file_has_changed() -> None:
    assert names_at(b"a\ndef greet(): pass\n", disk=b"a\nb\nc\ndef greet(): pass\n")["start"] == spot(3, 4)


def test_name_inside_another_word_is_not_taken_for_it() -> None:
    disk = b"regreeted = 1\n\n\ndef greet(): pass\n"
    assert names_at(b"def greet(): pass\n", disk=disk)["start"] == spot(3, 4)


def test_buffer_without_the_function_gives_the_file_s_positions() -> None:
    content = b"a\ndef greet(): pass\n"
    assert names_at(content, disk=content, buffer="nothing here")["start"] == spot(1, 4)


def test_position_is_clamped_when_the_function_has_gone() -> None:
    assert names_at(b"a\ndef greet(): pass\n", disk=b"ab")["start"] == spot(0, 2)


def test_line_of_the_index_is_used_when_the_file_has_gone() -> None:
    assert names_at(b"a\ndef greet(): pass\n", disk=None)["start"] == spot(1, 0)


@given(st.lists(PIECES), st.lists(PIECES), st.sampled_from(sorted(UNITS)))
def test_offset_of_a_position_is_where_the_position_came_from(
    before: list[str], after: list[str], encoding: str
) -> None:
    text = text_of("".join([*before, *after]).encode())
    there = position(text, len("".join(before).encode()), encoding)
    assert position(text, offset(text, there, encoding), encoding) == there


@pytest.mark.parametrize(
    ("place", "expected"),
    [(spot(0, 0), 3), (spot(0, 1), 3), (spot(0, 2), 7), (spot(0, 99), 8), (spot(1, 0), 10), (spot(9, 9), 11)],
    ids=["after the mark", "within a character", "after it", "past the line", "next line", "past the end"],
)
def test_offset_of_a_position_that_is_none_is_the_nearest(place: Position, expected: int) -> None:
    assert offset(text_of(b"\xef\xbb\xbf" + "😀\xff".encode()[:4] + b"\xff\r\nx"), place, "utf-16") == expected


def test_offset_into_utf16_is_that_on_disk() -> None:
    content = "ab\n漢def".encode("utf-16")
    text = text_of(content)
    place = disk_offset(text, offset(text, spot(1, 1), "utf-16"))
    assert content[place:].decode("utf-16-le") == "def"
