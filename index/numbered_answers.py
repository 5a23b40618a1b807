"""The numbered list that a model's server answers with, checked before anything of it is believed. Pure.

What its items hold is the business of `embedding_answers` and `rerank_answers`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .errors import ModelError


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of API is sent and answers with, in the words of errors, and the ``key`` of the list.

    ``may_be_bare``: some servers send the list and nothing around it.
    """

    api: str
    sent: str
    made: str
    key: str
    may_be_bare: bool = False

    @property
    def wrong_address(self) -> str:
        """What to do where a server answers with something else."""
        return f"check that the address is that of {self.api}"


def loaded(body: bytes) -> Any:
    """Return what a body says as JSON, None where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def numbered(body: bytes, count: int, *, kind: Kind, host: str) -> list[dict[str, Any]]:
    """Return the item of each of ``count`` texts, in the order they were sent; raises ModelError."""
    items = _items(body, kind, host)
    placed = {item["index"]: item for item in items if type(item.get("index")) is int}
    if len(items) != count or placed.keys() != set(range(count)):
        raise ModelError(
            f"{host} answered {count} {kind.sent} with {len(items)} {kind.made}, numbered for"
            f" {len(placed.keys() & range(count))} of them; update or restart its server."
        )
    return [placed[place] for place in range(count)]


def _items(body: bytes, kind: Kind, host: str) -> list[dict[str, Any]]:
    found = loaded(body)
    if found is None:
        what = "a web page" if body.lstrip()[:1] == b"<" else "what is no JSON"
        raise ModelError(f"{host} answered with {what}; {kind.wrong_address}.")
    bare = found if kind.may_be_bare else None
    items = found.get(kind.key) if isinstance(found, dict) else bare
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ModelError(f"{host} answered with JSON that holds no {kind.made}; {kind.wrong_address}.")
    return items
