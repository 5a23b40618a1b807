"""Questions that nobody meant to ask: each is answered, or refused in one clear sentence, by words and by meaning."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.index import updater
from funcseek.index.code_index import CodeIndex, Home, search
from funcseek.index.errors import QueryError
from funcseek.index.hits import MAX_LIMIT, MAX_QUERY_CHARACTERS, Query
from tests.doubles import HashingEmbedder, lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from funcseek.index.hits import Answer

    Ask = Callable[..., Answer]

# More functions that answer one query than are ranked together.
MANY = "\n".join(f"def read_page_{number}(book):\n    return book[{number}]\n" for number in range(150))
TREE = """\
--- net.py
class Pool:
    def __init__(self, size):
        self.size = size

    def get_socket(self, host):
        "Open a connection near the host, or reuse one."
        return host

def get_user(name):
    "Select a user from the table by name."
    return name

def x(a):
    "The unknown."
    return a
--- 日期.py
def 解析日期(文本):
    return 文本

def parse_day(text):
    # 把字符串解析为日期
    return text
--- many.py
@
--- old.go
package main

func Greet(name string) string { return name }
""".replace("@", MANY)
SECONDS_OF_OLD = 1_000_000_000.5
HOUR_NS = 3_600_000_000_000
WORDS = " ".join(f"word{number}" for number in range(60))

ANSWERED: dict[str, tuple[str, str | None]] = {
    # The query, and a function that must be found by words; None where nothing need be.
    "full-text operators": ('" OR NEAR( *', "get_socket"),
    "a quote": ('"', None),
    "quotes": ("'get_user' \"", "get_user"),
    "AND": ("AND", None),
    "NOT": ("NOT x", "x"),
    "a column": ("name:user", "get_user"),
    "a caret": ("^x", "x"),
    "a prefix": ("use* get_*", "get_user"),
    "brackets": ("((({[", None),
    "emoji": ("🔥🔥🚀", None),
    "an emoji in a sentence": ("🔥 open a connection", "get_socket"),
    "joined emoji": ("👩‍👩‍👧", None),
    "right to left": ("افتح الاتصال", None),
    "a mark of direction": ("\u202eopen a connection\u202c", "get_socket"),
    "SQL": ("'; DROP TABLE function; -- select user", "get_user"),
    "a regex": ("^get_.*$", "get_user"),
    "control characters": ("open\x07 a\x1b[31m connection\x7f", "get_socket"),
    "lines": ("open\r\na\tconnection\n", "get_socket"),
    "a mark of byte order": ("\ufeffopen a connection", "get_socket"),
    "one character": ("x", "x"),
    "one Chinese character": ("日", "解析日期"),
    "punctuation": ("?!...", None),
    "an operator": ("==", None),
    "more words than count": (f"get_user {WORDS}", "get_user"),
    "a word as long as may be": ("a" * MAX_QUERY_CHARACTERS, None),
    "a name with combining marks": ("e\u0301" * 50, None),
    "a placeholder": ("%s {name} $1 ? :name", "get_user"),
    "a private character": ("\ue000", None),
}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({"text": ""}, "The query is empty"),
    "white space": ({"text": " \t\r\n\u3000"}, "The query is empty"),
    "control characters only": ({"text": "\x01\x1b"}, "The query is empty"),
    "NULs only": ({"text": "\0\0"}, "The query is empty"),
    "marks that cannot be seen": ({"text": "\ufeff\u200b\u202e"}, "The query is empty"),
    "100 KB": ({"text": "retry " * 17_000}, "The query has 102000 characters; shorten it to 20000"),
    "UTF-16": ({"text": "o\0p\0e\0n\0"}, "NUL characters"),
    "half a character": ({"text": "open \ud800"}, "halves of characters"),
    "bytes that are no text": ({"text": os.fsdecode(b"caf\xe9")}, "give it in UTF-8"),
    "limit 0": ({"limit": 0}, "The limit is 0; give a whole number from 1 to 100"),
    "limit -1": ({"limit": -1}, "The limit is -1"),
    "limit a million": ({"limit": 1_000_000}, "The limit is 1000000"),
    "limit 1.5": ({"limit": 1.5}, "The limit is 1.5"),
    "limit true": ({"limit": True}, "The limit is True"),
    "score -1": ({"min_score": -1}, "The least score is -1"),
    "score 2": ({"min_score": 2}, "The least score is 2"),
    "score NaN": ({"min_score": float("nan")}, "The least score is nan"),
    "language": ({"languages": ("klingon",)}, "Unknown language 'klingon'; known are .*python"),
    "language of SQL": ({"languages": ("') OR 1 --",)}, "Unknown language"),
    "kind": ({"kinds": ("class",)}, "Unknown kind 'class'; known are accessor, .*method"),
    "kind of SQL": ({"kinds": ("method') OR ('1",)}, "Unknown kind"),
    "empty pattern": ({"paths": ("",)}, "A pattern of paths is empty"),
    "pattern with half a character": ({"paths": ("\ud800",)}, "halves of characters"),
    "time NaN": ({"changed_since": float("nan")}, "The time since which files changed is nan"),
    "time without end": ({"changed_since": float("inf")}, "files changed is inf"),
    "time in milliseconds of the far future": ({"changed_since": 1e13}, "give seconds since 1970-01-01 UTC"),
}


@pytest.fixture(scope="module", params=["words", "meaning"])
def ask(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Ask an index by words alone, then one by words and meaning."""
    folder = tmp_path_factory.mktemp("bad")
    root = lay_out(folder / "root", TREE)
    os.utime(root / "old.go", (SECONDS_OF_OLD, SECONDS_OF_OLD))
    with CodeIndex(root, Home(folder / "home"), guard=threading.Lock()) as index, pytest.MonkeyPatch.context() as patch:
        patch.setattr(updater, "RACY_NS", HOUR_NS)  # a busy machine may read the files long after they were written
        index.adopt(HashingEmbedder() if request.param == "meaning" else None)
        _fill(index)
        reader = index.reader()
        yield lambda text="open a connection", **options: search([(reader, "")], Query(text, **options))
        reader.close()


