"""Queries in other languages than English: searched for in English words too, and nothing else is taken for one."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

import funcseek.index
from funcseek.index.glossaries import SPACED, UNSPACED, english_of, glossary, in_run
from funcseek.index.models import ENGLISH_ONLY
from funcseek.index.query_vectors import QueryVectors
from tests.doubles import HashingEmbedder
from tests.index.questions import answer, indexed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funcseek.index.code_index import CodeIndex

SOURCES = """\
--- net.py
def again(url):
    "Retry the request and reconnect after a timeout."

def store(path):
    "Write the file to disk; delete the old one."

def shorten(path):
    # die Datei umbenennen
    return path

def compact(path):
    # 压缩图片
    return path

def 解析日期(text):
    return text
--- rows.js
/** Sorts the lines of a table, each by its first column. */
function arrange(table) { return table }
"""
LANGUAGES = (*SPACED, *UNSPACED)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodeIndex]:
    with indexed(tmp_path_factory.mktemp("translation"), SOURCES) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("nach einer Zeitüberschreitung die Verbindung wieder aufbauen", "again"),
        ("Wo werden Tabellenzeilen sortiert?", "arrange"),
        ("volver a intentar la petición cuando se agota el tiempo", "again"),
        ("¿Dónde se ordenan las líneas de la tabla?", "arrange"),
        ("タイムアウト後に再接続する", "again"),
        ("古いファイルを削除してディスクに書き込む", "store"),
        ("超时后重新连接", "again"),
        ("删除旧文件并写入磁盘", "store"),
    ],
)
def test_a_query_in_another_language_finds_what_is_written_in_english(index: CodeIndex, query: str, name: str) -> None:
    found = answer(index, query)
    assert found.hits[0].function.name == name
    assert found.reading.english


@pytest.mark.parametrize(
    "query",
    [
        "retry with exponential backoff",
        "reconnect after a tiemout",
        "keepalive probes",
        "format one entry as a single text line",
        "the die is cast in a red arm",
        "umbenennen",
        "tag_optoin",
        "gert_iterator",
        "iterator adatper",
        "解析日期",
        "net.解析日期()",
        "die Datei umbenennen",
        "shorten(path): Datei",
        "naïve café lookup",
        "ﷺ שלום",
        "Привет мир",
        "안녕하세요",
        "龘靐齉",
    ],
)
def test_english_and_what_the_code_holds_as_it_is_are_not_translated(index: CodeIndex, query: str) -> None:
    assert not answer(index, query).reading.english


@pytest.mark.parametrize(("query", "name"), [("die Datei umbenennen", "shorten"), ("压缩图片", "compact")])
def test_comments_in_the_language_of_the_query_are_found(index: CodeIndex, query: str, name: str) -> None:
    assert answer(index, query).hits[0].function.name == name


def test_only_a_model_that_knows_no_other_language_gets_the_english_words() -> None:
    asked: dict[str, str] = {}

    class Listening(HashingEmbedder):
        def embed_query(self, text: str):  # type: ignore[no-untyped-def]
            asked[self.name] = text
            return super().embed_query(text)

    vectors = QueryVectors("sort lines", "Zeilen sortieren")
    for name in ("of all languages", *ENGLISH_ONLY):
        embedder = Listening(identity=name)
        embedder.name = name
        vectors.begun(embedder)()
    assert asked == {"of all languages": "Zeilen sortieren"} | dict.fromkeys(ENGLISH_ONLY, "sort lines")


@pytest.mark.parametrize(
    ("word", "english"),
    [
        ("verbindungen", "connection"),
        ("fehlerbehandlung", "error"),
        ("verbindungsverzeichnis", "connection"),
        ("quastenflosser", ""),
        ("x" * 4_000, ""),
    ],
)
def test_inflected_words_and_compounds_are_known_by_their_parts(word: str, english: str) -> None:
    found = english_of(glossary("de"), word).split()
    assert english in found if english else not found


def test_where_no_spaces_are_the_longest_word_counts() -> None:
    assert [word for word, _ in in_run(glossary("zh"), "重新连接数据库")] == ["重新连接", "数据库"]


@pytest.mark.parametrize("name", LANGUAGES)
def test_each_glossary_is_in_order_and_says_everything_once_in_plain_english(name: str) -> None:
    lines = files(funcseek.index).joinpath("glossaries", f"{name}.txt").read_text("utf-8").splitlines()
    words = [line.partition("\t")[0] for line in lines]
    assert words == sorted(set(words))
    assert all(word == word.strip().lower() and " " not in word for word in words)
    for line in lines:
        english = line.partition("\t")[2]
        assert english.isascii()
        assert english == " ".join(english.lower().split())
        assert len(english.split()) <= 3
