"""``funcseek embeddings`` as a process of its own, and the official client that talks to it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openai import OpenAI, RateLimitError

from funcseek.server.places import HOME_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path

COMMAND = [sys.executable, "-P", "-m", "funcseek.server", "embeddings"]


class EmbeddingServer:
    """A running server: its one line, and where it listens."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        self.process = process
        self.line = process.stderr.readline()
        ready = re.search(r"embedding server ready at (http://\S+), model", self.line)
        assert ready, self.line + process.stderr.read()
        self.url = ready[1]

    def client(self, *, key: str = "none", retries: int = 0) -> OpenAI:
        port = urlsplit(self.url).port
        return OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key=key, max_retries=retries)

    def request(
        self, method: str, path: str, body: bytes | None = None, *, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Return status and JSON of what the official client would never send."""
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(self.url).port or 0, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C; return the exit status and what was printed after the one line."""
        self.process.send_signal(signal.SIGINT)
        _, rest = self.process.communicate(timeout=60)
        return self.process.returncode, rest


def environment(home: Path, **more: str) -> dict[str, str]:
    return os.environ | {HOME_VARIABLE: str(home), "HF_HUB_OFFLINE": "1", "HF_HOME": str(home / "hub")} | more


def refused(client: OpenAI, under_way: Future[Any]) -> RateLimitError:
    """Return how a request is refused once those under way fill the queue."""
    while not under_way.done():
        try:
            client.embeddings.create(model=client.models.list().data[0].id, input="short")
        except RateLimitError as error:
            return error
    raise AssertionError("the queue was never full")


@contextmanager
def running(home: Path, *options: str, **variables: str) -> Iterator[EmbeddingServer]:
    """Run a server on a free port until the end of the block."""
    # A shell that started these tests in the background has Ctrl-C ignored, and children inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [*COMMAND, "--port", "0", *options], env=environment(home, **variables), stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        try:
            yield EmbeddingServer(process)
        finally:
            process.kill()
