"""What an HTTP answer other than 200 means for one who asks for vectors: wait, ask for less, or give up. Pure."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .errors import ModelAway, ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

# As much of a server's own words as fits a line.
MAX_QUOTED_CHARACTERS = 200

# TEI: "must have less than 512 tokens" and "batch size 64 > maximum allowed batch size 32". vLLM and OpenAI: "maximum
# context length is". SGLang: "is longer than the model's context length". llama.cpp: "is too large to process".
_TOO_LONG = re.compile(
    r"too (long|large|many (tokens|inputs))|context (length|size|window)|longer than|less than \d+ tokens|batch size",
    re.IGNORECASE,
)
# Before a model is loaded and after a fault llama.cpp and proxies answer 5xx; its "too large" is a 500 as well.
_TELLS_OF_LENGTH = frozenset({400, 422, 500})


class TooLong(ModelError):
    """The texts are too many or too long for one request."""


def check_status(status: int, body: bytes, *, headers: Mapping[str, str], host: str, key: str) -> None:
    """Return where the status is 200; else raise ModelAway, TooLong or ModelError, which never hold the key."""
    if status == 200:
        return
    said = _said(body, key)
    if status == 413 or (status in _TELLS_OF_LENGTH and _TOO_LONG.search(said)):
        raise TooLong(f"{host} takes no text as long as this{_quoted(said)}; ask for fewer characters.")
    if status == 429:
        raise ModelAway(
            f"{host} takes no more requests for now (429){_quoted(said)}; the work goes on when it does.",
            retry_after_seconds=_retry_after(headers),
        )
    if status == 408 or (status >= 500 and status != 501):
        raise ModelAway(
            f"{host} failed ({status}){_quoted(said)}; see its log, the work goes on when it is back.",
            retry_after_seconds=_retry_after(headers),
        )
    if 300 <= status < 400:
        raise ModelError(f"{host} sends us on to {_target(headers, host)}; if you trust that, make it the endpoint.")
    if status in {401, 403}:
        raise ModelError(f"{host} refuses our key ({status}){_quoted(said)}; set FUNCSEEK_ENDPOINT_KEY.")
    if status in {404, 405}:
        raise ModelError(f"{host} has no such model or page ({status}){_quoted(said)}; correct the endpoint or model.")
    raise ModelError(f"{host} refused the request ({status}){_quoted(said)}; correct the endpoint's settings.")


def _said(body: bytes, key: str) -> str:
    """Return a server's own words, in the several shapes that servers give them; of a web page, nothing."""
    text = body.decode("utf-8", "replace")
    if text.lstrip().startswith("<"):
        return ""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = text
    for name in ("error", "message", "detail"):
        if isinstance(found, dict):
            found = found.get(name, found)
    words = found if isinstance(found, str) else json.dumps(found)
    return words.replace(key, "***") if key else words


def one_line(said: str) -> str:
    """Return the beginning of a server's words as one line that may be shown on a terminal."""
    line = "".join(letter if letter.isprintable() else " " for letter in said[: 2 * MAX_QUOTED_CHARACTERS])
    return " ".join(line.split())[:MAX_QUOTED_CHARACTERS].strip(" .")


def _quoted(said: str) -> str:
    short = one_line(said)
    return f': "{short}"' if short else ""


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header, which says them or a date."""
    value = headers.get("retry-after", "")
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _target(headers: Mapping[str, str], host: str) -> str:
    """Return scheme and host of a redirect; the rest of its URL may hold a secret."""
    try:
        parts = urlsplit(headers.get("location", ""))
        name, port = parts.hostname, parts.port
    except ValueError:
        return "another address"
    if not name or not re.fullmatch(r"[A-Za-z0-9.:-]+", name):
        return f"another page of {host}"
    return f"{parts.scheme or 'https'}://{name}" + (f":{port}" if port else "")
