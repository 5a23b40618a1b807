"""``funcseek embeddings``: serves the model over HTTP as OpenAI does, in the foreground. Answers nothing itself."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING

import uvicorn

from ..index.embedder import Encoder
from ..index.errors import ModelError, ServiceError, UsageError
from ..index.models import HUB_MODELS, PRESETS
from .embedding_requests import Card
from .embeddings_api import Embeddings, application
from .guard import Guard
from .models import load_model
from .places import places

if TYPE_CHECKING:
    import argparse

_logger = logging.getLogger(__name__)

TOKEN_VARIABLE = "FUNCSEEK_EMBEDDINGS_TOKEN"  # noqa: S105 (its name)
INTERRUPTED = 130
# A larger one would be taken for its last 16 bits.
HIGHEST_PORT = 65_535
# What is being embedded when the server is told to leave may be finished in this time.
LEAVE_SECONDS = 2


def run(chosen: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    try:
        _serve(chosen)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _serve(chosen: argparse.Namespace) -> None:
    token = _token()
    with bound(chosen.host, chosen.port, is_guarded=bool(token)) as listener:
        encoder, reason = _loaded()
        embeddings = Embeddings(encoder, card(encoder, chosen.least_dimension), max_waiting=chosen.queue)
        app = application(embeddings, Guard(token, frozenset({chosen.host.lower()})))
        config = uvicorn.Config(
            app, lifespan="off", ws="none", proxy_headers=False, access_log=False, log_config=None, server_header=False,
            timeout_graceful_shutdown=LEAVE_SECONDS,
        )  # fmt: skip
        try:
            asyncio.run(_Server(config, embeddings, f"model {encoder.name} ({reason})").serve(sockets=[listener]))
        finally:
            embeddings.close()


def _loaded() -> tuple[Encoder, str]:
    """Return a model that has answered once, and why it is the one."""
    # Some libraries make an error of their own of a Ctrl-C while they are imported. There is nothing to put away yet.
    before = signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    try:
        loaded = load_model(places())
        encoder = loaded.embedder
        if not isinstance(encoder, Encoder):
            raise ModelError(
                f"{encoder.name} is served by another endpoint already; ask that one, or choose a model of this machine"
                " with `funcseek model use`."
            )
        encoder.embed_query("warm up")
    finally:
        signal.signal(signal.SIGINT, before)
    return encoder, loaded.reason


class _Server(uvicorn.Server):
    """Says in one line when it can answer, and keeps nobody waiting when it leaves."""

    def __init__(self, config: uvicorn.Config, embeddings: Embeddings, model: str) -> None:
        super().__init__(config)
        self._embeddings = embeddings
        self._model = model

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _logger.info("embedding server ready at %s, %s", _url((sockets or [])[0]), self._model)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._embeddings.leave()
        await super().shutdown(sockets)


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _token() -> str:
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise UsageError(f"{TOKEN_VARIABLE} holds what no header can; set it to letters, digits and signs.")
    return token


def bound(host: str, port: int, *, is_guarded: bool) -> socket.socket:
    """Return a socket that has an address and does not listen yet.

    Raises UsageError for an address that others reach without a token, ServiceError for one that cannot be had.
    """
    if not 0 <= port <= HIGHEST_PORT:
        raise UsageError(f"There is no port {port}; give one from 0 to {HIGHEST_PORT} with --port.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError, OverflowError) as error:
        raise UsageError(f"There is no address {host!r} with port {port}; give another with --host.") from error
    if not is_guarded and not ip_address(str(address[0]).partition("%")[0]).is_loopback:
        raise UsageError(
            f"{host} can be reached from other machines; set {TOKEN_VARIABLE} to a secret that callers have to give as"
            " their API key, or leave --host out."
        )
    # With the protocol named: only then does asyncio send small answers at once, 40 ms sooner.
    listener = socket.socket(family, kind, protocol)
    try:
        # Or it could not be started again for a minute after it left.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise ServiceError(f"Cannot listen at {host} port {port}: {error.strerror}; give another --port.") from error
    return listener


def card(encoder: Encoder, least_dimension: int | None) -> Card:
    """Return what callers may know of a model; ``least_dimension`` counts more than what is known of it.

    Raises UsageError where its vectors cannot be cut to that.
    """
    preset = next((model for model in PRESETS.values() if model.name == encoder.name), None)
    published = next((model for model in HUB_MODELS.values() if model.name == encoder.name), None)
    if least_dimension is None:
        trained = published.least_dimension if published else None
        least_dimension = min(trained or encoder.dimension, encoder.dimension)
    if not 0 < least_dimension <= encoder.dimension:
        raise UsageError(f"{encoder.name} has vectors of {encoder.dimension} numbers; give a --least-dimension below.")
    aliases = [name for model in (preset, published) if model for name in (model.key, model.repository)]
    return Card(
        (encoder.name, *aliases), encoder.dimension, least_dimension, encoder.max_tokens, encoder.vocabulary_size
    )
