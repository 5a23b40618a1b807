"""The pickers a user may have, where their plugins lie, and their own keys, which our plugin leaves as they are."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.editors.neovim.neovim import Neovim

# No registry has these plugins: where a folder holds their repositories, this names it.
PLUGINS_VARIABLE = "FUNCSEEK_NVIM_PLUGINS"

# A row as every picker shows it: the function's name, two blanks, the file and the line.
_ROW = re.compile(r"([\w.<>]+)  ((?:\w+ • )?[\w./-]+:\d+)(?:  |\s*(?:│|$))", re.MULTILINE)


@dataclass(frozen=True)
class Picker:
    """One picker."""

    name: str
    repositories: tuple[str, ...] = ()
    init: str = ""
    next: str = "C-n"
    split: tuple[str, ...] = ("C-s",)
    to_quickfix: tuple[str, ...] = ("C-q",)
    is_best_below: bool = False
    # Its first Escape leaves insert mode only.
    is_modal: bool = False

    def paths(self) -> tuple[Path, ...] | None:
        """Return the folders of its plugins; None where they are not on this machine."""
        folder = os.environ.get(PLUGINS_VARIABLE)
        if not self.repositories:
            return ()
        if not folder:
            return None
        found = tuple(Path(folder, name) for name in self.repositories)
        return found if all(path.is_dir() for path in found) else None

    def rows(self, screen: str) -> list[tuple[str, str]]:
        """Return the names and places that a screen shows, the best first."""
        found = _ROW.findall(screen)
        return found[::-1] if self.is_best_below else found

    def names(self, screen: str) -> list[str]:
        """Return the names that a screen shows, the best first."""
        return [name for name, _ in self.rows(screen)]


SNACKS = Picker("snacks", ("snacks.nvim",), is_modal=True)
TELESCOPE = Picker(
    "telescope", ("telescope.nvim", "plenary.nvim"), next="C-p", split=("C-x",), is_best_below=True, is_modal=True
)
FZF_LUA = Picker("fzf_lua", ("fzf-lua",), to_quickfix=("M-q",))
MINI_PICK = Picker("mini_pick", ("mini.nvim",), init='require("mini.pick").setup()', to_quickfix=("C-a", "M-Enter"))
LIVE = (SNACKS, TELESCOPE, FZF_LUA, MINI_PICK)

UI_SELECT = Picker("ui_select")


def missing() -> list[str]:
    """Return the names of the pickers that cannot be tried on this machine."""
    return [picker.name for picker in LIVE if picker.paths() is None]


def set_up(picker: Picker) -> str:
    """Return what an ``init.lua`` holds for a picker."""
    return "\n".join([picker.init, f'vim.g.funcseek = {{ picker = "{picker.name}" }}'])


def close(editor: Neovim, picker: Picker) -> None:
    """Leave an open picker as a user does."""
    editor.keys("Escape")
    if picker.is_modal:
        editor.wait("vim.api.nvim_get_mode().mode == 'n'")
        editor.keys("Escape")


def type_and_wait(editor: Neovim, picker: Picker, words: str) -> list[str]:
    """Type words into an open picker, wait until it shows what the server finds, and return the names."""
    wanted = editor.server_names(words)
    editor.type(words)
    editor.wait_until(lambda: picker.names(editor.screen()) == wanted, f"{picker.name} never shows {wanted}")
    return wanted
