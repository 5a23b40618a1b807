"""Which model the user chose, and which reranker, each in a file of the user's own.

Nothing in a workspace can write them, or is asked.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ..index.cache_folder import make_private
from ..index.errors import ModelError
from ..index.model_folder import NO_WISHES, Wishes

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Choice:
    """A model by the name that was given, and where it lies: a folder, ``""`` for one that is installed by name.

    ``model`` is the URL of an endpoint where there is a ``served`` model, by the name that its server calls it.
    """

    model: str
    folder: str = ""
    device: str | None = None
    wishes: Wishes = NO_WISHES
    served: str = ""
    # One of `transformer.PRECISIONS`; None is what suits the device.
    precision: str | None = None


def chosen(path: Path, *, command: str = "use") -> Choice | None:
    """Return what was chosen; None where nothing was. Raises ModelError for a file that cannot be read.

    ``command``: what of ``funcseek model`` chooses again.
    """
    try:
        fields = json.loads(path.read_text("utf-8"))
        return Choice(**{**fields, "wishes": Wishes(**fields["wishes"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{path} is damaged; run `funcseek model {command}` to choose a model again.") from error


def choose(path: Path, choice: Choice | None) -> None:
    """Keep a choice, or go back to the default with None."""
    make_private(path.parent)
    if choice is None:
        path.unlink(missing_ok=True)
        return
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(asdict(choice), indent=1), "utf-8")
    unfinished.replace(path)
