"""``python -m bench.neovim``: what the plugin costs at the start, and how long after the last key the rows show.

In the real Neovim in a real terminal, on the standard library with the real model, as ``tests/editors/neovim`` drives
it; run ``tests/editors/neovim/install.sh`` first. Pickers are those in the folder that ``FUNCSEEK_NVIM_PLUGINS`` names.
Embedding the library takes minutes, so ``--home`` keeps an index for the next time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.spine import QUERIES
from funcseek.server.client import ask_to_leave
from funcseek.server.places import HOME_VARIABLE, Places
from tests.editors.neovim.neovim import NVIM, Neovim, Setting
from tests.editors.neovim.pickers import LIVE, Picker, close, set_up

if TYPE_CHECKING:
    from collections.abc import Iterator

STARTS = 31
NOT_SOURCE = ("test", "tests", "idle_test", "site-packages", "__pycache__", "idlelib", "lib2to3")

# Notes when a key was pressed last, and the first redraw after which a text is on the screen.
WATCH = """
_G.wanted, _G.shown_after = nil, nil
vim.on_key(function() _G.key_at = vim.uv.hrtime() end)
vim.api.nvim_set_decoration_provider(vim.api.nvim_create_namespace("bench"), {
  on_end = function()
    if not _G.wanted or _G.shown_after then return end
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
      for _, line in ipairs(lines) do
        if line:find(_G.wanted, 1, true) then
          _G.shown_after = (vim.uv.hrtime() - _G.key_at) / 1e6
          return
        end
      end
    end
  end,
})
"""


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--home", type=Path, help="a folder with a short path for the index, kept for the next time")
    kept = parser.parse_args().home
    with tempfile.TemporaryDirectory(prefix="fs-bench-") as scratch:
        home = kept or Path(scratch, "home")
        print("| | |\n|---|---|")
        print(f"| load of the machine | {os.getloadavg()[0]:.1f} |")
        print(
            f"| plugin at the start of the editor, median of {STARTS} | {start_ms(Path(scratch)):.2f} ms |", flush=True
        )
        with library(home) as tree:
            for picker in LIVE:
                measure(picker, tree, Path(scratch), home)


def start_ms(scratch: Path) -> float:
    """Return how long the plugin's start-up file takes, in milliseconds."""
    setting = Setting(scratch / "start", scratch / "nowhere", scratch)
    setting.folder.mkdir()
    taken = []
    for number in range(STARTS):
        times = scratch / f"times{number}"
        command = [str(NVIM), "--headless", "-u", str(setting.write_init()), "-i", "NONE", "--startuptime", str(times)]
        subprocess.run([*command, "+qa"], env=setting.environment(), check=True, capture_output=True)
        line = next(line for line in times.read_text().splitlines() if line.endswith("plugin/funcseek.lua"))
        taken.append(float(line.split()[1]))
    return statistics.median(taken)


@contextmanager
def library(home: Path) -> Iterator[Path]:
    """Lay out and index the standard library without its tests."""
    tree = home / "standard-library"
    os.environ[HOME_VARIABLE] = str(home)
    if not tree.exists():
        shutil.copytree(sysconfig.get_path("stdlib"), tree, ignore=shutil.ignore_patterns(*NOT_SOURCE))
        subprocess.run(["git", "init", "--quiet", str(tree)], check=True)
    funcseek = [sys.executable, "-P", "-m", "funcseek.server"]
    try:
        subprocess.run([*funcseek, "model", "install"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*funcseek, "index", str(tree)], check=True, stdout=subprocess.DEVNULL)
        yield tree
    finally:
        ask_to_leave(Places(home, home / "run", home))


def measure(picker: Picker, tree: Path, scratch: Path, home: Path) -> None:
    """Print how long after the last key a picker shows what the whole query finds."""
    paths = picker.paths()
    if paths is None:
        print(f"| {picker.name}: last key to rows | not on this machine |")
        return
    folder = scratch / picker.name
    folder.mkdir()
    setting = Setting(folder, home, tree, init=set_up(picker) + WATCH, runtime_paths=paths)
    with Neovim(setting, "shlex.py") as editor:
        editor.enable()
        taken = sorted(_last_key_to_rows(editor, picker, words) for words in QUERIES)
        row = f"p50 {statistics.median(taken):.0f} ms, slowest of {len(taken)} {taken[-1]:.0f} ms"
        print(f"| {picker.name}: last key to rows | {row} |", flush=True)


def _last_key_to_rows(editor: Neovim, picker: Picker, words: str) -> float:
    best = editor.ask("funcseek/search", {"query": words, "limit": 30})["items"][0]
    file = Path(best["uri"].removeprefix("file://")).relative_to(editor.setting.cwd)
    place = f"{best['qualifiedName']}  {file}:{best['selectionRange']['start']['line'] + 1}"
    editor.command("Funcseek")
    editor.wait("#vim.api.nvim_list_wins() > 1")
    editor.run(f"_G.wanted, _G.shown_after = [==[{place}]==], nil")
    editor.type(words)
    after: float = editor.wait("_G.shown_after")
    editor.run("_G.wanted = nil")
    close(editor, picker)
    editor.wait("#vim.api.nvim_list_wins() == 1")
    return after


if __name__ == "__main__":
    main()
