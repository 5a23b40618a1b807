"""What is asked of the embeddings endpoint and what it answers, in OpenAI's shapes. Pure: no HTTP, no model.

Where OpenAI refuses, so does this: an empty text, more than 2,048 inputs. But of a text that is too long it reads the
beginning, as the index does; ``usage`` counts what was read.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

MAX_INPUTS = 2048
# What is quoted of a caller's own words.
QUOTED_CHARACTERS = 80

_FORMS = ("float", "base64")
# As TEI and Voyage call them; Voyage's word for a passage is document.
_PURPOSES = {"query": True, "passage": False, "document": False}


class Refusal(Exception):
    """What a caller gets instead of vectors: a status, and the fields of OpenAI's error object."""

    def __init__(
        self, status: int, message: str, *, param: str | None = None, code: str | None = None,
        kind: str = "invalid_request_error", headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Hold what is answered."""
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}


@dataclass(frozen=True, slots=True)
class Card:
    """The model that is served: ``names`` are what callers may call it, the first is its own.

    ``least_dimension`` is how short its vectors may be cut; its own ``dimension`` where they may not.
    """

    names: tuple[str, ...]
    dimension: int
    least_dimension: int
    max_tokens: int
    vocabulary_size: int

    @property
    def name(self) -> str:
        """Its own name."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: texts, or lists of tokens in place of them."""

    texts: list[str]
    tokens: list[list[int]]
    is_query: bool
    dimension: int
    form: str


def asked(raw: bytes, card: Card) -> Asked:
    """Return what a body asks for; raises Refusal."""
    body = _decoded(raw)
    check_model(body.get("model"), card)
    texts, tokens = _inputs(body.get("input"), card)
    return Asked(
        texts=texts,
        tokens=tokens,
        is_query=_PURPOSES[_one_of(body, "input_type", tuple(_PURPOSES), default="passage")],
        dimension=_dimension(body.get("dimensions"), card),
        form=_one_of(body, "encoding_format", _FORMS, default="float"),
    )


def check_model(name: object, card: Card) -> None:
    """Raise Refusal where a model is not the one that is served."""
    if not isinstance(name, str) or not name:
        raise Refusal(400, f"You must provide a model parameter; this server has {card.name!r}.", param="model")
    if name not in card.names:
        raise Refusal(
            404,
            f"The model {_quoted(name)} does not exist; this server has {card.name!r}.",
            param="model",
            code="model_not_found",
        )


def _decoded(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"The body is not JSON that can be read ({type(error).__name__}).") from error
    if not isinstance(body, dict):
        raise Refusal(400, f"The body must be a JSON object; it is a {type(body).__name__}.")
    return body


def _inputs(given: object, card: Card) -> tuple[list[str], list[list[int]]]:
    """Return texts or lists of tokens, one of them empty."""
    items: list[Any] = given if isinstance(given, list) else [given]
    if items and _is_token(items[0]):
        items = [items]
    if not items or not isinstance(items[0], str | list):
        raise _bad_input("'input' must be a text, a list of texts, a list of tokens or a list of such lists.")
    if len(items) > MAX_INPUTS:
        raise _bad_input(f"'input' must have {MAX_INPUTS} items at most; it has {len(items)}.")
    if all(isinstance(item, str) for item in items):
        if "" in items:
            raise _bad_input(f"'input' cannot hold an empty text; item {items.index('')} is one.")
        return items, []
    for number, item in enumerate(items):
        _check_tokens(item, number, card)
    return [], items


def _check_tokens(item: object, number: int, card: Card) -> None:
    if not isinstance(item, list) or not item or not all(map(_is_token, item)):
        raise _bad_input(f"'input' must be all texts or all lists of tokens; item {number} is neither.")
    if len(item) > card.max_tokens:
        # Cut off, it would lack the tokens that close a text.
        raise _bad_input(f"Item {number} of 'input' has {len(item)} tokens; {card.name} reads {card.max_tokens}.")
    if not all(0 <= token < card.vocabulary_size for token in item):
        raise _bad_input(
            f"Item {number} of 'input' has a token that {card.name} does not know: they are its own tokenizer's, from 0"
            f" to {card.vocabulary_size - 1}; send texts if yours are another's."
        )


def _is_token(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _bad_input(message: str) -> Refusal:
    return Refusal(400, message, param="input")


def _dimension(given: object, card: Card) -> int:
    if given is None or (given == card.dimension and _is_token(given)):
        return card.dimension
    if not isinstance(given, int) or not _is_token(given):
        raise Refusal(400, "'dimensions' must be a whole number.", param="dimensions")
    if card.least_dimension == card.dimension:
        raise Refusal(
            400,
            f"'dimensions' is {given}, and {card.name} always has {card.dimension}: it was not trained to be cut.",
            param="dimensions",
        )
    if not card.least_dimension <= given <= card.dimension:
        raise Refusal(
            400,
            f"'dimensions' is {given}; {card.name} has from {card.least_dimension} to {card.dimension}.",
            param="dimensions",
        )
    return given


def _one_of(body: Mapping[str, Any], name: str, known: Sequence[str], *, default: str) -> str:
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, str) or value not in known:
        raise Refusal(400, f"{name!r} must be one of {', '.join(known)}.", param=name)
    return value


def _quoted(text: str) -> str:
    return repr(text if len(text) <= QUOTED_CHARACTERS else text[:QUOTED_CHARACTERS] + "…")


def answer(rows: NDArray[np.float32], wanted: Asked, *, model: str, tokens: int) -> bytes:
    """Return the body of an answer; vectors that are cut are brought to unit length again."""
    if wanted.dimension < rows.shape[1]:
        rows = rows[:, : wanted.dimension]
        rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    data = [
        {"object": "embedding", "index": number, "embedding": embedding}
        for number, embedding in enumerate(_embeddings(rows, wanted.form))
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return encoded({"object": "list", "data": data, "model": model, "usage": usage})


def _embeddings(rows: NDArray[np.float32], form: str) -> list[Any]:
    if form == "base64":
        return [base64.b64encode(row.tobytes()).decode() for row in rows.astype("<f4", copy=False)]
    listed: list[Any] = rows.tolist()
    return listed


def encoded(body: Mapping[str, Any]) -> bytes:
    """Return JSON in ASCII: what is quoted of a caller may be no text that UTF-8 can hold."""
    return json.dumps(body, separators=(",", ":"), allow_nan=False).encode()
