"""What the plugin's files must keep: their format, their size, and every language that is indexed."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from funcseek.parsers import LANGUAGES, extract, language_for
from tests.editors.neovim.neovim import HERE, PLUGIN, TOOLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.editors.neovim.neovim import Neovim

FILES = sorted(str(path) for path in PLUGIN.rglob("*.lua"))
MAX_FILE_LINES, MAX_FUNCTION_LINES = 400, 40

# Neovim takes EJS for another kind of template, and notebooks for any JSON.
UNTOLD = {("ejs", "mason"), ("jupyter", "json")}


def test_files_are_formatted_by_stylua() -> None:
    check = ["node", str(HERE / "style.cjs"), str(PLUGIN / "stylua.toml"), *FILES]
    environment = os.environ | {"NODE_PATH": str(TOOLS / "npm" / "node_modules")}
    done = subprocess.run(check, capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.stderr) == ("", "")


def test_luacheck_finds_nothing() -> None:
    done = subprocess.run(
        ["luacheck", "--no-color", "--quiet", "--config", str(PLUGIN / ".luacheckrc"), *FILES],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_files_and_functions_fit_their_budget() -> None:
    lua = next(language for language in LANGUAGES if language.name == "lua")
    long = {}
    for name in FILES:
        with open(name, "rb") as file:
            source = file.read()
        if source.count(b"\n") > MAX_FILE_LINES:
            long[name] = source.count(b"\n")
        for function in extract(source, lua).functions:
            lines = source[function.span.start : function.span.end].count(b"\n") + 1
            if lines > MAX_FUNCTION_LINES:
                long[f"{name}:{function.name}"] = lines
    assert long == {}


def test_buffers_of_every_language_are_told_to_the_server(start: Callable[..., Neovim]) -> None:
    editor = start()
    known = set(editor.lua("require('funcseek.filetypes').all"))
    untold = set()
    for sample in sorted((HERE.parents[1] / "parsers" / "samples").iterdir()):
        language = language_for(sample.name, sample.read_bytes())
        editor.run(f"vim.cmd.edit('{sample}')")
        if language is not None and (filetype := editor.lua("vim.bo.filetype")) not in known:
            untold.add((language.name, filetype))
    assert untold == UNTOLD
