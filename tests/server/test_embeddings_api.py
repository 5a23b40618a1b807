"""What the endpoint does when its callers hang up, when its model fails, and with too many of them. No sockets."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from funcseek.server.embedding_requests import Card
from funcseek.server.embeddings_api import Embeddings, application
from funcseek.server.guard import Guard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from starlette.types import ASGIApp, Message

BODY = {"type": "http.request", "body": b"", "more_body": False}
MAX_REQUESTS = 2
GONE = {"type": "http.disconnect"}


class Letters:
    """An encoder whose tokens are letters; works when it is let, and remembers what it was given."""

    name, identity, dimension = "letters", "letters", 2
    max_tokens, vocabulary_size = 100, 0x110000

    def __init__(self) -> None:
        self.embedded: list[list[int]] = []
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()

    def passage_tokens(self, texts: Sequence[str]) -> list[list[int]]:
        return [[ord(letter) for letter in text] for text in texts]

    def query_tokens(self, text: str) -> list[int]:
        return self.passage_tokens([text])[0]

    def embed_tokens(self, tokens: Sequence[list[int]]) -> NDArray[np.float32]:
        self.embedded += tokens
        self.has_begun.set()
        assert self.may_go_on.wait(timeout=30)
        if [ord("!")] in tokens:
            raise RuntimeError("broken")
        return np.tile(np.array([[0.6, 0.8]], np.float32), (len(tokens), 1))

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.embed_tokens(self.passage_tokens(texts))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self.embed_passages([text])[0]
        return row


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def app(letters: Letters) -> Iterator[ASGIApp]:
    card = Card(("letters",), letters.dimension, letters.dimension, letters.max_tokens, letters.vocabulary_size)
    embeddings = Embeddings(letters, card, max_waiting=100, max_requests=MAX_REQUESTS)
    yield application(embeddings, Guard())
    letters.may_go_on.set()
    embeddings.close()


class Caller:
    """One request, whose caller hangs up when told to."""

    def __init__(self, text: str) -> None:
        self._body = json.dumps({"model": "letters", "input": text}).encode()
        self._is_read = False
        self.hangs_up = asyncio.Event()
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        if not self._is_read:
            self._is_read = True
            return {**BODY, "body": self._body}
        await self.hangs_up.wait()
        return GONE

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def ask(self, app: ASGIApp) -> tuple[int, Any]:
        scope = {
            "type": "http", "method": "POST", "path": "/v1/embeddings", "query_string": b"", "root_path": "",
            "headers": [(b"host", b"localhost")],
        }  # fmt: skip
        await app(scope, self.receive, self.send)
        body = b"".join(message.get("body", b"") for message in self.sent)
        return self.sent[0]["status"], json.loads(body or b"null")


def test_caller_that_hangs_up_is_never_embedded(app: ASGIApp, letters: Letters) -> None:
    async def play() -> None:
        stays, leaves = Caller("a"), Caller("b")
        first = asyncio.create_task(stays.ask(app))
        assert await asyncio.to_thread(letters.has_begun.wait, 30)
        second = asyncio.create_task(leaves.ask(app))
        leaves.hangs_up.set()
        assert (await second)[0] == 499
        letters.may_go_on.set()
        assert (await first)[0] == 200
        assert (await Caller("c").ask(app))[0] == 200

    asyncio.run(play())
    assert letters.embedded == [[ord("a")], [ord("c")]]


def test_model_that_fails_is_an_error_of_the_server_and_the_next_is_answered(app: ASGIApp, letters: Letters) -> None:
    async def play() -> list[tuple[int, Any]]:
        letters.may_go_on.set()
        return [await Caller("!").ask(app), await Caller("a").ask(app)]

    (broken, body), (healthy, _) = asyncio.run(play())
    assert (broken, body["error"]["type"], healthy) == (500, "server_error", 200)


def test_too_many_callers_at_once_are_sent_away(app: ASGIApp, letters: Letters) -> None:
    async def play() -> tuple[int, Any]:
        others = [asyncio.create_task(Caller("a").ask(app)) for _ in range(MAX_REQUESTS)]
        assert await asyncio.to_thread(letters.has_begun.wait, 30)
        refused = await Caller("b").ask(app)
        letters.may_go_on.set()
        assert {(await other)[0] for other in others} == {200}
        return refused

    status, body = asyncio.run(play())
    assert (status, body["error"]["code"]) == (429, "rate_limit_exceeded")
