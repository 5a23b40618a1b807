"""Which reranker is used: the one the user chose, else none. Loads it; orders nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.endpoint import Endpoint
from ..index.errors import ModelMissing
from ..index.models import RERANKERS
from ..index.reranker_folder import read_reranker
from .choice import Choice, chosen
from .models import KEY_VARIABLE, check_torch, keep_kernels
from .models import found as found_model

if TYPE_CHECKING:
    from ..index.reranker import Reranker
    from .places import Places

ADVICE = "no reranker is chosen; run `funcseek model rerank` to choose one."


@dataclass(frozen=True, slots=True)
class LoadedReranker:
    """A reranker, and the host that code goes to with every question; ``""`` where it stays on this machine."""

    reranker: Reranker
    host: str = ""


def found(name: str, *, served: str = "") -> Choice:
    """Return a reranker by what a person calls it; raises ModelError where there is none."""
    return found_model(name, served=served, presets=(), known=RERANKERS)


def chosen_reranker(places: Places) -> Choice | None:
    """Return what was chosen, None where nothing was; raises ModelError for a file that cannot be read."""
    return chosen(places.reranker, command="rerank")


def name_of(choice: Choice) -> str:
    """Return what people call the model of a choice."""
    return choice.served or read_reranker(Path(choice.folder)).name


def load_reranker(places: Places) -> LoadedReranker:
    """Load the reranker of this user; raises ModelMissing where there is none, ModelError where it cannot be used."""
    choice = chosen_reranker(places)
    if choice is None:
        raise ModelMissing(ADVICE)
    keep_kernels(places)
    return load_choice(choice)


def load_choice(choice: Choice) -> LoadedReranker:
    """Load a reranker; raises ModelError where it cannot be used."""
    if choice.served:
        from ..index.remote import connect_reranker

        reranker = connect_reranker(Endpoint(choice.model, choice.served), key=os.environ.get(KEY_VARIABLE, ""))
        return LoadedReranker(reranker, "" if reranker.is_local else reranker.host)
    check_torch(choice)
    # Imported here: who never reranks must not wait for torch.
    from ..index.yes_no_reranker import load

    return LoadedReranker(load(read_reranker(Path(choice.folder)), device=choice.device))
