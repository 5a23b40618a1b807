"""The code of a Jupyter notebook as it runs, cell by cell, and where each part of it lies in the file. Pure.

Outputs, pictures and text are passed over. A notebook that is no JSON gives the cells before the place where it breaks.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from .json_places import items, members, spoken, string_at, value_at
from .languages import language_called
from .magics import code_of
from .regions import Region
from .sources import Piece, Source, is_utf16, parsed_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# As much code as any other file may hold; what is more is data.
MAX_CODE_BYTES = 2_000_000
MAX_CELLS = 10_000
_MARK = b"\xef\xbb\xbf"


@dataclass(slots=True)
class _Cell:
    """A cell as far as it could be read. ``parts`` are the strings of its source: where each starts, as written."""

    kind: bytes = b""
    language: bytes = b""
    parts: list[tuple[int, bytes]] = field(default_factory=list)


@dataclass(slots=True)
class _Notebook:
    """The cells of a notebook, and what it says of its language in falling order of trust."""

    languages: list[bytes] = field(default_factory=list)
    cells: list[_Cell] = field(default_factory=list)


@dataclass(slots=True)
class _Code:
    """The code so far, and where it lies on disk."""

    text: bytearray = field(default_factory=bytearray)
    pieces: list[Piece] = field(default_factory=list)

    def add(self, on_disk: int, end: int, run: bytes) -> None:
        self.pieces.append(Piece(len(self.text), on_disk, end))
        self.text += run

    def add_cell(self, cell: _Cell) -> None:
        """Add the text of a cell and a line end."""
        for place, part in cell.parts:
            for on_disk, end, run in spoken(place, part):
                self.add(on_disk, end, run.replace(b"\0", b" "))
        if cell.parts:
            place, part = cell.parts[-1]
            # The end of a cell's last line lies at the closing quote.
            self.add(place + len(part), place + len(part), b"\n")


@dataclass(frozen=True, slots=True)
class CellText:
    """The text of a cell of any kind, and where it lies in the notebook's file; one without text lies nowhere."""

    text: bytes
    pieces: Sequence[Piece]

    def offset(self, on_disk: int) -> int:
        """Return the offset into the text of one into the file; one outside of the cell is moved to its nearest end."""
        number = max(0, bisect_right([piece.on_disk for piece in self.pieces], on_disk) - 1)
        piece, behind = self.pieces[number], self.pieces[number + 1 : number + 2]
        end = behind[0].start if behind else len(self.text)
        return min(piece.start + max(0, on_disk - piece.on_disk), end)

    def on_disk(self, offset: int) -> int:
        """Return the offset into the file of one into the text."""
        piece = self.pieces[bisect_right([piece.start for piece in self.pieces], offset) - 1]
        return piece.on_disk + offset - piece.start


def notebook_cells(content: bytes) -> list[CellText]:
    """Return every cell of a notebook's file in its order, those of text too; none where it is no JSON in UTF-8."""
    return [] if is_utf16(content) else [_cell_text(cell) for cell in _notebook(parsed_text(content)).cells]


def _cell_text(cell: _Cell) -> CellText:
    code = _Code()
    code.add_cell(cell)
    return CellText(bytes(code.text[:-1]), code.pieces)


def read_notebook(source: Source) -> tuple[Source, Sequence[Region]]:
    """Return the code of a notebook as a source of its own, and its cells."""
    if source.is_utf16:
        # Their format says UTF-8, and a piece lies where the text before the transcoding has it.
        return Source(b"", ()), ()
    notebook = _notebook(source.text)
    code = _Code()
    regions = list(_regions(notebook, code))
    return Source(bytes(code.text), _line_ends(source, code.pieces), pieces=code.pieces), regions


def _regions(notebook: _Notebook, code: _Code) -> Iterator[Region]:
    """Yield the cells of code, each a region, and add them to the code of the notebook."""
    spoken_in = next(filter(None, notebook.languages), b"python")
    for cell in notebook.cells:
        if cell.kind != b"code" or not cell.parts:
            continue
        start = len(code.text)
        code.add_cell(cell)
        text = bytes(code.text[start:-1])
        found = code_of(text, language_called((cell.language or spoken_in).decode("utf-8", "replace")))
        if found is not None:
            yield Region(start, *found)


def _line_ends(source: Source, pieces: Sequence[Piece]) -> list[int]:
    """Return as many offsets up to each piece as there are line ends in the file before it, so that lines are its."""
    ends: list[int] = []
    for piece in pieces:
        ends += [piece.start] * (source.line(piece.on_disk) - len(ends))
    return ends


def _notebook(text: bytes) -> _Notebook:
    notebook = _Notebook()
    for key, value in members(text, value_at(text, len(_MARK) if text.startswith(_MARK) else 0)):
        if key == b"cells":
            notebook.cells += _cells(text, value)
        elif key == b"worksheets":  # format 3
            for sheet in items(text, value):
                for inner, place in members(text, sheet):
                    notebook.cells += _cells(text, place) if inner == b"cells" else ()
        elif key == b"metadata":
            about = {inner: dict(members(text, place)) for inner, place in members(text, value)}
            places = (about.get(b"language_info", {}).get(b"name"), about.get(b"kernelspec", {}).get(b"language"))
            notebook.languages += [_word(text, place) for place in places if place is not None]
    return notebook


def _cells(text: bytes, at: int) -> Iterator[_Cell]:
    length = 0
    for place in islice(items(text, at), MAX_CELLS):
        cell = _cell(text, place)
        length += sum(len(part) for _, part in cell.parts)
        if length > MAX_CODE_BYTES:
            return
        yield cell


def _cell(text: bytes, at: int) -> _Cell:
    cell = _Cell()
    for key, value in members(text, at):
        if key == b"cell_type":
            cell.kind = _word(text, value)
        elif key == b"language":  # format 3
            cell.language = _word(text, value)
        elif key in {b"source", b"input"}:
            lines = [value] if text.startswith(b'"', value) else items(text, value)
            cell.parts = [found for line in lines if (found := string_at(text, line))]
        elif key == b"metadata":
            for inner, place in members(text, value):
                if inner == b"vscode":
                    cell.language = _word(text, dict(members(text, place)).get(b"languageId", len(text)))
    return cell


def _word(text: bytes, at: int) -> bytes:
    found = string_at(text, at)
    return found[1] if found else b""
