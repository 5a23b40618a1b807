"""``funcseek/similar``: what an editor points at, as a request to the service. Reads the file, asks nobody.

A function is named by its place where the file on disk is what the editor shows and the service indexes it. Otherwise,
with unsaved text or outside every folder, its text is sent: as much of it around the position as a question may hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..index.errors import QueryError
from ..index.hits import MAX_QUERY_CHARACTERS
from .convert import disk_offset, offset, text_of, utf8
from .notebooks import HOST, cells_in, notebook_text
from .protocol import SimilarRequest
from .settings import known_language

if TYPE_CHECKING:
    from .convert import Text
    from .notebooks import Cell

# A notebook's JSON is longer than its code, by five characters for the rarest ones.
_WINDOWS = tuple(MAX_QUERY_CHARACTERS // parts for parts in (1, 2, 4, 8))

_SHAPE = "The parameters must be an object with a textDocument, and with a position or a range."


@dataclass(frozen=True, slots=True)
class Document:
    """What an editor points into: its path, or the URI of what is no file yet; its unsaved text and language, if open.

    ``is_indexed``: it lies in one of the editor's folders. ``cell``: only this cell of an open notebook is meant.
    """

    path: str
    buffer: str | None = None
    language: str = ""
    is_indexed: bool = False
    cell: Cell | None = None


def document_uri(params: Any) -> str:
    """Return the URI that the parameters name; raises QueryError."""
    document = params.get("textDocument") if isinstance(params, dict) else None
    uri = document.get("uri") if isinstance(document, dict) else None
    if not isinstance(uri, str):
        raise QueryError(_SHAPE)
    return uri


def pointed_at(params: Any, document: Document, *, encoding: str) -> SimilarRequest:
    """Return the request for what the parameters point at, not narrowed yet; raises QueryError."""
    start, end = _positions(params)
    shown = shown_text(document)
    if shown is None:
        raise QueryError("The document is neither open nor a file that can be read; save it or open it first.")
    first, last = (offset(shown, place, encoding) for place in (start, end))
    if first > last:
        raise QueryError("The range ends before it begins.")
    if document.cell is not None:
        return _in_cell(shown, first, last, path=document.path, cell=document.cell)
    disk = shown if document.buffer is None else _on_disk(document.path) if document.is_indexed else None
    if document.is_indexed and disk is not None and disk.content == shown.content:
        named = SimilarRequest(path=document.path)
        if first == last:
            return replace(named, position={"byte": disk_offset(disk, first)})
        return replace(named, position={"start_byte": disk_offset(disk, first), "end_byte": disk_offset(disk, last)})
    return _as_text(shown, first, last, document)


def _in_cell(shown: Text, first: int, last: int, *, path: str, cell: Cell) -> SimilarRequest:
    """Return the request for a place in a cell: as a notebook of one cell, which is read as the whole one is."""
    request = SimilarRequest(path=path)
    if first != last:
        selected = shown.content[first:last].decode("utf-8", "replace")
        return replace(request, text=selected, language=known_language(cell.language))
    for most in _WINDOWS:
        start, end = _window(shown, first, most)
        text = notebook_text([replace(cell, text=shown.content[start:end].decode("utf-8", "replace"))])
        if len(text) <= MAX_QUERY_CHARACTERS:
            break
    (written,) = cells_in(text.encode())
    return replace(request, text=text, language=HOST, byte=written.on_disk(first - start))


def shown_text(document: Document) -> Text | None:
    """Return a document's text as its editor shows it, None where it is neither open nor a file that can be read."""
    if document.buffer is None:
        return _on_disk(document.path)
    return text_of(utf8(document.buffer))


def _as_text(shown: Text, first: int, last: int, document: Document) -> SimilarRequest:
    is_file = document.path.startswith("/")
    request = SimilarRequest(path=document.path, language="" if is_file else document.language)
    if first != last:
        return replace(request, text=shown.content[first:last].decode("utf-8", "replace"))
    start, end = _window(shown, first, MAX_QUERY_CHARACTERS)
    before = shown.content[start:first].decode("utf-8", "replace")
    text = before + shown.content[first:end].decode("utf-8", "replace")
    return replace(request, text=text, byte=len(before.encode()))


def _window(shown: Text, place: int, most: int) -> tuple[int, int]:
    """Return whole lines around an offset that are no longer together than ``most`` characters."""
    half = most // 2
    if len(shown.content) <= most:
        return 0, len(shown.content)
    starts = [start for start in shown.starts if place - half <= start <= place + half]
    # One line that is longer than that cannot be cut at its ends.
    return min([place, *(start for start in starts if start <= place)]), max([place, *starts])


def _positions(params: Any) -> tuple[dict[str, int], dict[str, int]]:
    place, extent = params.get("position"), params.get("range")
    if (place is None) == (extent is None) or (extent is not None and not isinstance(extent, dict)):
        raise QueryError(_SHAPE)
    start, end = (place, place) if extent is None else (extent.get("start"), extent.get("end"))
    return _position(start), _position(end)


def _position(value: Any) -> dict[str, int]:
    given = value if isinstance(value, dict) else {}
    parts = {name: given.get(name) for name in ("line", "character")}
    whole = {name: part for name, part in parts.items() if isinstance(part, int) and part >= 0}
    if len(whole) < len(parts):
        raise QueryError(f"A position must have a line and a character from 0; it is {value!r}.")
    return whole


def _on_disk(path: str) -> Text | None:
    if not path.startswith("/"):
        return None
    try:
        with open(path, "rb") as file:
            return text_of(file.read())
    except OSError:
        return None
