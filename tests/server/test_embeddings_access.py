"""How the embeddings endpoint starts and ends, and whom it answers."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import openai
import pytest

from tests.server.embedding_server import COMMAND, EmbeddingServer, environment, refused, running

if TYPE_CHECKING:
    from pathlib import Path

NAME = "all-MiniLM-L6-v2"
TOKEN = "a-secret"


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}])
def test_page_in_a_browser_is_refused(server: EmbeddingServer, headers: dict[str, str]) -> None:
    assert server.request("GET", "/v1/models", headers=headers)[0] == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:30000", "[::1]:30000"])
def test_names_of_this_machine_are_answered(server: EmbeddingServer, host: str) -> None:
    assert server.request("GET", "/v1/models", headers={"Host": host})[0] == 200


def test_other_addresses_need_the_token(model_home: Path) -> None:
    with running(model_home, "--host", "0.0.0.0", FUNCSEEK_EMBEDDINGS_TOKEN=TOKEN) as server:
        with server.client(key=TOKEN) as client:
            assert client.models.list().data[0].id == NAME
        with (
            server.client(key="b-secret") as client,
            pytest.raises(openai.AuthenticationError, match="FUNCSEEK_EMBEDDINGS_TOKEN"),
        ):
            client.models.list()
        assert server.request("GET", "/v1/models")[0] == 401
        assert server.request("GET", "/v1/models", headers={"Authorization": f"Basic {TOKEN}"})[0] == 401
        assert server.request("GET", "/health")[0] == 200
        named = {"Host": "build-machine.example", "Authorization": f"Bearer {TOKEN}"}
        assert server.request("GET", "/v1/models", headers=named)[0] == 200
        assert server.request("GET", "/v1/models", headers=named | {"Origin": "http://evil.example"})[0] == 403


def test_one_line_says_that_it_is_ready_and_ctrl_c_ends_it(model_home: Path) -> None:
    with running(model_home) as server:
        assert server.line.rstrip().endswith(f"ready at {server.url}, model {NAME} (the embedded default)")
        with server.client() as client:
            client.embeddings.create(model=NAME, input="x")
        assert server.interrupt() == (130, "")


def test_ctrl_c_tells_those_who_wait(model_home: Path) -> None:
    long = [f"text {number} " * 20 for number in range(2000)]
    with running(model_home, "--queue", "1") as server, server.client() as client, ThreadPoolExecutor(1) as other:
        under_way = other.submit(client.embeddings.create, model=NAME, input=long)
        refused(client, under_way)
        assert server.interrupt() == (130, "")
        with pytest.raises(openai.InternalServerError, match="leaving"):
            under_way.result()


@pytest.mark.parametrize(
    ("options", "variables", "status", "says"),
    [
        (["--host", "0.0.0.0"], {}, 2, "set FUNCSEEK_EMBEDDINGS_TOKEN"),
        (["--host", "0.0.0.0"], {"FUNCSEEK_EMBEDDINGS_TOKEN": "  "}, 2, "set FUNCSEEK_EMBEDDINGS_TOKEN"),
        ([], {"FUNCSEEK_EMBEDDINGS_TOKEN": "ü"}, 2, "letters, digits and signs"),
        (["--host", "no such host"], {}, 2, "There is no address 'no such host'"),
        (["--port", "70000"], {}, 2, "no port 70000"),
        (["--least-dimension", "1000"], {}, 2, "has vectors of 384 numbers"),
        (["--port", "0"], {"FUNCSEEK_HOME": "/nonexistent"}, 4, "funcseek model install minilm"),
    ],
)
def test_server_that_cannot_start_says_what_to_do(
    model_home: Path, options: list[str], variables: dict[str, str], status: int, says: str
) -> None:
    check_start_fails(["--port", "0", *options], environment(model_home, **variables), status, says=says)


def test_port_that_is_taken_is_said(model_home: Path, server: EmbeddingServer) -> None:
    port = server.url.rpartition(":")[2]
    check_start_fails(["--port", port], environment(model_home), 3, says="give another --port")


def check_start_fails(options: list[str], variables: dict[str, str], status: int, *, says: str) -> None:
    done = subprocess.run([*COMMAND, *options], env=variables, capture_output=True, text=True, check=False, timeout=60)
    assert says in done.stderr
    assert (done.returncode, done.stderr.count("\n")) == (status, 1)
