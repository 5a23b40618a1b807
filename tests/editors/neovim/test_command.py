"""The command, its help, the health check, the settings, and what a start of the editor costs: nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.editors.neovim.neovim import PLUGIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.editors.neovim.neovim import Neovim

SUBCOMMANDS = ["log", "reindex", "restart", "resume", "search", "similar", "status"]

MAPS = "return vim.fn.execute('%smap')"

# Says what is shown and chooses nothing.
LISTEN = "vim.ui.select = function(rows, options) _G.shown = { #rows, options.prompt } end"


def test_start_of_the_editor_loads_nothing(start: Callable[..., Neovim]) -> None:
    editor = start("net.py")
    assert editor.lua("vim.g.loaded_funcseek") == 1
    loaded = editor.lua(
        "vim.tbl_filter(function(name) return name:find('funcseek') ~= nil end, vim.tbl_keys(package.loaded))"
    )
    assert loaded == []
    assert editor.lua("vim.lsp.is_enabled('funcseek')") is False


def test_no_key_is_taken(start: Callable[..., Neovim]) -> None:
    editor = start()
    mapped = {
        mode: {line.split()[1] for line in editor.run(MAPS % mode).split("\n") if "uncseek" in line}
        for mode in "nxictos"
    }
    search, similar, resume = (f"<Plug>(funcseek-{name})" for name in ("search", "similar", "resume"))
    assert mapped == {mode: set() for mode in "ictos"} | {"n": {search, similar, resume}, "x": {similar}}


def test_subcommands_are_completed_and_words_are_not(start: Callable[..., Neovim]) -> None:
    editor = start()
    assert editor.lua("vim.fn.getcompletion('Funcseek ', 'cmdline')") == SUBCOMMANDS
    assert editor.lua("vim.fn.getcompletion('Funcseek re', 'cmdline')") == ["reindex", "restart", "resume"]
    assert editor.lua("vim.fn.getcompletion('Funcseek search re', 'cmdline')") == []


WORDS = {
    "Funcseek retry with backoff": "retry with backoff",
    "Funcseek search retry with backoff": "retry with backoff",
    "Funcseek status of a job": "status of a job",
    "Funcseek search status": "status",
    "Funcseek similar images": "similar images",
    'Funcseek Straße öffnen 打开 | "x"': 'Straße öffnen 打开 | "x"',
    "Funcseek": "",
}


def test_words_are_what_is_searched(start: Callable[..., Neovim]) -> None:
    editor = start()
    editor.run("require('funcseek').search = function(options) _G.asked = options and options.query or '' end")
    for line, words in WORDS.items():
        editor.run(f"vim.cmd('{line}')")
        assert editor.lua("_G.asked") == words


def test_words_on_the_command_line_are_searched_at_once(start: Callable[..., Neovim]) -> None:
    editor = start("net.py", init=LISTEN)
    editor.enable()
    editor.command("Funcseek break a text into words")
    count, prompt = editor.wait("_G.shown")
    assert count > 0
    assert prompt.startswith("Funcseek")


def test_status_names_the_model_and_the_folder(start: Callable[..., Neovim], work: Path) -> None:
    editor = start("net.py")
    editor.enable()
    editor.command("Funcseek status")
    editor.wait("#_G.told > 0")
    assert "model: all-MiniLM-L6-v2" in editor.told()[0]
    assert f"{work}: ready, 6 functions in 4 files" in editor.told()[0]


def test_reindex_is_confirmed(start: Callable[..., Neovim]) -> None:
    editor = start("net.py")
    editor.enable()
    editor.command("Funcseek reindex")
    editor.wait("#_G.told > 0")
    assert editor.told() == ["funcseek: Every file is looked at again."]


def test_log_of_the_service_is_opened(start: Callable[..., Neovim]) -> None:
    editor = start("net.py")
    editor.enable()
    editor.command("Funcseek log")
    editor.wait("vim.fn.expand('%:t') == 'service.log'")


def test_resume_before_any_search_says_so(start: Callable[..., Neovim]) -> None:
    editor = start()
    editor.command("Funcseek resume")
    editor.wait("#_G.told > 0")
    assert editor.told() == ["funcseek: Nothing was searched yet."]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("{ limit = 0 }", "The setting limit must be a whole number from 1 to 100; it is 0, so the default 30 holds."),
        (
            "{ picker = 'vim' }",
            "The setting picker must be one of auto, snacks, telescope, fzf_lua, mini_pick, ui_select;",
        ),
        ("{ debounce = 3 }", "There is no setting debounce; the settings are debounce_ms, limit, picker."),
        ("7", "vim.g.funcseek must be a table, such as { limit = 50 }."),
    ],
)
def test_bad_setting_is_named_once_and_its_default_holds(
    start: Callable[..., Neovim], settings: str, told: str
) -> None:
    editor = start(init=f"vim.g.funcseek = {settings}")
    config = editor.lua("{ require('funcseek.config').get(), require('funcseek.config').get() }")[1]
    assert config == {"picker": "auto", "limit": 30, "debounce_ms": 80}
    assert [message.removeprefix("funcseek: ")[: len(told)] for message in editor.told()] == [told]


def test_setup_is_stronger_than_the_variable(start: Callable[..., Neovim]) -> None:
    editor = start(init="vim.g.funcseek = { limit = 40, debounce_ms = 10 }; require('funcseek').setup({ limit = 50 })")
    assert editor.lua("require('funcseek.config').get()") == {"picker": "auto", "limit": 50, "debounce_ms": 10}
    assert editor.told() == []


def test_help_has_a_tag_for_all_there_is(start: Callable[..., Neovim], scratch: Path) -> None:
    doc = scratch / "doc"
    doc.mkdir()
    (doc / "funcseek.txt").write_text((PLUGIN / "doc" / "funcseek.txt").read_text(encoding="utf-8"), encoding="utf-8")
    editor = start(runtime_paths=(scratch,))
    editor.run(f"vim.cmd.helptags({str(doc)!r})")
    tags = {line.split("\t")[0] for line in (doc / "tags").read_text(encoding="utf-8").splitlines()}
    wanted = {f":Funcseek-{name}" for name in SUBCOMMANDS if name != "search"} | {"funcseek", ":Funcseek"}
    wanted |= {f"hl-{name}" for name in editor.lua("vim.tbl_keys(require('funcseek.highlight').LINKS)")}
    wanted |= {f"<Plug>(funcseek-{name})" for name in ("search", "similar", "resume")}
    wanted |= {f"funcseek.{name}()" for name in ("search", "similar", "resume", "setup", "statusline")}
    assert wanted - tags == set()
    editor.command("help :Funcseek")
    editor.wait_for_screen("Open the picker and search as you type.")


def test_help_names_every_setting(start: Callable[..., Neovim]) -> None:
    text = (PLUGIN / "doc" / "funcseek.txt").read_text(encoding="utf-8")
    for name, value in start().lua("require('funcseek.config').get()").items():
        assert f"{name} = {value}," in text.replace('"', "")


def test_health_check_reports_all_there_is(start: Callable[..., Neovim], work: Path) -> None:
    editor = start("net.py", init="vim.g.funcseek = { limit = 1000, picker = 'telescope' }")
    editor.enable()
    editor.command("checkhealth funcseek")
    editor.wait("vim.bo.filetype == 'checkhealth'")
    report = "\n".join(editor.lua("vim.api.nvim_buf_get_lines(0, 0, -1, false)"))
    for line in (
        "OK Neovim 0.11.4",
        "WARNING The setting limit must be a whole number from 1 to 100; it is 1000, so the default 30 holds.",
        "OK Picker: ui_select",
        "OK funcseek 0.1.0",
        "speaks funcseek/search, funcseek/similar, funcseek/status, funcseek/reindex",
        "OK Model: all-MiniLM-L6-v2",
        f"OK {work}: ready, 6 functions in 4 files, 6 of them embedded",
    ):
        assert line in report