def _fill(index: CodeIndex) -> None:
    for _ in index.scan():
        pass
    while index.embed():
        pass


def names(answer: Answer) -> list[str]:
    return [hit.function.name for hit in answer.hits]


def check(ask: Ask, sentence: str | None = None, **asked: Any) -> list[str]:
    """See that a query is answered, or refused in one sentence; return the names found."""
    if sentence is None:
        return names(ask(**asked))
    with pytest.raises(QueryError, match=sentence) as refused:
        ask(**asked)
    told = str(refused.value)
    assert told.endswith(".")
    assert "\n" not in told
    assert len(told) < 500
    told.encode()
    return []


@pytest.mark.parametrize(("query", "name"), ANSWERED.values(), ids=ANSWERED)
def test_strange_query_is_answered(ask: Ask, query: str, name: str | None) -> None:
    found = check(ask, text=query)
    assert name is None or name in found


@pytest.mark.parametrize(("asked", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_answered_is_refused_in_a_sentence(ask: Ask, asked: dict[str, Any], sentence: str) -> None:
    check(ask, sentence, **asked)


@pytest.mark.parametrize("text", ["get", "open a connection", "get_socket", "解析", "read page book", "read_page"])
def test_first_five_do_not_depend_on_the_limit(ask: Ask, text: str) -> None:
    first = check(ask, text=text, limit=MAX_LIMIT)[:5]
    for limit in (1, 2, 4, 5, 6, 50):
        assert check(ask, text=text, limit=limit)[:5] == first[:limit]


@pytest.mark.parametrize(
    ("text", "name"),
    [("解析日期", "解析日期"), ("文本", "解析日期"), ("把字符串解析为日期", "parse_day"), ("字符串", "parse_day")],
)
def test_chinese_words_of_names_and_comments_are_found(ask: Ask, text: str, name: str) -> None:
    assert name in check(ask, text=text, limit=5)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (("method",), {"get_socket"}),
        (("constructor",), {"__init__"}),
        (("constructor", "method"), {"__init__", "get_socket"}),
        (("macro",), set()),
    ],
)
def test_only_functions_of_the_kinds_are_found(ask: Ask, kinds: tuple[str, ...], expected: set[str]) -> None:
    assert set(check(ask, text="init get_socket size host user name", kinds=kinds)) == expected
    assert set(check(ask, text="Greet", kinds=kinds)) <= expected


@pytest.mark.parametrize("since", [0, -1e9, SECONDS_OF_OLD, SECONDS_OF_OLD + 1e5])
def test_file_that_was_changed_just_before_it_was_read_counts_as_changed(ask: Ask, since: float) -> None:
    assert "Greet" in check(ask, text="Greet", changed_since=since)


def test_nothing_has_changed_since_tomorrow(ask: Ask) -> None:
    assert check(ask, text="Greet get_user", changed_since=8e9) == []


def test_file_counts_as_changed_at_its_own_time_and_not_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updater, "RACY_NS", 0)  # as if the files were read long after they were written
    root = lay_out(tmp_path / "root", TREE)
    os.utime(root / "old.go", (SECONDS_OF_OLD, SECONDS_OF_OLD))
    stamp = os.stat(root / "old.go").st_mtime
    with CodeIndex(root, Home(tmp_path / "home"), guard=threading.Lock()) as index:
        _fill(index)
        reader = index.reader()

        def found(since: float, **options: Any) -> list[str]:
            return names(search([(reader, "")], Query("Greet get_user", changed_since=since, **options)))

        assert {"Greet", "get_user"} <= set(found(stamp))
        assert "Greet" not in found(stamp + 0.001)
        assert "get_user" in found(stamp + 0.001)
        assert found(stamp + 0.001, languages=("go",)) == []
        reader.close()
