"""`editors/README.md` says what is so: each of its tables and examples is compared with what the server does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from funcseek.server import greeting
from funcseek.server.filters import FILTERS, OF_FUNCTIONS
from funcseek.server.protocol import file_uri
from funcseek.server.settings import CHECKS, NARROWING, SECTION, Settings, settings_from
from tests.doubles import lay_out
from tests.server.clients import VS_CODE
from tests.server.editor import Editor, Refused, editing

if TYPE_CHECKING:
    from collections.abc import Iterator

# With minus signs as a program writes them.
PAGE = (Path(__file__).parents[2] / "editors" / "README.md").read_text(encoding="utf-8").replace("\N{MINUS SIGN}", "-")
TREE = """\
--- net.py
def fetch_with_retries(url):
    'Retry.'
    return url
--- notes.ipynb
{"cells": [{"cell_type": "code", "source": "def fetch_notes(): pass"}]}
"""
STANDARD = ("workspace/symbol", "workspace/executeCommand", "textDocument/codeAction", "textDocument/codeLens")
# What an item has only where it is known, or of functions like others.
PERHAPS = {"confidence", "likeness", "also", "cell"}


def section(heading: str) -> str:
    """Return what is below a heading that holds some words, up to the next one."""
    found = re.search(rf"^#+ [^\n]*{re.escape(heading)}[^\n]*\n(.*?)(?=^#+ |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"the page has no section {heading}"
    return found[1]


def rows(heading: str) -> list[tuple[list[str], str, str]]:
    """Return the rows of a section's table: the names in the first column, and the two other columns."""
    lines = re.findall(r"^\| (`[^|]*) \| ([^|]*) \|(?: ([^|]*) \|)?$", section(heading), re.MULTILINE)
    assert lines, f"the page has no table under {heading}"
    return [(re.findall(r"`([^`]+)`", first), second, third) for first, second, third in lines]


def example(heading: str) -> Any:
    found = re.search(r"```json\n(.*?)```", section(heading), re.DOTALL)
    assert found
    return json.loads(found[1])


def names(heading: str) -> list[str]:
    return [name for found, _, _ in rows(heading) for name in found]


