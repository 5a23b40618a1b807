"""The systems by name. Each ranks for itself; nothing here does.

``bm25``, ``dense:MODEL``, ``hybrid:MODEL`` (the product in three ways), ``plain:MODEL`` (the baseline), where MODEL is
``default``, a folder, one of the hub or ``URL#MODEL``; ``endpoint:URL#MODEL`` (hybrid with vectors of a server);
``rerank:MODEL`` (hybrid with the embedded default, its first hits reranked by ``qwen3``, a folder, one of the hub or
``URL#MODEL``); ``command:TEMPLATE`` with ``{query}`` and ``{root}``, ``ripgrep``, ``ctags`` and ``semble``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from funcseek.index.errors import ModelError

from .commands import Command
from .corpora import Unavailable
from .embedders import DEFAULT, embedder_named, reranker_named
from .grep import ripgrep
from .plain import Plain
from .product import WAYS, Product
from .ranker import System
from .semble import semble
from .tags import ctags

if TYPE_CHECKING:
    from pathlib import Path

KINDS = (*WAYS, "plain", "endpoint", "rerank", "command", "ripgrep", "ctags", "semble")


def system_named(name: str, cache: Path) -> System:
    """Return a system, ready to be opened on roots; Unavailable says in one sentence why it cannot take part."""
    kind, _, rest = name.partition(":")
    if kind not in KINDS:
        raise Unavailable(f"{name} is left out: there is no such system; known are {', '.join(KINDS)}.")
    if kind == "command":
        return System(name, Command(rest).opened)
    if kind == "semble":
        return semble(cache)
    if kind in ("ripgrep", "ctags"):
        return ripgrep() if kind == "ripgrep" else ctags()
    try:
        if kind == "rerank":
            return _reranking(name, rest or "qwen3", cache)
        return _embedding(name, kind, rest or DEFAULT, cache=cache)
    except ModelError as error:
        raise Unavailable(f"{name} is left out: {error}") from error


def _embedding(name: str, kind: str, model: str, *, cache: Path) -> System:
    embedder = None if kind == "bm25" else embedder_named(model, cache)
    if kind == "plain" and embedder:
        return System(name, Plain(embedder, cache).opened, close=getattr(embedder, "close", lambda: None))
    way = "hybrid" if kind == "endpoint" else kind
    return System(name, Product(way, embedder, cache).opened, close=getattr(embedder, "close", lambda: None))


def _reranking(name: str, model: str, cache: Path) -> System:
    reranker = reranker_named(model)
    product = Product("hybrid", embedder_named(DEFAULT, cache), cache, reranker)
    return System(name, product.opened, close=reranker.close)
