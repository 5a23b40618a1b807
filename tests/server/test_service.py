"""The service end to end: index, search, edit, rename, delete, switch branches; every wait is for a state."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from funcseek.index.errors import QueryError, RootError, ServiceError
from funcseek.server.client import Client, ask_to_leave, connect, running, service_health, start
from funcseek.server.places import HOME_VARIABLE, Places, places
from funcseek.server.protocol import PROTOCOL, VERSION, SearchRequest
from tests.doubles import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TREE = """\
--- src/net.py
def fetch_with_retries(url):
    "Retry a request with exponential backoff."
    return url
--- web/cart.ts
export function totalPrice(items: Item[]): number { return items.length }
--- cmd/main.go
package main

// Greet says hello to a user.
func Greet(name string) string { return name }
"""


@pytest.fixture
def client(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A connection to the service the tests share."""
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    with connect(places()) as connected:
        yield connected


@pytest.fixture
def fresh(fresh_home: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Places for a service of the test's own."""
    monkeypatch.setenv(HOME_VARIABLE, str(fresh_home))
    return places()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return lay_out(tmp_path, TREE)


def names(client: Client, tree: Path, query: str) -> list[str]:
    answer = client.search(SearchRequest(query, (str(tree),), wait_seconds=30))
    return [result["name"] for result in answer["results"]]


def wait_until(client: Client, tree: Path, holds: Callable[[], bool]) -> None:
    """Wait for the service's states until something holds; a state that never comes fails the test."""
    state = client.open(str(tree))
    for _ in range(200):
        if holds():
            return
        state = client.wait(str(tree), revision=state["revision"], wait_seconds=10)
    pytest.fail(f"it never came to hold; the last state is {state}")


def git(tree: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.invalid")
    subprocess.run(["git", "-C", tree, *identity, *arguments], check=True, capture_output=True)


def test_description_finds_the_function_in_every_language(client: Client, tree: Path) -> None:
    assert names(client, tree, "retry with exponential backoff")[0] == "fetch_with_retries"
    assert names(client, tree, "total price of items")[0] == "totalPrice"
    assert names(client, tree, "say hello to a user")[0] == "Greet"


def test_answer_says_where_and_how_complete(client: Client, tree: Path) -> None:
    answer = client.search(SearchRequest("totalPrice", (str(tree),), limit=1, wait_seconds=30))
    (result,) = answer["results"]
    assert (result["path"], result["line"], result["language"]) == ("web/cart.ts", 1, "typescript")
    assert answer["coverage"] == {"functions": 3, "embedded": 0, "pending_files": 0}
    assert "model install" in answer["notices"][0]


def test_misspelled_word_is_told_and_meant(client: Client, tree: Path) -> None:
    answer = client.search(SearchRequest("the pirces of all items", (str(tree),), limit=1, wait_seconds=30))
    assert [result["name"] for result in answer["results"]] == ["totalPrice"]
    assert "No function holds “pirces”; “prices” was searched for." in answer["notices"]


def test_question_in_another_language_is_answered_and_told_in_english(client: Client, tree: Path) -> None:
    answer = client.search(SearchRequest("den Preis aller Einträge summieren", (str(tree),), limit=1, wait_seconds=30))
    assert [result["name"] for result in answer["results"]] == ["totalPrice"]
    assert any(notice.startswith("Searched for in English words too: “") for notice in answer["notices"])


def test_saved_edit_is_found_and_the_old_name_is_gone(client: Client, tree: Path) -> None:
    assert names(client, tree, "totalPrice") == ["totalPrice"]
    (tree / "web" / "cart.ts").write_text("export function sumOfPrices() { return 1 }\n")
    wait_until(client, tree, lambda: "sumOfPrices" in names(client, tree, "sumOfPrices"))
    assert "totalPrice" not in names(client, tree, "totalPrice")


def test_renamed_and_deleted_files_are_followed(client: Client, tree: Path) -> None:
    assert names(client, tree, "Greet")
    (tree / "cmd").rename(tree / "tools")
    wait_until(client, tree, lambda: paths_of(client, tree, "Greet") == ["tools/main.go"])
    (tree / "tools" / "main.go").unlink()
    wait_until(client, tree, lambda: not names(client, tree, "Greet"))


def paths_of(client: Client, tree: Path, query: str) -> list[str]:
    return [result["path"] for result in client.search(SearchRequest(query, (str(tree),)))["results"]]


def test_switching_branches_is_followed(client: Client, tree: Path) -> None:
    git(tree, "init", "-q", "-b", "main")
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "one")
    git(tree, "switch", "-qc", "other")
    (tree / "src" / "net.py").write_text("def only_on_other():\n    pass\n")
    git(tree, "commit", "-qam", "two")
    wait_until(client, tree, lambda: names(client, tree, "only_on_other") == ["only_on_other"])
    git(tree, "switch", "-q", "main")
    wait_until(client, tree, lambda: "only_on_other" not in names(client, tree, "only_on_other"))
    assert names(client, tree, "fetch_with_retries")[0] == "fetch_with_retries"


def test_ignored_file_is_left_out_as_soon_as_it_is_ignored(client: Client, tree: Path) -> None:
    git(tree, "init", "-q")
    assert names(client, tree, "Greet")
    (tree / ".gitignore").write_text("cmd/\n")
    wait_until(client, tree, lambda: not names(client, tree, "Greet"))


def test_part_of_a_root_is_searched_alone(client: Client, tree: Path) -> None:
    git(tree, "init", "-q")
    assert names(client, tree / "web", "retry with exponential backoff") == []
    assert names(client, tree / "src" / "net.py", "retry") == ["fetch_with_retries"]


def test_folder_of_an_opened_root_is_no_root_of_its_own(client: Client, tree: Path) -> None:
    assert names(client, tree, "Greet")
    assert names(client, tree / "web", "price") == ["totalPrice"]
    assert str(tree / "web") not in [root["root"] for root in client.health()["roots"]]


def test_several_roots_are_ranked_together(client: Client, tmp_path: Path) -> None:
    one = lay_out(tmp_path / "one", "--- a.py\ndef parse_date(): pass\n")
    two = lay_out(tmp_path / "two", "--- b.py\ndef parse_time(): pass\n")
    answer = client.search(SearchRequest("parse time", (str(one), str(two)), wait_seconds=30))
    assert [result["name"] for result in answer["results"]] == ["parse_time", "parse_date"]
    assert {result["root"] for result in answer["results"]} == {str(one), str(two)}


def test_filters_leave_the_rest_out(client: Client, tree: Path) -> None:
    request = SearchRequest("return", (str(tree),), languages=("go",), wait_seconds=30)
    assert {result["language"] for result in client.search(request)["results"]} == {"go"}
    request = SearchRequest("return", (str(tree),), globs=("web/",), wait_seconds=30)
    assert {result["path"] for result in client.search(request)["results"]} == {"web/cart.ts"}


@pytest.mark.parametrize(
    ("request_", "error", "words"),
    [
        (SearchRequest("x", ("/no/such/folder",)), RootError, "does not exist"),
        (SearchRequest("x", ("relative",)), RootError, "absolute"),
        (SearchRequest("x", ()), QueryError, "at least one path"),
        (SearchRequest("  ", ("/tmp",)), QueryError, "empty"),
        (SearchRequest("x", ("/tmp",), limit=0), QueryError, "1 to 100"),
        (SearchRequest("x", ("/tmp",), languages=("klingon",)), QueryError, "klingon"),
    ],
)
def test_wrong_request_gets_one_sentence(
    client: Client, tmp_path: Path, request_: SearchRequest, error: type[Exception], words: str
) -> None:
    paths = tuple(str(tmp_path) if path == "/tmp" else path for path in request_.paths)
    request = SearchRequest(request_.query, paths, request_.limit, request_.languages)
    with pytest.raises(error, match=words):
        client.search(request)


def test_empty_folder_is_searched_without_a_hit(client: Client, tmp_path: Path) -> None:
    assert names(client, tmp_path, "anything") == []


@pytest.mark.parametrize(
    "body",
    [{"path": 7}, {"path": None}, {"path": "/", "revision": "x"}, {"path": "/", "wait_seconds": float("nan")}, {}],
)
def test_garbage_request_harms_nobody(client: Client, body: dict[str, object]) -> None:
    with pytest.raises(QueryError, match="must be"):
        client.call("wait", **body)
    assert client.health()["protocol"] == PROTOCOL


def test_connection_that_lay_idle_too_long_is_renewed(client: Client) -> None:
    before = client.health()["pid"]
    client._connection.sock.shutdown(socket.SHUT_RDWR)  # noqa: SLF001 (what the service does to an idle one)
    assert client.health()["pid"] == before


def test_second_service_leaves_and_the_first_stays(client: Client) -> None:
    first = client.health()["pid"]
    assert start(places()).wait(timeout=30) == 0
    assert client.health()["pid"] == first


def test_stale_socket_of_a_killed_service_is_replaced(fresh: Places, tree: Path) -> None:
    with connect(fresh) as client:
        killed = client.health()["pid"]
        subprocess.run(["kill", "-9", str(killed)], check=True)
    with connect(fresh) as client:
        assert client.health()["pid"] != killed
        assert names(client, tree, "retry")[0] == "fetch_with_retries"


@pytest.mark.parametrize("older", ["VERSION = '0.0.1'", "PROTOCOL = 0"])
def test_service_of_another_version_is_replaced(fresh: Places, older: str) -> None:
    script = (
        "from funcseek.server import protocol; from funcseek.server.places import places;"
        f"protocol.{older}; from funcseek.server.service import serve; serve(places())"
    )
    process = subprocess.Popen([sys.executable, "-P", "-c", script])
    while service_health(fresh) is None:
        assert process.poll() is None
    with connect(fresh) as client:
        assert (client.health()["version"], client.health()["protocol"]) == (VERSION, PROTOCOL)
    assert process.wait(timeout=30) == 0


def test_service_that_left_is_started_again(fresh: Places) -> None:
    connect(fresh).close()
    assert ask_to_leave(fresh)
    assert running(fresh) is None
    with connect(fresh) as client:
        assert client.health()["roots"] == []


def test_request_to_no_service_says_where_the_log_is(fresh: Places) -> None:
    ask_to_leave(fresh)
    with Client(fresh) as client, pytest.raises(ServiceError, match=r"service\.log"):
        client.health()
