"""The status line's text, as the server tells it, through the indexing of a folder and at rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.editors.neovim.conftest import repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.editors.neovim.neovim import Neovim

# What a user writes, and every text that it has shown.
SHOWN = """
vim.o.laststatus = 3
vim.o.statusline = "%t [%{v:lua.require'funcseek'.statusline()}]"
_G.seen = {}
vim.api.nvim_create_autocmd("User", { pattern = "FuncseekStatus", callback = function()
  table.insert(_G.seen, require("funcseek").statusline())
end })
"""


def many_functions(count: int, *, verb: str = "brew") -> str:
    """Return the files of a folder whose embedding takes a moment, where no other has those of this verb."""
    functions = [f"def {verb}_{number}(kettle):\n    return kettle + {number}\n" for number in range(count)]
    return "--- tea.py\n" + "\n\n".join(functions)


def test_text_follows_the_indexing_until_nothing_is_to_be_done(start: Callable[..., Neovim], scratch: Path) -> None:
    folder = repository(scratch / "tea", many_functions(200))
    editor = start("tea.py", cwd=folder, init=SHOWN)
    assert "tea.py []" in editor.screen()
    editor.enable()
    editor.wait("_G.seen[#_G.seen] == 'funcseek'")
    editor.wait_for_screen("tea.py [funcseek]")
    assert any(text.startswith("funcseek ") and text.endswith("%") for text in editor.lua("_G.seen"))


LINE = {
    "health": "ok",
    "quiescent": True,
    "functions": 9,
    "embedded": 9,
    "filesDone": 4,
    "filesTotal": 4,
    "isPaused": False,
}

# In one go: the server that runs says what it does, too, and would be heard between two.
SHOWN_FOR = """
local client = vim.lsp.get_clients({ name = "funcseek" })[1]
require("funcseek.statusline").changed(client.id, vim.json.decode([[%s]]))
return require("funcseek").statusline()
"""

TEXTS: list[tuple[dict[str, Any], str]] = [
    ({}, "funcseek"),
    ({"quiescent": False, "filesDone": 1}, "funcseek 1/4 files"),
    ({"quiescent": False, "embedded": 3}, "funcseek 33%"),
    ({"quiescent": False, "functions": 0, "embedded": 0, "filesDone": 0, "filesTotal": 0}, "funcseek …"),
    ({"isPaused": True, "embedded": 3}, "funcseek paused"),
    ({"health": "warning"}, "funcseek: warning"),
    ({"health": "error"}, "funcseek: error"),
]


def test_text_of_each_state(start: Callable[..., Neovim]) -> None:
    editor = start("net.py")
    editor.enable()
    for line, text in TEXTS:
        assert editor.run(SHOWN_FOR % json.dumps(LINE | line)) == text


def test_text_is_empty_without_a_server(start: Callable[..., Neovim]) -> None:
    assert start().lua("require('funcseek').statusline()") == ""
