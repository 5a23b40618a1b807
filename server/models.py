"""Which model the service uses, where installed models lie, and the command that brings a missing one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..index.errors import ModelMissing
from ..index.installation import installed

if TYPE_CHECKING:
    from ..index.embedder import Embedder
    from .places import Places

ADVICE = "no model is installed; run `funcseek model install minilm` to search by meaning."


def load_default(places: Places) -> Embedder:
    """Load the embedded default; raises ModelMissing where it is not installed, ModelError where it is damaged."""
    model = installed(places.models)
    if model is None:
        raise ModelMissing(ADVICE)
    # Imported here: what runs without a model must not pay for its library.
    from ..index.onnx_encoder import load

    return load(model)
