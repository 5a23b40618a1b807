"""An embeddings endpoint that the tests of a module share, and an end to the roots that they open."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from funcseek.index.errors import FuncseekError
from funcseek.server.client import running as running_service
from funcseek.server.places import Places
from tests.server.embedding_server import EmbeddingServer, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funcseek.index.installation import Installed


@pytest.fixture(scope="session")
def model_home(minilm: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home where the real model is installed."""
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(minilm.folder.parent)
    return home


@pytest.fixture(scope="module")
def server(model_home: Path) -> Iterator[EmbeddingServer]:
    """Return an embeddings endpoint that the tests of a module share."""
    with running(model_home) as server:
        yield server


@pytest.fixture(scope="module", autouse=True)
def _roots_are_closed(home: Path) -> Iterator[None]:
    """Close what a module's tests have opened: each root is watched, and a user has 128 watchers, editors included."""
    yield
    if client := running_service(Places(home, home / "run", home)):
        with client:
            for stored in client.health()["roots"]:
                # Some are gone with their tests.
                with contextlib.suppress(FuncseekError):
                    client.call("close", path=stored["root"])
