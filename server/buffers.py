"""What an editor has open and has not saved, and which of it the service knows. Speaks no JSON-RPC.

A document counts as its file until it is changed here, or opened with another text; from then on its text counts until
it is closed. A file that changes under an unchanged document counts itself: its editor will show it soon.
Every question first tells the service what it does not know yet, so that what was just typed is found; between
questions that is done once the typing rests, so that it is embedded by the time somebody asks.
"""

from __future__ import annotations

import asyncio
import codecs
import os
import threading
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .convert import text_of, utf8
from .folders import holds, path_of
from .protocol import DeskRequest, DraftRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .client import Client
    from .folders import Folder

# After the last keystroke it waits so long, but not longer than this after the first.
DEBOUNCE_SECONDS = 0.3
MOST_DEBOUNCE_SECONDS = 1.0
# No larger file is searched (`index/content.py`); of a larger document only that is told that its file counts no more.
MOST_CHARACTERS = 2_000_000
# Documents that are no files yet. Those of other schemes are views, such as the old side of a comparison.
UNTITLED = "untitled:"


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that an editor has open, with its language by the editor's name."""

    uri: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is open at one moment, which ``edition`` puts in order."""

    edition: int
    documents: tuple[Opened, ...]
    folders: tuple[Folder, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What was made of a document: its text then, and whether the service has it as a draft."""

    text: str
    edition: int
    is_draft: bool = False


class Buffers:
    """The open documents of one editor. ``flush`` may be called from any thread, all else from the loop."""

    def __init__(self, documents: Callable[[], Sequence[Opened]], folders: Callable[[], Sequence[Folder]]) -> None:
        """Watch what the two functions return."""
        self._documents = documents
        self._folders = folders
        self._session = uuid.uuid4().hex
        self._edition = 0
        self._told: dict[str, Told] = {}
        self._lock = threading.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._latest = 0.0

    def soon(self, act: Callable[[], object]) -> None:
        """Call a function once the typing rests."""
        loop = asyncio.get_running_loop()
        if self._timer is None:
            self._latest = loop.time() + MOST_DEBOUNCE_SECONDS
        else:
            self._timer.cancel()
        self._timer = loop.call_at(min(loop.time() + DEBOUNCE_SECONDS, self._latest), self._act, act)

    def _act(self, act: Callable[[], object]) -> None:
        self._timer = None
        act()

    def snapshot(self) -> Snapshot:
        """Return what is open now."""
        self._edition += 1
        return Snapshot(self._edition, tuple(self._documents()), tuple(self._folders()))

    def forget(self) -> None:
        """Take the service to know nothing: it was started again, or other folders are open."""
        with self._lock:
            self._told.clear()

    def flush(self, client: Client, snapshot: Snapshot, *, is_whole: bool = True) -> DeskRequest:
        """Tell the service what it does not know of a snapshot; return what a question is to say of it.

        ``is_whole``: documents that are no files are asked about too.
        """
        with self._lock:
            opened = {document.uri for document in snapshot.documents}
            for uri, told in list(self._told.items()):
                if uri not in opened and told.edition <= snapshot.edition:
                    self._close(client, uri, snapshot.edition)
            for document in snapshot.documents:
                self._tell(client, document, snapshot)
            return DeskRequest(self._session, sum(told.is_draft for told in self._told.values()), is_whole)

    def _close(self, client: Client, uri: str, edition: int) -> None:
        if self._told.pop(uri).is_draft:
            client.draft(DraftRequest(self._session, edition, uri, None))

    def _tell(self, client: Client, document: Opened, snapshot: Snapshot) -> None:
        told = self._told.get(document.uri)
        if told is not None and (told.edition > snapshot.edition or _is_known(told, document)):
            return
        path, folder = _place(document.uri, snapshot.folders)
        if folder is None and not _is_untitled(document.uri):
            return
        is_draft = told is not None and told.is_draft
        if is_draft or not _is_on_disk(path, document.text):
            is_draft = self._is_kept(client, document, snapshot.edition, path=path, folder=folder)
        self._told[document.uri] = Told(document.text, snapshot.edition, is_draft)

    def _is_kept(self, client: Client, document: Opened, edition: int, *, path: str, folder: Folder | None) -> bool:
        text = document.text if len(document.text) <= MOST_CHARACTERS else ""
        answer = client.draft(
            DraftRequest(
                self._session,
                edition,
                document.uri,
                # Half of a character is no text that can be sent on.
                utf8(text).decode(),
                path,
                folder.path if folder else "",
                document.language,
            )
        )
        return answer["is_kept"]


def _is_known(told: Told, document: Opened) -> bool:
    return told.text is document.text or told.text == document.text


def _is_untitled(uri: str) -> bool:
    return uri.startswith(UNTITLED) and utf8(uri).decode() == uri


def _place(uri: str, folders: Sequence[Folder]) -> tuple[str, Folder | None]:
    """Return a document's path without symbolic links and the folder that holds it; without one it is not searched."""
    path = path_of(uri)
    if path is None:
        return "", None
    real = os.path.realpath(path)
    return real, next((folder for folder in folders if holds(folder, real)), None)


def _is_on_disk(path: str, text: str) -> bool:
    """Say whether a file holds a text."""
    if not path:
        return False
    try:
        with open(path, "rb") as file:
            return text_of(file.read()).content.removeprefix(codecs.BOM_UTF8) == utf8(text)
    except OSError:
        return False
