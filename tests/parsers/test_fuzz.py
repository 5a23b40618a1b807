"""Whatever the bytes: nothing raises, spans and lines fit the bytes, and the same bytes give the same functions.

``FUNCSEEK_FUZZ_MINUTES=8 pytest tests/parsers/test_fuzz.py`` looks for about that long. A grammar may crash or take all
memory on what is found: run it under ``ulimit -v 2000000``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funcseek.parsers import LANGUAGES, Language, extract
from tests.extractions import SAMPLES, check_extraction, of_sample

if TYPE_CHECKING:
    from pathlib import Path

MINUTES = float(os.environ.get("FUNCSEEK_FUZZ_MINUTES", "0"))
# Per language and per sample; a minute makes about 100 of each.
SHORT_EXAMPLES = 20
EXAMPLES = max(SHORT_EXAMPLES, int(100 * MINUTES))
# So that six duplications do not make a bomb of a sample.
MAX_SLICE = 300

PIECES = [
    *b"( ) [ ] { } < > \" ' ` | @ ; : , . = \\ # // -- => ->".split(),
    *b"\"\"\" ''' /* */ (* *) {- -} --[[ ]] =begin =cut <<E << ${ #{ $(".split(),
    *(b"\0", b"\r", b"\n", b"\r\n", b"\t", b"\f", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xe9", b"\xf0\x9f"),
    *(text.encode() for text in ("é", "\u2028", "\U0001f600", "\u202e", "e\u0301")),
    *(b"\xed\xa0\x80", b"\\\n", b"#if 0\n", b"#else\n", b"#endif\n", b"<?php ", b"?>", b"end ", b"begin ", b"if "),
    *(b"a<", b"a=>", b"template<", b"operator", b"class ", b"def ", b"function ", b"fn ", b"async "),
]


class Edit(NamedTuple):
    """One change of a text; offsets count modulo its length."""

    kind: str
    start: int
    length: int
    target: int
    piece: bytes


EDITS = st.lists(
    st.builds(
        Edit,
        st.sampled_from(["delete", "duplicate", "swap", "insert", "insert", "cut off"]),
        st.integers(0, 100_000),
        st.integers(0, MAX_SLICE),
        st.integers(0, 100_000),
        st.sampled_from(PIECES) | st.binary(max_size=6),
    ),
    min_size=1,
    max_size=6,
)


def edited(content: bytes, edits: list[Edit]) -> bytes:
    for kind, start, length, target, piece in edits:
        start %= len(content) + 1
        target %= len(content) + 1
        taken = content[start : start + length]
        rest = content[:start] + content[start + length :]
        match kind:
            case "delete":
                content = rest
            case "duplicate":
                content = content[:target] + taken + content[target:]
            case "swap":
                content = rest[:target] + taken + rest[target:]
            case "insert":
                content = content[:start] + piece + content[start:]
            case _:
                content = content[: max(start, len(content) // 2)]
    return content


def check(content: bytes, language: Language) -> None:
    extraction = extract(content, language)
    assert extraction.problem in {None, "is nested too deeply", "timed out"}
    check_extraction(content, extraction)
    # The Kotlin grammar takes seconds for some broken files of 2 KB; whether they are given up depends on the machine.
    if extraction.problem != "timed out":
        assert extract(content, language) == extraction


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(content=st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_an_extraction(language: Language, content: bytes) -> None:
    check(content, language)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_marks_of_languages_give_an_extraction(language: Language, pieces: list[bytes]) -> None:
    check(b"".join(pieces), language)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(edits=EDITS)
def test_edited_sample_gives_an_extraction(sample: Path, edits: list[Edit]) -> None:
    check(edited(sample.read_bytes(), edits), of_sample(sample))
