"""Notebooks in an editor that tells of their cells: what is typed in a cell is found in the cell, saved or not."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.server.protocol import file_uri
from tests.doubles import lay_out
from tests.server.clients import MINIMAL, NULLS, VS_CODE
from tests.server.editor import Editor, Refused, editing, uri_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TREE = """\
--- src/net.py
def fetch_with_retries(url):
    answer = open_url(url)
    return answer.read().decode()
"""
CODE, MARKUP = 2, 1
TYPED = "def compute_orbital_period(mass, radius):\n    return mass * radius\n"
# What JSON writes as escapes, before and in what is found; VS Code counts the smiley as two.
ODD = """\
%matplotlib inline
\tx = "\\"é😀"; y = 1
class A:
\t"😀\t";\tdef_ = 1
\tdef größe_named(self, a="\\t"):
\t\treturn a
"""


@dataclass(slots=True)
class Book:
    """A notebook in an editor, told of as VS Code does."""

    editor: Editor
    uri: str
    cells: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    def cell_uri(self, number: int) -> str:
        uri: str = self.cells[number]["document"]
        return uri

    def _new(self, text: str, *, kind: int, language: str) -> tuple[dict[str, Any], dict[str, Any]]:
        # As VS Code names them, with the notebook's path and a number that is never used again.
        uri = f"vscode-notebook-cell:{self.uri.partition('://')[2]}#W{self.count}sZmlsZQ%3D%3D"
        self.count += 1
        document = {"uri": uri, "languageId": language if kind == CODE else "markdown", "version": 1, "text": text}
        return {"kind": kind, "document": uri, "metadata": {"tags": []}}, document

    def open(self, *texts: str, kinds: tuple[int, ...] = (), language: str = "python") -> None:
        made = [
            self._new(text, kind=kind, language=language)
            for text, kind in zip(texts, kinds or (CODE,) * len(texts), strict=True)
        ]
        self.cells = [cell for cell, _ in made]
        metadata = {
            "metadata": {"kernelspec": {"name": "python3", "x": None, "y": [1, {"class": True}]}},
            "nbformat": 4,
        }
        notebook = {"uri": self.uri, "notebookType": "jupyter-notebook", "version": 1, "cells": self.cells}
        documents = [document for _, document in made]
        params = {"notebookDocument": notebook | {"metadata": metadata}, "cellTextDocuments": documents}
        self.editor.notify("notebookDocument/didOpen", params)

    def _change(self, cells: dict[str, Any]) -> None:
        params = {"notebookDocument": {"uri": self.uri, "version": 2}, "change": {"cells": cells}}
        self.editor.notify("notebookDocument/didChange", params)

    def type(self, number: int, text: str, *, line: int = 0, character: int = 0) -> None:
        spot = {"line": line, "character": character}
        change = {"range": {"start": spot, "end": spot}, "rangeLength": 0, "text": text}
        document = {"uri": self.cell_uri(number), "version": 2}
        self._change({"textContent": [{"document": document, "changes": [change]}]})

    def insert(self, number: int, text: str, *, language: str = "python") -> None:
        cell, document = self._new(text, kind=CODE, language=language)
        self.cells.insert(number, cell)
        array = {"start": number, "deleteCount": 0, "cells": [cell]}
        self._change({"structure": {"array": array, "didOpen": [document], "didClose": []}})

    def delete(self, number: int) -> None:
        uri = self.cells.pop(number)["document"]
        array = {"start": number, "deleteCount": 1}
        self._change({"structure": {"array": array, "didOpen": [], "didClose": [{"uri": uri}]}})

    def swap(self, number: int) -> None:
        """Move a cell one down: nothing is opened or closed."""
        moved = self.cells[number : number + 2][::-1]
        self.cells[number : number + 2] = moved
        self._change({"structure": {"array": {"start": number, "deleteCount": 2, "cells": moved}}})

    def close(self) -> None:
        documents = [{"uri": cell["document"]} for cell in self.cells]
        params = {"notebookDocument": {"uri": self.uri}, "cellTextDocuments": documents}
        self.editor.notify("notebookDocument/didClose", params)


def write_notebook(path: Path, *texts: str, **layout: Any) -> Path:
    cells = [{"cell_type": "code", "outputs": [], "source": text.splitlines(keepends=True)} for text in texts]
    cells.insert(0, {"cell_type": "markdown", "source": ["# é\n", "def not_this_one(): pass"]})
    content = {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content, **layout), encoding="utf-8")
    return path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "tree", TREE)


@pytest.fixture
def path(tree: Path) -> Path:
    return write_notebook(tree / "a b.ipynb", "import os\n", "def saved_on_the_disk():\n    pass\n", indent=1)


@pytest.fixture
def editor(home: Path, tree: Path, path: Path) -> Iterator[Editor]:
    with editing(home, tree, capabilities=VS_CODE) as editor:
        assert path.exists()
        yield editor


@pytest.fixture
def book(editor: Editor, path: Path) -> Book:
    book = Book(editor, file_uri(path))
    book.open("# é", "import os\n", "def saved_on_the_disk():\n    pass\n", kinds=(MARKUP, CODE, CODE))
    return book


def check(book: Book, name: str, number: int, text: str, *, encoding: str = "utf-16") -> dict[str, Any]:
    """Check that a function is found in a cell with a text, at its name, and return its item."""
    items = [item for item in book.editor.search(name.replace("_", " "))["items"] if item["name"] == name]
    assert [item["uri"] for item in items] == [book.cell_uri(number)]
    item: dict[str, Any] = items[0]
    assert book.editor.text_of(item, text, encoding=encoding) == name
    cell = {"notebook": book.uri, "index": number, "range": item["range"], "selectionRange": item["selectionRange"]}
    assert (item["cell"], item["isStale"]) == (cell, False)
    return item


def check_gone(editor: Editor, name: str) -> None:
    assert name not in editor.find(name.replace("_", " "))


def test_function_typed_in_a_cell_is_found_there(book: Book) -> None:
    check(book, "saved_on_the_disk", 2, "def saved_on_the_disk():\n    pass\n")
    book.type(1, TYPED)
    check(book, "compute_orbital_period", 1, TYPED + "import os\n")


def test_function_is_found_no_more_once_its_cell_is_deleted_and_again_once_the_notebook_is_closed(book: Book) -> None:
    book.delete(2)
    check_gone(book.editor, "saved_on_the_disk")
    book.close()
    assert "saved_on_the_disk" in book.editor.find("saved on the disk")


def test_cells_that_come_and_move_are_where_the_editor_has_them(book: Book) -> None:
    book.insert(0, TYPED)
    check(book, "compute_orbital_period", 0, TYPED)
    book.swap(0)
    check(book, "compute_orbital_period", 1, TYPED)
    book.insert(1, "orbital_period_of_shell() { :; }", language="shellscript")
    assert check(book, "orbital_period_of_shell", 1, "orbital_period_of_shell() { :; }")["language"] == "bash"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_escapes_of_json_shift_no_position(home: Path, tree: Path, encoding: str) -> None:
    capabilities = VS_CODE | {"general": {"positionEncodings": [encoding]}}
    with editing(home, tree, capabilities=capabilities) as editor:
        book = Book(editor, file_uri(tree / "new.ipynb"))
        book.open("x = 1", ODD)
        item = check(book, "größe_named", 1, ODD, encoding=encoding)
        assert item["range"]["start"] == {"line": 4, "character": 1}
        assert item["range"]["end"] == {"line": 5, "character": 10}


def test_notebook_that_is_no_file_yet_is_searched(editor: Editor) -> None:
    book = Book(editor, "untitled:Untitled-1.ipynb?jupyter-notebook")
    book.open(TYPED)
    check(book, "compute_orbital_period", 0, TYPED)
    book.close()
    check_gone(editor, "compute_orbital_period")


def test_other_places_in_a_notebook_are_told_by_their_cells(book: Book) -> None:
    book.insert(0, "\n" + TYPED + "\n" + TYPED.replace("mass *", "mass /"))
    book.insert(3, TYPED.replace("mass *", "mass +"))
    items = book.editor.search("compute_orbital_period")["items"]
    (item,) = (item for item in items if item["name"] == "compute_orbital_period")
    told = {(other["cell"], other["line"]) for other in item["also"]}
    told.add((item["cell"]["index"], item["selectionRange"]["start"]["line"] + 1))
    assert told == {(0, 2), (0, 5), (3, 1)}


def test_symbols_are_in_cells(book: Book) -> None:
    book.type(1, TYPED)
    symbols = book.editor.ask("workspace/symbol", {"query": "compute_orbital_period"})
    assert symbols[0]["location"]["uri"] == book.cell_uri(1)
    assert symbols[0]["location"]["range"]["start"] == {"line": 0, "character": 4}


def similar(book: Book, number: int, **place: Any) -> list[dict[str, Any]]:
    params = {"textDocument": {"uri": book.cell_uri(number)}} | place
    items: list[dict[str, Any]] = book.editor.ask("funcseek/similar", params)["items"]
    return items


def test_functions_like_one_in_a_cell_are_found_without_itself(book: Book, tree: Path) -> None:
    text = "%matplotlib inline\n" + (tree / "src/net.py").read_text()
    book.insert(1, text)
    for place in (
        {"position": {"line": 2, "character": 6}},
        {"range": {"start": {"line": 1, "character": 0}, "end": {"line": 4, "character": 0}}},
    ):
        items = similar(book, 1, **place)
        assert (items[0]["uri"], items[0]["likeness"]) == (file_uri(tree / "src/net.py"), "duplicate")
        assert book.cell_uri(1) not in [item["uri"] for item in items]


@pytest.mark.parametrize("is_open", [True, False])
def test_function_in_a_cell_is_told_as_a_copy(home: Path, tree: Path, *, is_open: bool) -> None:
    path = tree / "src/net.py"
    text = path.read_text()
    copy = write_notebook(tree / "copy.ipynb", text, indent=1)
    with editing(home, tree) as editor:
        book = Book(editor, file_uri(copy))
        if is_open:
            book.open("", text)
        params = {"textDocument": {"uri": file_uri(path)}, "position": {"line": 0, "character": 6}}
        item = editor.ask("funcseek/similar", params)["items"][0]
        assert item["uri"] == (book.cell_uri(1) if is_open else file_uri(copy))
        assert (item["likeness"], item["cell"]["index"]) == ("duplicate", 1)


def test_function_at_the_end_of_a_long_cell_is_compared(book: Book, tree: Path) -> None:
    lines = 'print("\t\\\\")\n' * 4000
    book.insert(1, lines + (tree / "src/net.py").read_text())
    assert similar(book, 1, position={"line": 4001, "character": 6})[0]["likeness"] == "duplicate"


def test_place_in_no_function_of_a_cell_is_refused_with_the_nearest_one(book: Book) -> None:
    book.insert(1, f"import os\n{TYPED}")
    with pytest.raises(Refused, match=r"No function is in line 1 of a b\.ipynb; the nearest is .* in line 2"):
        similar(book, 1, position={"line": 0, "character": 0})


def test_code_action_and_lens_are_offered_in_a_cell(home: Path, tree: Path) -> None:
    with editing(home, tree, settings={"codeLens": True}) as editor:
        book = Book(editor, file_uri(tree / "new.ipynb"))
        book.open("x = 1", ODD)
        spot = {"line": 5, "character": 2}
        params = {"textDocument": {"uri": book.cell_uri(1)}}
        asked = {"range": {"start": spot, "end": spot}, "context": {"diagnostics": []}}
        (action,) = editor.ask("textDocument/codeAction", params | asked)
        wanted = params | {"position": {"line": 4, "character": 5}}
        assert action["arguments"] == [wanted]
        (lens,) = editor.ask("textDocument/codeLens", params)
        assert lens["range"] == {"start": wanted["position"], "end": {"line": 4, "character": 16}}


@pytest.mark.parametrize("layout", [{"indent": 1, "ensure_ascii": False}, {}])
def test_hit_in_a_notebook_that_is_not_open_names_its_cell(home: Path, tree: Path, layout: dict[str, Any]) -> None:
    path = write_notebook(tree / "closed.ipynb", "x = 1\n", ODD, **layout)
    with editing(home, tree) as editor:
        (item,) = (item for item in editor.search("größe_named")["items"] if item["name"] == "größe_named")
        assert (item["uri"], item["cell"]["notebook"], item["cell"]["index"]) == (*2 * (file_uri(path),), 2)
        assert editor.text_of(item["cell"], ODD) == "größe_named"
        name = "größe_named" if layout else "gr\\u00f6\\u00dfe_named"
        assert editor.text_of(item, path.read_text(encoding="utf-8")) == name


def test_notebook_that_is_open_as_json_is_a_text_like_others(editor: Editor, path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("saved_on_the_disk", "typed_into_the_json")
    editor.open_document(path, text, language="json")
    (item,) = (item for item in editor.search("typed into the json")["items"] if item["name"] == "typed_into_the_json")
    assert (item["uri"], "cell" in item) == (file_uri(path), False)
    assert editor.text_of(item, text) == "typed_into_the_json"


def test_notebook_counts_where_its_json_is_open_too(book: Book, path: Path) -> None:
    book.editor.open_document(path, path.read_text(encoding="utf-8"), language="json")
    book.type(1, TYPED)
    check(book, "compute_orbital_period", 1, TYPED + "import os\n")
    book.close()
    check_gone(book.editor, "compute_orbital_period")


def test_notebooks_are_asked_for_only_where_a_client_has_them(home: Path) -> None:
    for capabilities, has in ((VS_CODE, True), (MINIMAL, False), (NULLS, False)):
        with Editor(home) as editor:
            assert ("notebookDocumentSync" in editor.initialize(capabilities=capabilities)) is has


def test_what_makes_no_sense_costs_one_notebook_at_most(book: Book, path: Path) -> None:
    editor = book.editor
    for method, params in (
        ("didOpen", {"notebookDocument": 3}),
        ("didChange", {"notebookDocument": {"uri": "file:///none.ipynb", "version": 1}, "change": {"cells": {}}}),
        ("didClose", {"notebookDocument": {"uri": "file:///none.ipynb"}, "cellTextDocuments": []}),
        ("didSave", {"notebookDocument": {"uri": uri_of(path)}}),
    ):
        editor.notify(f"notebookDocument/{method}", params)
    book.type(1, TYPED)
    check(book, "compute_orbital_period", 1, TYPED + "import os\n")
    gone = Book(editor, "untitled:gone.ipynb")
    gone.open("def half_of_\ud800a_character(): pass")
    book.cells.append({"document": "vscode-notebook-cell:/never-opened"})
    book.type(3, "x")
    check(book, "compute_orbital_period", 1, TYPED + "import os\n")
    assert editor.quit() == 0
