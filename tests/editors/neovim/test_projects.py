"""Which project is searched, from where, and that what is found is what is there now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.editors.neovim.conftest import git, repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.editors.neovim.neovim import Neovim

# Chooses the first row of a list, as Enter in a picker does, and keeps the rows.
CHOOSE_FIRST = "vim.ui.select = function(rows, _, choose) _G.rows = rows; choose(rows[1]) end"

OTHER = """\
--- cake.py
def bake_cake(oven):
    \"\"\"Bake a chocolate cake.\"\"\"
    return oven
"""


def search(editor: Neovim, words: str) -> list[str]:
    """Search in the editor and return the rows as they are shown."""
    editor.run("_G.rows = nil")
    editor.command(f"Funcseek search {words}")
    rows: list[str] = editor.wait("_G.rows and vim.tbl_map(function(row) return row.text end, _G.rows)")
    return rows


def search_until(editor: Neovim, words: str, is_meant: Callable[[list[str]], bool]) -> None:
    """Search until the names found are as they must become."""
    found: list[str] = []

    def is_so() -> bool:
        found[:] = editor.server_names(words)
        return is_meant(found)

    editor.wait_until(is_so, f"{words!r} does not come to find what it must")


def test_empty_buffer_searches_the_working_directory(start: Callable[..., Neovim]) -> None:
    editor = start(init=CHOOSE_FIRST)
    # The server is started by this, and may still be reading.
    editor.wait_until(lambda: bool(_searched(editor, "read the configuration")), "nothing is found")
    editor.wait_for_cursor("conf.py", 1, 4)
    assert editor.lua("#vim.lsp.get_clients({ name = 'funcseek' })") == 1


def _searched(editor: Neovim, words: str) -> list[str]:
    editor.run("_G.rows, _G.told = nil, {}")
    editor.command(f"Funcseek search {words}")
    editor.wait("_G.rows ~= nil or #_G.told > 0")
    rows: list[str] = editor.lua("vim.tbl_map(function(row) return row.text end, _G.rows or {})")
    return rows


def test_file_opened_after_the_search_belongs_to_the_same_server(start: Callable[..., Neovim]) -> None:
    editor = start(init=CHOOSE_FIRST)
    editor.wait_until(lambda: bool(_searched(editor, "read the configuration")), "nothing is found")
    editor.command("edit net.py")
    editor.wait("#vim.lsp.get_clients({ name = 'funcseek', bufnr = 0 }) == 1")
    assert editor.lua("#vim.lsp.get_clients({ name = 'funcseek' })") == 1


def test_each_buffer_searches_its_own_project(start: Callable[..., Neovim], scratch: Path) -> None:
    other = repository(scratch / "other", OTHER)
    editor = start("net.py", init=CHOOSE_FIRST)
    editor.enable()
    assert not any("bake_cake" in row for row in search(editor, "read the configuration"))
    editor.command(f"edit {other / 'cake.py'}")
    editor.wait("#vim.lsp.get_clients({ name = 'funcseek', bufnr = 0 }) == 1")
    editor.wait_until(lambda: bool(_searched(editor, "bake a cake")), "nothing is found")
    assert search(editor, "bake a cake") == ["bake_cake  cake.py:1  Bake a chocolate cake."]


def test_folders_of_one_client_are_searched_together_and_named(start: Callable[..., Neovim], scratch: Path) -> None:
    other = repository(scratch / "other", OTHER)
    editor = start("net.py", init=CHOOSE_FIRST)
    editor.enable()
    editor.run(f"vim.lsp.buf.add_workspace_folder({str(other)!r})")
    search_until(editor, "bake a cake", lambda names: names[:1] == ["bake_cake"])
    rows = search(editor, "bake a cake")
    assert rows[0].startswith("bake_cake  other • cake.py:1")
    assert any("  work • " in row for row in rows)


def test_home_is_never_taken_for_a_project(start: Callable[..., Neovim], scratch: Path) -> None:
    home = scratch / "home"
    editor = start(cwd=home)
    editor.command("Funcseek search anything")
    editor.wait("#_G.told > 0")
    assert editor.told() == [f"funcseek: {home} is no project; open a file of one, or :cd into its folder."]
    assert editor.lua("#require('funcseek.client').all()") == 0


def test_saved_function_is_found_and_a_deleted_one_is_not(start: Callable[..., Neovim]) -> None:
    editor = start("conf.py")
    editor.enable()
    editor.run("vim.api.nvim_buf_set_lines(0, 0, 3, false, { 'def tune_piano(strings):', '    return strings' })")
    editor.command("write")
    search_until(editor, "tune_piano", lambda names: names[:1] == ["tune_piano"])
    search_until(editor, "load_settings", lambda names: "load_settings" not in names)


def test_switched_branch_is_followed(start: Callable[..., Neovim], work: Path) -> None:
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message=one")
    git(work, "switch", "--quiet", "--create", "cake")
    (work / "cake.py").write_text("def bake_cake(oven):\n    return oven\n", encoding="utf-8")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message=two")
    editor = start("net.py")
    editor.enable()
    search_until(editor, "bake_cake", lambda names: names[:1] == ["bake_cake"])
    git(work, "switch", "--quiet", "main")
    search_until(editor, "bake_cake", lambda names: "bake_cake" not in names)


def test_similar_functions_of_a_range_are_listed(start: Callable[..., Neovim], work: Path) -> None:
    (work / "copy.py").write_text((work / "conf.py").read_text(encoding="utf-8"), encoding="utf-8")
    editor = start("conf.py", init=CHOOSE_FIRST)
    editor.enable()
    editor.command("6,8Funcseek similar")
    rows = editor.wait("_G.rows and vim.tbl_map(function(row) return row.text end, _G.rows)")
    assert rows[0] == "write_settings  copy.py:6  duplicate  Write the configuration to disk."


def test_command_of_a_code_action_lists_similar_functions(start: Callable[..., Neovim], work: Path) -> None:
    (work / "copy.py").write_text((work / "conf.py").read_text(encoding="utf-8"), encoding="utf-8")
    editor = start("conf.py", init=CHOOSE_FIRST)
    editor.enable()
    editor.run(
        """
        local client = vim.lsp.get_clients({ name = "funcseek" })[1]
        assert(vim.list_contains(client.capabilities.experimental.commands.commands, "funcseek.showSimilar"))
        local place = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = 0, character = 6 } }
        client:exec_cmd({ title = "", command = "funcseek.showSimilar", arguments = { place } }, { bufnr = 0 })
        """
    )
    rows = editor.wait("_G.rows and vim.tbl_map(function(row) return row.text end, _G.rows)")
    assert rows[0].startswith("load_settings  copy.py:1  duplicate")


def test_code_action_in_a_function_lists_similar_ones(start: Callable[..., Neovim], work: Path) -> None:
    (work / "copy.py").write_text((work / "conf.py").read_text(encoding="utf-8"), encoding="utf-8")
    editor = start("conf.py", init=CHOOSE_FIRST)
    editor.enable()
    editor.run("vim.lsp.buf.code_action({ context = { only = { 'funcseek.similar' } }, apply = true })")
    rows = editor.wait("_G.rows and vim.tbl_map(function(row) return row.text end, _G.rows)")
    assert rows[0].startswith("load_settings  copy.py:1  duplicate")


def test_position_in_no_function_is_told_with_the_nearest(start: Callable[..., Neovim]) -> None:
    editor = start("net.py")
    editor.enable()
    editor.command("4")
    editor.command("Funcseek similar")
    editor.wait("#_G.told > 0")
    assert "fetch" in editor.told()[0]
