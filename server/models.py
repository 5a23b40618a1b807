"""Which model the service uses, and where installed models lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..index.errors import ModelMissing

if TYPE_CHECKING:
    from ..index.embedder import Embedder
    from .places import Places

HINT = "no model is installed; run `funcseek model install minilm` to search by meaning."


def load_default(places: Places) -> Embedder:
    raise ModelMissing(HINT)
