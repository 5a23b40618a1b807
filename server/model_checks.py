"""Checks of `funcseek doctor` on the model: its bytes, and whose code may go to an endpoint. Calls no endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..index.endpoint import address_of
from ..index.home import Home
from ..index.housekeeping import stored_indexes
from ..index.installation import installed, verify
from .choice import chosen
from .consents import Consents
from .findings import note, ok
from .models import ADVICE, check_folder, check_torch
from .rerankers import chosen_reranker, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .choice import Choice
    from .findings import Finding
    from .places import Places


def model(places: Places) -> Iterator[Finding]:
    """Hash the installed model, or read what describes the chosen one; raises ModelError where it cannot be used."""
    choice = chosen(places.choice)
    if choice is not None and choice.served:
        yield from _endpoint(places, choice)
    elif choice is not None and choice.folder:
        check_folder(choice)
        yield ok("model", f"{choice.model} lies in {choice.folder}")
    elif (found := installed(places.models)) is not None:
        verify(found)
        yield ok("model", f"{found.preset.name} is intact, every byte of it")
    else:
        yield note("model", ADVICE[0].upper() + ADVICE[1:])


def reranker(places: Places) -> Iterator[Finding]:
    """Read what describes the chosen reranker, if there is one; raises ModelError where it cannot be used."""
    choice = chosen_reranker(places)
    if choice is None:
        return
    if choice.served:
        yield from _endpoint(places, choice, check="reranker", purpose="reranked")
    else:
        check_torch(choice)
        yield ok("reranker", f"{name_of(choice)} lies in {choice.folder}")


def _endpoint(places: Places, choice: Choice, *, check: str = "model", purpose: str = "embedded") -> Iterator[Finding]:
    address = address_of(choice.model)
    if address.is_local:
        yield ok(check, f"{choice.served} is served on this machine")
        return
    yield ok(
        check, f"{choice.served} is served at {address.host}, to which code goes only from folders that are allowed"
    )
    home, consents = Home(places.cache), Consents(places.consents)
    for stored in stored_indexes(home) if home.vector_cache.exists() else []:
        withheld = stored.root and consents.withheld(stored.root, address.host, purpose=purpose)
        if withheld:
            yield note("consent", withheld)
        elif stored.root is not None:
            yield ok("consent", f"code of {stored.root} may go to {address.host}")
