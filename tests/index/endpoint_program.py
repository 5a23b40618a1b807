"""A process that runs ``endpoint_server``: started, told what to do, killed and started again on the same port."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

TOP = Path(__file__).parents[2]


class EndpointProgram:
    """One server process, ready once this is made."""

    def __init__(self) -> None:
        self._process = self._started("0")

    def _started(self, port: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.index.endpoint_server", port]
        process = subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        self.port = int(process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"
        return process

    def plan(self, **plan: object) -> None:
        """Behave like this from now on, otherwise honestly."""
        with urlopen(f"{self.url}/plan", data=json.dumps(plan).encode()):
            pass

    @property
    def seen(self) -> list[dict[str, Any]]:
        """The requests for vectors and scores since the last plan."""
        with urlopen(f"{self.url}/seen") as answer:
            return json.load(answer)  # type: ignore[no-any-return]

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def start_again(self) -> None:
        self._process = self._started(str(self.port))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()


@pytest.fixture(scope="module")
def program() -> Iterator[EndpointProgram]:
    """One for all tests of a module, each of which plans it anew."""
    with EndpointProgram() as started:
        yield started
