"""Who may speak to the embeddings endpoint: no page in a browser, and nobody without the token where there is one.

A page may send requests to this machine, and by DNS that changes its mind even read the answers: its browser says so by
``Origin`` and ``Host``. Behind a token neither name matters that a caller has for this machine.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from .embedding_requests import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

# Whoever looks after processes has no token. It says nothing but that the server lives.
OPEN_PATH = "/health"


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules of one server: ``hosts`` are the names it goes by, besides those of the loopback."""

    token: str = ""
    hosts: frozenset[str] = frozenset()

    def check(self, path: str, headers: Mapping[str, str]) -> None:
        """Raise Refusal for a request that may not be answered; the names of ``headers`` are in lower case."""
        if "origin" in headers:
            raise _forbidden("Pages in a browser may not use this server.")
        if not self.token and not self._is_ours(host_of(headers.get("host", ""))):
            raise _forbidden("This server goes by another name; call it by the address that it logged.")
        if self.token and path != OPEN_PATH:
            self._check_token(headers.get("authorization", ""))

    def _is_ours(self, host: str) -> bool:
        return host in self.hosts or is_loopback(host)

    def _check_token(self, given: str) -> None:
        scheme, _, token = given.partition(" ")
        # In a time that does not tell how much of it is right.
        is_right = hmac.compare_digest(token.strip().encode("utf-8", "replace"), self.token.encode())
        if scheme.lower() != "bearer" or not is_right:
            raise Refusal(
                401,
                "The API key is missing or wrong; it is the server's FUNCSEEK_EMBEDDINGS_TOKEN.",
                code="invalid_api_key",
                headers={"WWW-Authenticate": "Bearer"},
            )


def _forbidden(message: str) -> Refusal:
    return Refusal(403, message, kind="permission_error")


def host_of(header: str) -> str:
    """Return the name in a ``Host`` header without its port, in lower case and without brackets."""
    name = header.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0]


def is_loopback(host: str) -> bool:
    """Say whether a name or an address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
