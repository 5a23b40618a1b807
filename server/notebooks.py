"""Notebooks as an editor shows them: each one document for the service, and what is found there, in its cells.

The document is a notebook's JSON that holds the code of the cells and nothing else, each line of a cell in a line of
its own. That is the text of no file, so an open notebook always counts as it is shown. Reads no file, asks nobody,
speaks no JSON-RPC.
"""

from __future__ import annotations

import json
import threading
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from .buffers import Opened
from .convert import Place, Text, place_ranges, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pygls.workspace import Workspace

    from ..parsers import CellText
    from .convert import Range
    from .protocol import AlsoJson, OutlinedJson

# What the table of languages calls a notebook, and how its files are named.
HOST = "jupyter"
SUFFIX = ".ipynb"
# NotebookCellKind of the Language Server Protocol.
_CODE = 2
# As many as one answer may show on a screen. Their outputs take 30 ms for each megabyte to pass over.
_MOST_KNOWN = 16


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of an open notebook, with its language by the editor's name; the text of one without code is empty."""

    uri: str
    language: str
    text: str
    is_code: bool = True


@dataclass(frozen=True, slots=True)
class Notebook:
    """An open notebook."""

    uri: str
    cells: tuple[Cell, ...]

    def starts(self) -> list[int]:
        """Return the line of the document, from 0, in which each cell begins, and the one behind the last cell."""
        return [0, *accumulate(cell.text.count("\n") + 1 for cell in self.cells)]


@dataclass(frozen=True, slots=True)
class Found:
    """A function in a cell, by the cell's place among all of the notebook, from 0."""

    index: int
    text: Text
    place: Place

    def ranges(self, encoding: str) -> tuple[Range, Range]:
        """Return the whole range in the cell and the name's."""
        return place_ranges(self.place, self.text, encoding)

    def told(self, notebook_uri: str, encoding: str) -> dict[str, Any]:
        """Return what an item says of its cell."""
        whole, name = self.ranges(encoding)
        return {"notebook": notebook_uri, "index": self.index, "range": whole, "selectionRange": name}


@dataclass(frozen=True, slots=True)
class Screen:
    """All that an editor has open: its documents, each notebook as one of them, and the notebooks."""

    documents: list[Opened]
    notebooks: list[Notebook]

    def cell(self, uri: str) -> tuple[Notebook, Cell] | None:
        """Return a cell by its URI, and its notebook; None where no open notebook has it."""
        named = unquote(uri)
        return next(((one, cell) for one in self.notebooks for cell in one.cells if unquote(cell.uri) == named), None)


def screen_of(workspace: Workspace) -> Screen:
    """Return what is open. A notebook counts as its cells also where the editor shows its JSON beside them."""
    notebooks = [
        Notebook(one.uri, tuple(_cell(workspace, cell.document, is_code=cell.kind == _CODE) for cell in one.cells))
        for one in workspace.notebook_documents.values()
    ]
    of_notebooks = {uri for one in notebooks for uri in (one.uri, *(cell.uri for cell in one.cells))}
    texts = [
        Opened(document.uri, document.language_id or "", document.source)
        for document in workspace.text_documents.values()
        if document.uri not in of_notebooks
    ]
    return Screen(texts + [Opened(one.uri, HOST, notebook_text(one.cells)) for one in notebooks], notebooks)


def notebook_text(cells: Sequence[Cell]) -> str:
    """Return the document of some cells; line by line it holds what they hold."""
    return '{"cells":[' + ",\n".join(map(_written, cells)) + "]}"


def found_in(cells: Sequence[CellText], place: Place) -> Found | None:
    """Return what lies at a place of a notebook's file or document, which has these cells; None where it is in none."""
    before = [number for number, cell in enumerate(cells) if cell.pieces and cell.pieces[0].on_disk <= place.name_start]
    if not before:
        return None
    cell = cells[before[-1]]
    start, end, name_start, name_end = map(cell.offset, (place.start, place.end, place.name_start, place.name_end))
    return Found(before[-1], text_of(cell.text), Place(place.name, start, end, name_start, name_end))


def functions_in(cell: CellText, functions: Sequence[OutlinedJson]) -> list[OutlinedJson]:
    """Return the functions of a document of one cell, by offsets into the cell."""
    return [
        one | {
            "start_byte": cell.offset(one["start_byte"]),
            "end_byte": cell.offset(one["end_byte"]),
            "name_start_byte": cell.offset(one["name_start_byte"]),
            "name_end_byte": cell.offset(one["name_end_byte"]),
        }
        for one in functions
    ]  # fmt: skip


def with_cell(also: AlsoJson, starts: Sequence[int]) -> dict[str, Any]:
    """Return another place in an open notebook by its cell, from 0, and the line there, from 1."""
    index = max(0, bisect_right(starts, also["line"] - 1, hi=len(starts) - 1) - 1)
    return {**also, "line": also["line"] - starts[index], "cell": index}


def cells_in(content: bytes) -> list[CellText]:
    """Return the cells of a notebook's file or document."""
    # Loading it takes a fifth of a second, which only those wait for who have notebooks.
    from ..parsers import notebook_cells

    return notebook_cells(content)


class ReadCells:
    """The cells of the notebooks looked at last, each read again only where it has changed. Thread-safe."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[str, tuple[tuple[int, int], list[CellText]]] = {}
        self._lock = threading.Lock()

    def of(self, name: str, content: bytes) -> list[CellText]:
        """Return the cells of a notebook by the name of its file or document."""
        stamp = len(content), hash(content)
        with self._lock:
            known = self._known.pop(name, None)
            cells = known[1] if known is not None and known[0] == stamp else cells_in(content)
            self._known[name] = stamp, cells
            if len(self._known) > _MOST_KNOWN:
                del self._known[next(iter(self._known))]
        return cells


def _cell(workspace: Workspace, uri: str, *, is_code: bool) -> Cell:
    # pygls knows documents by their URIs without escapes.
    document = workspace.text_documents.get(unquote(uri))
    if document is None:  # a client that tells of some cells only
        return Cell(uri, "", "", is_code=False)
    return Cell(uri, document.language_id or "", document.source if is_code else "", is_code=is_code)


def _written(cell: Cell) -> str:
    head = {
        "cell_type": "code" if cell.is_code else "markdown",
        "metadata": {"vscode": {"languageId": cell.language}},
    }
    *lines, last = cell.text.split("\n")
    source = json.dumps([*(f"{line}\n" for line in lines), last], ensure_ascii=False, separators=(",\n", ":"))
    return f'{json.dumps(head)[:-1]},"source":{source}}}'
