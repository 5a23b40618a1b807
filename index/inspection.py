"""What is wrong with what lies on disk, and the repair of it. Looks without a lock; repairs only as the one writer.

A reader's look is one snapshot, so that a writer may go on meanwhile; only a file of the graph that it sweeps away in
between looks like damage, which is why that is looked at twice.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from filelock import FileLock

from .audit import audit
from .catalogue import live_labels, open_catalogue, setting
from .code_index import locked
from .errors import IndexDamaged
from .extraction_cache import open_extraction_cache
from .generations import Shelf, generations
from .keys import secret_key
from .live_graph import LiveGraph, Space, fit_rows, in_steps
from .repair import rescue_vectors
from .store import remove_database
from .upkeep import Upkeep
from .vector_cache import known_model, open_vector_cache

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .home import Home
    from .store import Database


def vectors_fault(home: Home) -> str | None:
    """Say what is wrong with the vectors that all roots share, None where nothing is; raises IndexFailure."""
    return _fault_of(lambda: open_vector_cache(home.vector_cache)) if home.vector_cache.exists() else None


def repair_vectors(home: Home) -> None:
    """Keep of the vectors what can be read; raises StorageFailure. Who has them open notices, and opens them anew."""
    with FileLock(home.folder / "mending.lock", mode=0o600, thread_local=False):
        rescue_vectors(home.vector_cache)


def extractions_fault(home: Home) -> str | None:
    """Say what is wrong with the extractions that all roots share, None where nothing is; raises IndexFailure."""
    return _fault_of(lambda: open_extraction_cache(home.extraction_cache)) if home.extraction_cache.exists() else None


def repair_extractions(home: Home) -> None:
    """Throw the extractions away: files are parsed again when they change; raises StorageFailure."""
    remove_database(home.extraction_cache)


def catalogue_fault(home: Home, root: Path) -> str | None:
    """Say what is wrong with the catalogue of a root, None where nothing is; raises IndexFailure."""
    return _fault_of(lambda: open_catalogue(home.catalogue_of(root), home.vector_cache))


def repair_catalogue(home: Home, root: Path) -> None:
    """Remove the catalogue of a root, which the next opening builds anew from source; raises IndexBusy."""
    with locked(home.index_of(root), root):
        remove_database(home.catalogue_of(root))


def graph_fault(home: Home, root: Path) -> str | None:
    """Say what is wrong with the saved graphs of a root, None where nothing is or none was saved.

    Every file must be what was written, and the newest one with the changes after it must hold what the catalogue does
    and find it. Raises IndexFailure.
    """
    with contextlib.closing(open_catalogue(home.catalogue_of(root), home.vector_cache)) as catalogue:
        return _graph_fault(catalogue, home, root) and _graph_fault(catalogue, home, root)


def repair_graph(home: Home, root: Path, *, exact_labels: int | None = None) -> None:
    """Build the graph of a root anew and save it; raises IndexBusy, StorageFailure. ``exact_labels`` as in `Upkeep`."""
    with (
        locked(home.index_of(root), root),
        contextlib.closing(open_catalogue(home.catalogue_of(root), home.vector_cache)) as catalogue,
    ):
        space, shelf = _space(catalogue), _shelf(home, root)
        shelf.clear(catalogue)
        if space is None:
            return
        live = LiveGraph(space, guard=contextlib.nullcontext())
        live.open(catalogue, shelf)
        upkeep = Upkeep(live, catalogue, shelf, exact_labels=exact_labels)
        while upkeep.step():
            pass


def _fault_of(opened: Callable[[], Database]) -> str | None:
    try:
        with contextlib.closing(opened()) as database:
            return database.fault()
    except IndexDamaged as error:
        return str(error)


def _shelf(home: Home, root: Path) -> Shelf:
    return Shelf(home.graphs_of(root), secret_key(home.key))


def _space(catalogue: Database) -> Space | None:
    """Return the vectors that a root's graph is made of, None where no graph of its model was saved."""
    identity = setting(catalogue, "model")
    number = known_model(catalogue, identity) if identity else None
    saved = next((one for one in generations(catalogue) if one.model == identity), None)
    return Space(number, saved.model, saved.dimension) if number is not None and saved else None


def _graph_fault(catalogue: Database, home: Home, root: Path) -> str | None:
    with catalogue.snapshot():
        shelf = _shelf(home, root)
        if damaged := shelf.damaged(catalogue):
            return f"{shelf.folder / damaged[0].file} is not what was written"
        space = _space(catalogue)
        if space is None:
            return None
        live = LiveGraph(space, guard=contextlib.nullcontext())
        live.open(catalogue, shelf)
        if live.graph is None:
            # Vectors of functions that are gone were dropped: exact search answers, and the next opening builds anew.
            return None
        alive = sorted(live_labels(catalogue))
        usable = [label for step in in_steps(alive, 4096) for label in fit_rows(catalogue, space, step)[0]]
        if usable != list(live.live_labels()):
            return f"the graph in {shelf.folder} holds other functions than its catalogue"
        return _audited(live, catalogue, space)


def _audited(live: LiveGraph, catalogue: Database, space: Space) -> str | None:
    steps = audit(live.graph, catalogue, space) if live.graph else iter(())
    while True:
        try:
            next(steps)
        except StopIteration as end:
            fault: str | None = end.value
            return f"the graph fails its audit: {fault}" if fault else None
