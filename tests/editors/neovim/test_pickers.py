"""What a person sees and does in each picker. In the terminal, with the picker's own keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.editors.neovim.conftest import repository
from tests.editors.neovim.pickers import (
    LIVE,
    MINI_PICK,
    SNACKS,
    TELESCOPE,
    UI_SELECT,
    Picker,
    close,
    set_up,
    type_and_wait,
)
from tests.editors.neovim.test_statusline import many_functions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.editors.neovim.neovim import Neovim

WORDS = "read the configuration from disk"
# Where the name of the best answer stands.
BEST = ("conf.py", 1, 4)


def opened(start: Callable[..., Neovim], picker: Picker, file: str = "net.py") -> Neovim:
    """Return an editor with an indexed repository and a picker."""
    paths = picker.paths()
    if paths is None:
        pytest.skip(f"{picker.name} is not on this machine")
    editor = start(file, runtime_paths=paths, init=set_up(picker))
    editor.enable()
    return editor


def searched(start: Callable[..., Neovim], picker: Picker, words: str = WORDS) -> tuple[Neovim, list[str]]:
    """Return an editor whose picker shows what words find, and the names."""
    editor = opened(start, picker)
    editor.command("Funcseek")
    wait_until_open(editor, picker)
    return editor, type_and_wait(editor, picker, words)


def wait_until_open(editor: Neovim, picker: Picker) -> None:
    """Wait until the picker takes keys."""
    editor.wait("vim.api.nvim_get_mode().mode ~= 'c'")
    title = {"fzf_lua": "Funcseek>"}.get(picker.name, "Funcseek")
    editor.wait_until(lambda: title in editor.screen().partition(":Funcseek")[0], f"{picker.name} does not open")


live = pytest.mark.parametrize("picker", LIVE, ids=lambda picker: picker.name)


@live
def test_rows_are_those_of_the_server_in_its_order(start: Callable[..., Neovim], picker: Picker) -> None:
    _, names = searched(start, picker)
    assert names[0] == "load_settings"
    # The picker would have hidden most of them by what was typed, and sorted the rest.
    assert len(names) > 3
    assert names != sorted(names)


@live
def test_rows_follow_what_is_typed(start: Callable[..., Neovim], picker: Picker) -> None:
    words = "break a text"
    editor, _ = searched(start, picker, words)
    editor.keys(*["BSpace"] * len(words))
    assert type_and_wait(editor, picker, "download a web page")[0] == "fetch"


@live
def test_preview_shows_the_function_highlighted(start: Callable[..., Neovim], picker: Picker) -> None:
    editor, _ = searched(start, picker, "call again after pauses")
    if picker.name == "mini_pick":
        editor.keys("Tab")
    highlighted = editor.wait(HIGHLIGHTED)
    # From the decorator to the last line, and the name within it.
    assert highlighted == [["FuncseekFunction", 5, 0, 8, 15], ["FuncseekTarget", 6, 4, 6, 16]]
    editor.wait_for_screen("def with_backoff(call):")


HIGHLIGHTED = """(function()
  local namespace = vim.api.nvim_get_namespaces()["funcseek.preview"]
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local marks = namespace and vim.api.nvim_buf_get_extmarks(
      vim.api.nvim_win_get_buf(window), namespace, 0, -1, { details = true }) or {}
    if #marks > 0 then
      return vim.tbl_map(function(mark)
        return { mark[4].hl_group, mark[2], mark[3], mark[4].end_row, mark[4].end_col }
      end, marks)
    end
  end
end)()"""


@live
def test_enter_lands_on_the_name_and_jumping_back_returns(start: Callable[..., Neovim], picker: Picker) -> None:
    editor = opened(start, picker)
    editor.command("3")
    editor.command("Funcseek")
    wait_until_open(editor, picker)
    type_and_wait(editor, picker, WORDS)
    editor.keys("Enter")
    editor.wait_for_cursor(*BEST)
    assert editor.lua("#vim.fn.gettagstack().items") == 1
    editor.keys("C-o")
    editor.wait_for_cursor("net.py", 3, 0)


@live
def test_second_row_is_opened_when_it_is_chosen(start: Callable[..., Neovim], picker: Picker) -> None:
    editor, names = searched(start, picker)
    editor.keys(picker.next)
    editor.keys("Enter")
    assert names[1] == "write_settings"
    editor.wait_for_cursor("conf.py", 6, 4)


@live
@pytest.mark.parametrize("way", ["split", "vsplit", "tab"])
def test_keys_of_the_picker_open_beside(start: Callable[..., Neovim], picker: Picker, way: str) -> None:
    editor, _ = searched(start, picker)
    editor.keys(*{"split": picker.split, "vsplit": ("C-v",), "tab": ("C-t",)}[way])
    editor.wait_for_cursor(*BEST)
    layout, tabs = editor.run("return { vim.fn.winlayout()[1], vim.fn.tabpagenr('$') }")
    assert (layout, tabs) == {"split": ("col", 1), "vsplit": ("row", 1), "tab": ("leaf", 2)}[way]
    if way != "tab":
        shown = editor.lua(
            "vim.tbl_map(function(w) return vim.fn.bufname(vim.api.nvim_win_get_buf(w)) end, vim.api.nvim_list_wins())"
        )
        assert any(name.endswith("net.py") for name in shown)


@live
def test_all_rows_go_to_the_quickfix_list_in_order(start: Callable[..., Neovim], picker: Picker) -> None:
    editor, names = searched(start, picker)
    editor.keys(*picker.to_quickfix)
    found = editor.wait("(function() local all = vim.fn.getqflist(); return #all > 0 and all end)()")
    listed = [entry["text"].split()[0] for entry in found]
    assert listed == names
    assert (found[0]["lnum"], found[0]["col"]) == (1, 5)


@live
def test_escape_leaves_everything_as_it_was(start: Callable[..., Neovim], picker: Picker) -> None:
    editor = opened(start, picker)
    before = editor.run(STATE)
    editor.command("Funcseek")
    wait_until_open(editor, picker)
    type_and_wait(editor, picker, WORDS)
    close(editor, picker)
    editor.wait_until(lambda: editor.run(STATE) == before, "the picker leaves something behind")


STATE = """return {
  vim.fn.winlayout()[1], vim.fn.bufname(), vim.api.nvim_win_get_cursor(0), vim.fn.winsaveview().topline,
  #vim.fn.getbufinfo({ buflisted = 1 }), #vim.fn.getjumplist()[1],
}"""


@live
def test_what_is_to_be_said_stands_in_the_picker(start: Callable[..., Neovim], picker: Picker) -> None:
    editor = opened(start, picker)
    editor.command("Funcseek")
    wait_until_open(editor, picker)
    editor.type("bake a chocolate cake")
    editor.wait_for_screen("No good match")
    assert editor.told() == []


RECORD_ANSWERS = """
_G.answers = {}
local Answer = require("funcseek.answer")
local of = Answer.of
Answer.of = function(...)
  local answer = of(...)
  table.insert(_G.answers, answer.is_partial)
  return answer
