"""The real model: downloaded once for all test runs of a machine, and installed by each, so that it is today's build.

``FUNCSEEK_TEST_MODELS`` names another folder for the download than the one in the user's cache.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from platformdirs import user_cache_path

from funcseek.index.installation import Installed, install
from funcseek.index.models import MINILM
from funcseek.index.onnx_encoder import OnnxEncoder, load
from funcseek.index.weights import local, registry

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def model_cache() -> Path:
    folder = Path(os.environ.get("FUNCSEEK_TEST_MODELS") or user_cache_path("funcseek-tests", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def published(model_cache: Path) -> Path:
    """The folder with the files as published, fetched with pip by the run that comes first."""
    folder = model_cache / "published"
    with FileLock(model_cache / "published.lock"):
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=model_cache) as scratch:
                fetched = Path(scratch, "published")
                fetched.mkdir()
                registry().fetch(MINILM, fetched)
                shutil.move(fetched, folder)
    return folder


@pytest.fixture(scope="session")
def minilm(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("models")
    yield install(folder, source=local(published), report=lambda _: None)
    # pytest would keep the 58 MB of three runs.
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def encoder(minilm: Installed) -> OnnxEncoder:
    return load(minilm)
