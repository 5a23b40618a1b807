"""Where a server of the OpenAI kind is, which embeds or reranks, and how the user wants it used. Opens no connection.

Only what cannot be misread becomes an address: plain ASCII, no name or password, no query. Texts of errors never repeat
the URL, which may hold a secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from .errors import ModelError

# The text of 512 tokens, the shortest limit of a model commonly served, is rarely longer than 2,400 characters.
MAX_CHARACTERS = 2_400

_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/%+-]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One model on a server, and how it is to be used.

    ``url`` is the server's (``/v1`` is meant where it has no path), the API's, or that of its ``/embeddings`` or
    ``/rerank``.
    ``dimension`` asks the server for shorter vectors than its own; a prompt stands before each text, which is cut after
    ``max_characters``.
    """

    url: str
    model: str
    dimension: int | None = None
    query_prompt: str = ""
    passage_prompt: str = ""
    max_characters: int = MAX_CHARACTERS


@dataclass(frozen=True, slots=True)
class Address:
    """The doors of a server; ``host`` is what errors call it, with its port where the URL has one."""

    embeddings: str
    models: str
    host: str
    is_local: bool
    rerank: str


def address_of(url: str) -> Address:
    """Return the doors behind a URL; raises ModelError where code would travel in the open or the URL holds a secret.

    Unencrypted HTTP is for this machine only.
    """
    _check_secrets(url)
    if not _URL.fullmatch(url):
        raise ModelError("The endpoint is no URL such as https://host/v1 or http://127.0.0.1:30000; correct it.")
    try:
        parts = urlsplit(url)
        name, port = parts.hostname or "", parts.port
        is_ip6 = ":" in name and ip_address(name) is not None
    except ValueError:
        raise ModelError("The endpoint's URL names no valid host and port; correct it.") from None
    host = (f"[{name}]" if is_ip6 else name) + ("" if port is None else f":{port}")
    is_local = _is_loopback(name)
    if parts.scheme == "http" and not is_local:
        raise ModelError(f"Code would travel to {host} unencrypted; use an https:// address or a tunnel to 127.0.0.1.")
    path = parts.path.rstrip("/") if parts.path.strip("/") else "/v1"
    base = f"{parts.scheme}://{host}{path.removesuffix('/embeddings').removesuffix('/rerank')}"
    return Address(f"{base}/embeddings", f"{base}/models", host, is_local, f"{base}/rerank")


def _check_secrets(url: str) -> None:
    authority = url.partition("://")[2].partition("/")[0]
    if "@" in authority:
        raise ModelError("The endpoint's URL holds a name or password; set FUNCSEEK_ENDPOINT_KEY instead.")
    if "?" in url or "#" in url:
        raise ModelError("The endpoint's URL has a part behind ? or #; leave it out, a key is FUNCSEEK_ENDPOINT_KEY.")


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