end
"""


@pytest.mark.parametrize("picker", [SNACKS, TELESCOPE, MINI_PICK], ids=lambda picker: picker.name)
def test_open_picker_asks_again_once_all_is_read(start: Callable[..., Neovim], picker: Picker, scratch: Path) -> None:
    paths = picker.paths()
    if paths is None:
        pytest.skip(f"{picker.name} is not on this machine")
    folder = repository(scratch / "tea", many_functions(200, verb=picker.name))
    editor = start("tea.py", cwd=folder, runtime_paths=paths, init=set_up(picker) + RECORD_ANSWERS)
    editor.command("Funcseek")
    wait_until_open(editor, picker)
    editor.type(f"{picker.name}_7")
    editor.wait("vim.list_contains(_G.answers, true)")
    editor.wait("_G.answers[#_G.answers] == false")
    assert picker.names(editor.wait_for_screen(f"{picker.name}_7  tea.py"))[0] == f"{picker.name}_7"


@live
def test_similar_functions_are_named_by_their_likeness(
    start: Callable[..., Neovim], picker: Picker, work: Path
) -> None:
    source = (work / "conf.py").read_text(encoding="utf-8")
    (work / "copy.py").write_text(source, encoding="utf-8")
    editor = opened(start, picker, "conf.py")
    editor.command("Funcseek similar")
    editor.wait_for_screen("load_settings  copy.py:1  duplicate")


@live
def test_resume_searches_the_same_words_again(start: Callable[..., Neovim], picker: Picker) -> None:
    editor, names = searched(start, picker)
    close(editor, picker)
    editor.wait("#vim.api.nvim_list_wins() == 1 and vim.api.nvim_get_mode().mode == 'n'")
    editor.command("Funcseek resume")
    editor.wait_until(lambda: picker.names(editor.screen()) == names, "the rows do not come back")
    assert WORDS in editor.screen()


def test_without_a_picker_words_are_asked_for_and_a_row_is_chosen(start: Callable[..., Neovim]) -> None:
    editor = opened(start, UI_SELECT)
    # Once the prompt waits for an answer, the editor gives none itself.
    names = editor.server_names(WORDS)
    editor.command("Funcseek")
    editor.wait_for_screen("What does the function do?")
    editor.type(WORDS)
    editor.keys("Enter")
    editor.wait_until(lambda: UI_SELECT.names(editor.screen()) == names, "the list is not shown")
    editor.type("2")
    editor.keys("Enter")
    editor.wait_for_cursor("conf.py", 6, 4)


SET_UP = {
    "snacks": 'require("snacks").setup({ picker = {} })',
    "telescope": "",
    "fzf_lua": "",
    "mini_pick": 'require("mini.pick").setup()',
}


@live
def test_picker_that_is_set_up_is_found(start: Callable[..., Neovim], picker: Picker) -> None:
    paths = picker.paths()
    if paths is None:
        pytest.skip(f"{picker.name} is not on this machine")
    assert start(runtime_paths=paths, init=SET_UP[picker.name]).lua(CHOSEN) == picker.name


@pytest.mark.parametrize("picker", [SNACKS, MINI_PICK], ids=lambda picker: picker.name)
def test_picker_of_a_collection_that_is_not_set_up_is_left_alone(start: Callable[..., Neovim], picker: Picker) -> None:
    paths = picker.paths()
    if paths is None:
        pytest.skip(f"{picker.name} is not on this machine")
    assert start(runtime_paths=paths).lua(CHOSEN) == "ui_select"


CHOSEN = "require('funcseek.picker').chosen()"


def test_telescope_has_an_extension(start: Callable[..., Neovim]) -> None:
    picker = next(one for one in LIVE if one.name == "telescope")
    editor = opened(start, picker)
    editor.run('require("telescope").load_extension("funcseek")')
    editor.run('vim.g.funcseek = { picker = "ui_select" }')
    editor.command("Telescope funcseek")
    wait_until_open(editor, picker)
    assert type_and_wait(editor, picker, WORDS)[0] == "load_settings"
