"""Queries with a slip in a word: respelled where no function holds the word and one holds what is meant."""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING

import pytest

from tests.index.questions import answer, indexed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funcseek.index.code_index import CodeIndex

SOURCES = """\
--- net.py
def fetch(url):
    "Retry a request with exponential backoff, and receive what is in memory."

def handle_reqeust(request):
    "Offer the request, then the next request."
--- cart.js
/** Adds up the prices in a shopping basket. */
function total(basket) { return basket.length }
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodeIndex]:
    with indexed(tmp_path_factory.mktemp("misspellings"), SOURCES) as opened:
        yield opened


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("retry with exponental backoff", {"exponental": "exponential"}),
        ("Recieve it from memroy", {"Recieve": "receive", "memroy": "memory"}),
        ("a shopping bsaket", {"bsaket": "basket"}),
        ("exponental", {"exponental": "exponential"}),
        ("receive_memroy, as memroy", {"memroy": "memory"}),
    ],
)
def test_misspelled_words_are_searched_for_as_they_are_meant(
    index: CodeIndex, typed: str, meant: dict[str, str]
) -> None:
    found = answer(index, typed)
    assert dict(found.reading.respelled) == meant
    for word, right in meant.items():
        typed = re.sub(rf"\b{word}\b", right, typed)
    assert [hit.function.name for hit in found.hits] == [hit.function.name for hit in answer(index, typed).hits]
    assert found.hits


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("a shelf within reach", id="English that no function holds"),
        pytest.param("handle a reqeust", id="a slip that the code holds too"),
        pytest.param("retry with exponen", id="the beginning of a word"),
        pytest.param("the tax of a jug", id="short words"),
        pytest.param("recieveMemroy", id="an identifier"),
        pytest.param("recieve_memroy of it", id="an identifier among words"),
        pytest.param("what src/recieve.py does", id="a path"),
        pytest.param("Recieve::memroy()", id="a name with its scope"),
        pytest.param("knit zzyzxqvw socks", id="like nothing"),
        pytest.param("Speicher für Anfragen", id="another language"),
        pytest.param("解析配置", id="another script"),
        pytest.param(
            f"exponental {' '.join(f'wor{letter * 3}{last}' for letter in ascii_lowercase for last in 'mn')}",
            id="a pasted document",
        ),
    ],
)
def test_other_words_are_left_alone(index: CodeIndex, typed: str) -> None:
    assert not answer(index, typed).reading.respelled
