"""An embeddings endpoint that the tests of a module share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