def kinds(value: Any) -> Any:
    """Return the keys and types of a value; null may stand for anything, and whole numbers for any number."""
    if isinstance(value, dict):
        return {key: kinds(item) for key, item in value.items() if key not in PERHAPS}
    if isinstance(value, list):
        return [kinds(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def check_shape(documented: Any, answered: Any, where: str = "") -> None:
    """Check that an answer has the keys and types of the page's example."""
    if isinstance(documented, dict) and isinstance(answered, dict):
        assert documented.keys() == answered.keys(), where
        for key in documented:
            check_shape(documented[key], answered[key], f"{where}.{key}")
    elif isinstance(documented, list) and isinstance(answered, list):
        for one in answered:
            check_shape(documented[0] if documented else one, one, f"{where}[]")
    elif "NoneType" not in (documented, answered):
        assert documented == answered, where


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("tree"), TREE)


@pytest.fixture(scope="module")
def editor(home: Path, tree: Path) -> Iterator[Editor]:
    shown = VS_CODE | {"experimental": {"funcseek": {"statusChanged": True}}}
    with editing(home, tree, capabilities=shown) as editor:
        yield editor


def place(tree: Path) -> dict[str, Any]:
    return {"textDocument": {"uri": file_uri(tree / "net.py")}, "position": {"line": 0, "character": 6}}


def test_every_method_has_a_section_and_no_other_is_told_of() -> None:
    told = set(
        re.findall(r"`((?:funcseek|workspace|textDocument)/\w+)`", "\n".join(re.findall(r"^###.*", PAGE, re.MULTILINE)))
    )
    assert told == {*greeting.REQUESTS, *greeting.NOTIFICATIONS, *STANDARD}


def test_capabilities_announced_are_those_of_the_page(home: Path) -> None:
    with Editor(home) as editor:
        capabilities = editor.initialize()
    own = capabilities["experimental"]["funcseek"]
    assert (tuple(own["requests"]), tuple(own["notifications"])) == (greeting.REQUESTS, greeting.NOTIFICATIONS)
    told = set(re.findall(r"`(funcseek\.\w+)`", section("workspace/executeCommand")))
    assert told == set(capabilities["executeCommandProvider"]["commands"])
    assert capabilities["codeActionProvider"]["codeActionKinds"][0] in section("textDocument/codeAction")
    (notebooks,) = capabilities["notebookDocumentSync"]["notebookSelector"]
    assert f"`{notebooks['notebook']}`" in PAGE
    for name in ("experimental.funcseek.statusChanged", "experimental.commands.commands", "notebookDocumentSync"):
        assert name in PAGE


def test_parameters_of_the_page_are_those_that_are_taken() -> None:
    assert set(names("funcseek/search")) == {"query", "scopeUri", *NARROWING, *FILTERS}
    assert set(names("funcseek/similar")) == {
        "textDocument", "position", "range", "sameLanguage", "scopeUri", *NARROWING, *OF_FUNCTIONS,
    }  # fmt: skip


@pytest.mark.parametrize("name", names("funcseek/search"))
def test_search_refuses_every_parameter_of_a_wrong_type(editor: Editor, name: str) -> None:
    with pytest.raises(Refused) as refused:
        editor.ask("funcseek/search", {"query": "fetch", name: {"wrong": []}})
    assert refused.value.code == greeting.INVALID_PARAMS


@pytest.mark.parametrize("name", names("funcseek/similar"))
def test_similar_refuses_every_parameter_of_a_wrong_type(editor: Editor, tree: Path, name: str) -> None:
    with pytest.raises(Refused) as refused:
        editor.ask("funcseek/similar", place(tree) | {name: {"wrong": []}})
    assert refused.value.code == greeting.INVALID_PARAMS


def test_answers_have_the_shape_of_the_examples(editor: Editor, tree: Path) -> None:
    found = editor.search("fetch")
    check_shape(kinds(example("funcseek/search")), kinds(found))
    assert found["items"]
    check_shape(kinds(example("funcseek/search")), kinds(editor.ask("funcseek/similar", place(tree))))
    for method in ("funcseek/status", "funcseek/reindex", "funcseek/resume"):
        check_shape(kinds(example("funcseek/status")), kinds(editor.ask(method, {})))
    line = editor.wait_for("funcseek/statusChanged", lambda line: line["functions"])
    check_shape(kinds(example("funcseek/statusChanged")), kinds(line))


def test_cell_of_a_notebook_has_the_shape_of_the_page(editor: Editor) -> None:
    told = re.search(r"^`cell`, [^\n]*?`({[^`]*})`", section("funcseek/search"), re.MULTILINE)
    assert told
    (item,) = (item for item in editor.search("fetch notes")["items"] if item["name"] == "fetch_notes")
    assert json.loads(told[1].replace("…", "{}")).keys() == item["cell"].keys()
    assert (item["cell"]["notebook"], item["cell"]["index"]) == (item["uri"], 0)


def test_errors_of_the_page_are_those_that_are_answered() -> None:
    codes = {int(code) for code in re.findall(r"^\| (-\d+) \|", section("Errors"), re.MULTILINE)}
    cancelled = types.LSPErrorCodes.RequestCancelled.value
    assert codes == {greeting.INVALID_PARAMS, greeting.REQUEST_FAILED, cancelled}


def test_settings_of_the_page_are_those_that_are_read() -> None:
    table = {found[0]: (kind, default) for found, kind, default in rows("Settings")}
    assert set(table) == {f"{SECTION}.{name}" for name in CHECKS}
    defaults = {"10": Settings().limit, "all": (), "false": False}
    values = [Settings().limit, Settings().languages, Settings().globs, Settings().code_lens]
    assert [defaults[default] for _, default in table.values()] == values


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_setting_of_another_type_is_named(name: str) -> None:
    kind = next(kind for found, kind, _ in rows("Settings") if found == [f"{SECTION}.{name}"])
    right, wrong = {"integer": (3, "3"), "string[]": (["go"], "go"), "boolean": (True, 1)}[kind.partition(",")[0]]
    assert settings_from({name: right})[1] == []
    assert name in settings_from({name: wrong})[1][0]
