"""Words of identifiers and queries."""

from __future__ import annotations

import pytest

from funcseek.index.lexical import as_identifier, match_expression, query_words, spread, spread_and_whole


@pytest.mark.parametrize(
    ("identifier", "parts"),
    [
        ("parseHTTPResponse", "parse HTTP Response"),
        ("HTTPServer", "HTTP Server"),
        ("sha256sum", "sha256sum"),
        ("utf8Decode", "utf8 Decode"),
        ("snake_case", "snake_case"),
        ("X", "X"),
    ],
)
def test_camel_case_is_opened_up(identifier: str, parts: str) -> None:
    assert spread(identifier) == parts


def test_whole_identifier_is_kept_beside_its_parts() -> None:
    assert spread_and_whole("getName") == "get Name getName"
    assert spread_and_whole("name") == "name"


def test_stop_words_are_dropped_from_a_sentence() -> None:
    assert query_words("How do I parse a date?") == ("parse", "date")


def test_single_letters_are_dropped_from_a_sentence() -> None:
    assert query_words("the file's last axis") == ("file", "last", "axis")
    assert query_words("x axis") == ("x", "axis")


def test_unspaced_scripts_are_searched_by_pairs_of_characters() -> None:
    assert query_words("解析配置 file") == ("file", "解析", "析配", "配置")
    assert spread("# 解析") == "#  解析 "
    assert match_expression(("析",)) == '"析"*'


def test_stop_words_stay_when_nothing_else_is_left() -> None:
    assert query_words("what is this") == ("what", "is", "this")


def test_identifier_in_a_query_counts_whole_and_split() -> None:
    assert query_words("getUserName") == ("getusername", "get", "user", "name")


def test_full_text_operators_are_only_words() -> None:
    assert match_expression(query_words('a" OR * NEAR( -x')) == '"near" OR "x"'


@pytest.mark.parametrize(
    ("query", "identifier"),
    [
        ("Pool.get", ("Pool", "get")),
        ("Foo::bar()", ("Foo", "bar")),
        ("_private", ("_private",)),
        ("valid?", ("valid?",)),
        ("two words", ()),
        ("", ()),
        ("3d", ()),
    ],
)
def test_one_identifier_is_recognised(query: str, identifier: tuple[str, ...]) -> None:
    assert as_identifier(query) == identifier
