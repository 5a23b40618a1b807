"""The folders an editor has open, as its URIs and as paths. Opens nothing and asks nobody."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

from .protocol import file_uri

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .greeting import Greeting


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as the editor names it, and its path without symbolic links, which is how the service names it."""

    uri: str
    path: str
    real_path: str


def folder_at(uri: str) -> Folder | None:
    """Return the folder of a URI; None where it is not on this machine's disks."""
    path = path_of(uri)
    return None if path is None else Folder(uri, path, os.path.realpath(path))


def path_of(uri: str) -> str | None:
    """Return the absolute path of a ``file:`` URI, byte for byte; None for any other."""
    try:
        parts = urlsplit(uri)
        uri.encode()
    except ValueError:  # no URI, or half of a character
        return None
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    path = os.fsdecode(unquote_to_bytes(parts.path))
    return os.path.normpath(path) if path.startswith("/") and "\0" not in path else None


def initial_uris(greeting: Greeting) -> list[str]:
    """Return the URIs of the folders named in ``initialize``: all of them, or the one that older clients name."""
    if uris := folder_uris(greeting.params.get("workspaceFolders")):
        return uris
    uri, path = greeting.params.get("rootUri"), greeting.params.get("rootPath")
    if isinstance(uri, str) and uri:
        return [uri]
    return [file_uri(Path(path))] if isinstance(path, str) and path.startswith("/") else []


def folder_uris(folders: Any) -> list[str]:
    """Return the URIs of a list of workspace folders as a client sent it."""
    items = folders if isinstance(folders, list) else []
    return [item["uri"] for item in items if isinstance(item, dict) and isinstance(item.get("uri"), str)]


def outermost(folders: Iterable[Folder]) -> list[Folder]:
    """Return the folders that lie in no other one; a search of both would find the same function twice."""
    kept: list[Folder] = []
    for folder in sorted(folders, key=lambda folder: folder.real_path):
        if not kept or not holds(kept[-1], folder.real_path):
            kept.append(folder)
    return kept


def editor_uri(uri: str, folders: Sequence[Folder]) -> str:
    """Return a service's URI as the editor names the file: below the folder it opened, though that be a link.

    An editor that is given another name for an open file opens it twice.
    """
    path = path_of(uri)
    holders = [folder for folder in folders if path is not None and holds(folder, path)]
    if path is None or not holders:
        return uri
    folder = max(holders, key=lambda folder: len(folder.real_path))
    below = os.path.relpath(path, folder.real_path)
    return f"{folder.uri.rstrip('/')}/{quote_from_bytes(os.fsencode(below))}"


def holds(folder: Folder, path: str) -> bool:
    """Say whether a path without symbolic links is a folder's own or below it."""
    return path == folder.real_path or path.startswith(folder.real_path.rstrip("/") + "/")
