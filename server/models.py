"""Which model the service uses, and why: what the user chose, else what suits the machine."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.endpoint import MAX_CHARACTERS, Endpoint, address_of
from ..index.errors import ModelError, ModelMissing
from ..index.hub import cached, check_published, fetched, obtained
from ..index.installation import installed
from ..index.laser import NAME as LASER
from ..index.laser import cache as laser_cache
from ..index.laser import check_library, is_laser
from ..index.laser import obtained as obtained_laser
from ..index.model_folder import NO_WISHES, read_folder
from ..index.models import HUB_MODELS, PRESETS, QWEN3
from .choice import Choice, chosen
from .model_process import ModelProcess
from .model_serving import Wanted, load

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..index.embedder import Embedder
    from ..index.model_folder import ModelFolder
    from ..index.models import HubModel
    from ..index.transformer import TransformerEncoder
    from .places import Places

# The only place a key comes from: not a file, which would be copied, and not an argument, which others can list.
KEY_VARIABLE = "FUNCSEEK_ENDPOINT_KEY"
# As code is rather dense; the server cuts what is longer.
CHARACTERS_PER_TOKEN = 4
ADVICE = "no model is installed; run `funcseek model install minilm` to search by meaning."


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model, and why it is the one, as people are told."""

    embedder: Embedder
    reason: str
    # Where code goes that is embedded; "" where it stays on this machine.
    host: str = ""


def load_model(places: Places, *, is_apart: bool = False) -> Loaded:
    """Load the model of this user; raises ModelMissing where there is none, ModelError where it cannot be used.

    ``is_apart``: one on torch in a process of its own, for whoever has other work meanwhile.
    """
    keep_kernels(places)
    choice = chosen(places.choice)
    if choice is not None:
        return _load_choice(places, choice, is_apart=is_apart)
    return _qwen3_on_gpu(is_apart=is_apart) or Loaded(_embedded(places), "the embedded default")


def keep_kernels(places: Places) -> None:
    """Have torch keep what it compiles among our files: its own folder in ``/tmp`` anybody could make first."""
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(places.kernels))


def _load_choice(places: Places, choice: Choice, *, is_apart: bool) -> Loaded:
    reason = "chosen with `funcseek model use`"
    if choice.served:
        return _connected(choice, reason)
    if not choice.folder:
        return Loaded(_embedded(places), reason)
    if is_laser(Path(choice.folder)):
        return _load_laser(choice, reason)
    check_torch(choice)
    encoder = _on_torch(Wanted(described(choice), choice.device, choice.precision), is_apart=is_apart)
    return Loaded(encoder, f"{reason}, on {encoder.device} in {encoder.precision}")


def _on_torch(wanted: Wanted, *, is_apart: bool) -> ModelProcess | TransformerEncoder:
    return ModelProcess(wanted) if is_apart else load(wanted)


def _load_laser(choice: Choice, reason: str) -> Loaded:
    from ..index.laser import load

    encoder = load(Path(choice.folder), device=choice.device, max_tokens=choice.wishes.max_tokens)
    return Loaded(encoder, f"{reason}, on {encoder.device}")


def _connected(choice: Choice, reason: str) -> Loaded:
    from ..index.remote import connect

    encoder = connect(endpoint_of(choice), key=os.environ.get(KEY_VARIABLE, ""))
    return Loaded(encoder, f"{reason}, at {encoder.host}", "" if encoder.is_local else encoder.host)


def endpoint_of(choice: Choice) -> Endpoint:
    """Return the endpoint that a choice names, under the wishes that came with it."""
    wishes = choice.wishes
    return Endpoint(
        choice.model, choice.served, wishes.dimension, wishes.query_prompt or "", wishes.passage_prompt or "",
        wishes.max_tokens * CHARACTERS_PER_TOKEN if wishes.max_tokens else MAX_CHARACTERS,
    )  # fmt: skip


def _qwen3_on_gpu(*, is_apart: bool) -> Loaded | None:
    """Load Qwen3-Embedding where both it and a GPU are there."""
    folder = cached(QWEN3) if has_torch() else None
    if folder is None or not (folder / "model.safetensors").is_file():
        return None
    # Nobody chose these files: they are looked at before they are used, which takes a second.
    check_published(QWEN3, folder)
    try:
        encoder = _on_torch(Wanted(described(Choice("qwen3", str(folder))), needs_gpu=True), is_apart=is_apart)
    except ModelMissing:
        return None
    return Loaded(encoder, "a GPU and its weights are there")


def _embedded(places: Places) -> Embedder:
    model = installed(places.models)
    if model is None:
        raise ModelMissing(ADVICE)
    # Imported here: what runs without a model must not pay for its library.
    from ..index.onnx_encoder import load

    return load(model)


def check_torch(choice: Choice) -> None:
    """Raise ModelError where a model of one's own cannot run for want of a library."""
    if not has_torch():
        raise ModelError(f'{choice.model} needs torch and transformers; install them: pip install "funcseek[gpu]".')


def check_folder(choice: Choice) -> None:
    """Raise ModelError for a folder that could not be loaded, as far as that can be told without loading it."""
    if not is_laser(Path(choice.folder)):
        check_torch(choice)
        described(choice)
        return
    check_library()
    if choice.precision or replace(choice.wishes, max_tokens=None) != NO_WISHES:
        raise ModelError("LASER 2 has no settings but --max-tokens and --device; leave the others out.")


def has_torch() -> bool:
    """Say whether the extra that models of one's own need is installed. Imports nothing."""
    return find_spec("torch") is not None and find_spec("transformers") is not None


def found(
    name: str,
    *,
    served: str = "",
    presets: Collection[str] = (*PRESETS, LASER),
    known: Mapping[str, HubModel] = HUB_MODELS,
) -> Choice:
    """Return a model by what a person calls it: a URL, a known name, a folder, or one of the hub, fetched if need be.

    ``served`` is what the server at a URL calls its model; ``presets`` and ``known`` are the known names.
    Raises ModelError where there is none, or where its files are not the published ones.
    """
    if "://" in name:
        address_of(name)
        if not served:
            raise ModelError("An endpoint needs the name its server calls the model by; add --name MODEL.")
        return Choice(name, served=served)
    if name == LASER and LASER in presets:
        return Choice(name, str(obtained_laser(laser_cache())))
    if name in presets:
        return Choice(name)
    model = next((model for model in known.values() if name in {model.key, model.repository}), None)
    if model is not None:
        return Choice(name, str(obtained(model)))
    if Path(name).is_dir():
        return Choice(name, str(Path(name).resolve()))
    if name.count("/") == 1 and not name.startswith((".", "/", "~")):
        return Choice(name, str(fetched(name)))
    names = ", ".join([*presets, *known])
    raise ModelError(f"There is no model {name!r}; name one of {names}, a folder, or one of the hub (OWNER/NAME).")


def described(choice: Choice) -> ModelFolder:
    """Return what the folder of a choice says, under the wishes that came with it; raises ModelError."""
    path = Path(choice.folder)
    known = next((model for model in HUB_MODELS.values() if _is_same(model.key, model.repository, choice)), None)
    return read_folder(path, choice.wishes, fallback=known.usage if known else NO_WISHES)


def _is_same(key: str, repository: str, choice: Choice) -> bool:
    return choice.model in {key, repository} or Path(choice.folder).name == repository.rpartition("/")[2]
