"""Checks of `funcseek doctor` on what is indexed: the shared caches, each root's catalogue and its graph.

A repair takes the lock of the root's one writer; a service that holds it is asked to close the root first.
"""

from __future__ import annotations

import contextlib
import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ..index.catalogue import coverage, known_files, open_catalogue
from ..index.errors import FuncseekError, StorageFailure
from ..index.home import Home
from ..index.housekeeping import stored_indexes
from ..index.inspection import (
    catalogue_fault,
    extractions_fault,
    graph_fault,
    repair_catalogue,
    repair_extractions,
    repair_graph,
    repair_vectors,
    vectors_fault,
)
from ..index.keys import secret_key
from ..index.mounts import silent_file_system
from .client import running
from .findings import found_by, note, ok, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ..index.store import Database
    from .findings import Finding
    from .places import Places

REPAIR = "`funcseek doctor --repair`"


class Size(NamedTuple):
    """What all indexed roots together ask of the watcher."""

    roots: int
    folders: int


def caches(places: Places) -> Iterator[Finding]:
    """Look at the key and the databases that all roots share."""
    home = Home(places.cache)
    if home.key.exists():
        yield from found_by("key", partial(_key, home))
    if not home.vector_cache.exists():
        yield note("vectors", "Nothing is indexed yet.")
        return
    if fault := vectors_fault(home):
        told = f"The vectors are damaged: {fault}; {REPAIR} keeps those that can be read."
        yield problem("vectors", told, lambda: _done(repair_vectors, home, "the vectors that can be read are kept"))
    else:
        yield ok("vectors", f"{home.vector_cache} is whole")
    if fault := extractions_fault(home):
        told = f"The extractions are damaged: {fault}; {REPAIR} throws them away, and files are parsed again."
        yield problem("extractions", told, lambda: _done(repair_extractions, home, "the extractions are thrown away"))
    else:
        yield ok("extractions", f"{home.extraction_cache} is whole")


def _key(home: Home) -> Iterator[Finding]:
    try:
        secret_key(home.key)
    except StorageFailure as error:
        yield problem("key", str(error), lambda: _remove(home.key))
    else:
        yield ok("key", "saved graphs are told from planted ones")


def _remove(path: Path) -> str:
    try:
        path.unlink()
    except OSError as error:
        raise StorageFailure(f"Cannot delete {path}: {error.strerror}.") from error
    return f"{path} is deleted; a new key is made, and graphs are built anew"


def _done(repair: Callable[[Home], None], home: Home, told: str) -> str:
    repair(home)
    return told


def indexes(places: Places) -> Iterator[Finding]:
    """Look at every index there is."""
    home = Home(places.cache)
    for stored in stored_indexes(home) if home.vector_cache.exists() else []:
        if stored.root is None:
            yield _unreadable(stored.folder)
        elif stored.is_gone:
            yield note("index", f"{stored.root} is not there; `funcseek clear --gone` deletes its index.")
        else:
            yield from found_by("index", partial(_index, places, stored.root))


def _unreadable(folder: Path) -> Finding:
    return problem("index", f"{folder} is damaged or of another version; delete it, and its folder is read again.")


def _index(places: Places, root: Path) -> Iterator[Finding]:
    home = Home(places.cache)
    if fault := catalogue_fault(home, root):
        told = f"The index of {root} is damaged: {fault}; {REPAIR} removes it, and the next search builds it anew."
        yield problem("index", told, partial(_repair, places, root, repair_catalogue))
        return
    if fault := graph_fault(home, root):
        told = f"The index of {root} needs a new graph: {fault}; {REPAIR} builds it."
        yield problem("index", told, partial(_repair, places, root, repair_graph))
        return
    with contextlib.closing(open_catalogue(home.catalogue_of(root), home.vector_cache)) as catalogue:
        counted = coverage(catalogue)
    held = f"{counted.files} files and {counted.functions} functions, {counted.embedded} of them embedded"
    yield ok("index", f"{root} has {held}")
    if kind := silent_file_system(root):
        yield note("watching", f"{root} is on {kind}, where others change files unseen; it is looked through instead.")


def _repair(places: Places, root: Path, repair: Callable[[Home, Path], None]) -> str:
    client = running(places)
    if client is not None:
        with client:
            client.call("close", path=str(root))
    repair(Home(places.cache), root)
    return f"the index of {root} is repaired"


def size_of(places: Places) -> Size:
    """Count the roots that are indexed and the folders in them that hold files; damaged indexes count for nothing."""
    home = Home(places.cache)
    folders = 0
    roots = 0
    with contextlib.suppress(FuncseekError):
        for stored in stored_indexes(home) if home.vector_cache.exists() else []:
            with contextlib.suppress(FuncseekError), _opened(home, stored.folder) as catalogue:
                roots += 1
                folders += len({os.path.dirname(path) for path in known_files(catalogue)})
    return Size(roots, folders)


def _opened(home: Home, folder: Path) -> contextlib.closing[Database]:
    return contextlib.closing(open_catalogue(folder / "catalogue.db", home.vector_cache))
