"""``python -m bench.neovim``: what the plugin costs at the start, and how long after the last key the rows show.

In the real Neovim in a real terminal, on the standard library with the real model, as ``tests/editors/neovim`` drives
it; run ``tests/editors/neovim/install.sh`` first. Pickers are those in the folder that ``FUNCSEEK_NVIM_PLUGINS`` names.
Embedding the library takes minutes, so ``--home`` keeps an index, and ``--wait`` does without the rest.
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
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bench.spine import QUERIES
from funcseek.server.client import ask_to_leave, connect
from funcseek.server.places import HOME_VARIABLE, Places, places
from tests.editors.neovim.neovim import NVIM, Neovim, Setting
from tests.editors.neovim.pickers import LIVE, Picker, close, set_up

if TYPE_CHECKING:
    from collections.abc import Iterator

STARTS = 31
NOT_SOURCE = ("test", "tests", "idle_test", "site-packages", "__pycache__", "idlelib", "lib2to3")

# A key every 100 ms, as somebody types who types well.
KEY_MS = 100
# Puts the number of letters asked for before the first row of every answer, types, and notes how long after the last
# key a redraw shows the rows of all letters.
WATCH = """
local Answer = require("funcseek.answer")
local of = Answer.of
Answer.of = function(words, ...)
  local answer = of(words, ...)
  local first = answer.rows[1]
  if first then
    local mark = ("#%d# "):format(#words)
    first.chunks[1][1], first.text = mark .. first.chunks[1][1], mark .. first.text
  end
  return answer
end
local function is_shown(mark)
  return vim.iter(vim.api.nvim_list_wins()):any(function(window)
    local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
    return vim.iter(lines):any(function(line) return line:find(mark, 1, true) ~= nil end)
  end)
end
vim.api.nvim_set_decoration_provider(vim.api.nvim_create_namespace("bench"), { on_end = function()
  if _G.typed_at and not _G.shown_after and is_shown(_G.mark) then
    _G.shown_after = (vim.uv.hrtime() - _G.typed_at) / 1e6
  end
end })
function _G.write(words, key_ms)
  _G.mark, _G.typed_at, _G.shown_after = ("#%d# "):format(#words), nil, nil
  for at = 1, #words do
    vim.defer_fn(function()
      vim.api.nvim_input(words:sub(at, at))
      if at == #words then _G.typed_at = vim.uv.hrtime() end
    end, at * key_ms)
  end
end
"""


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--home", type=Path, help="a folder with a short path for the index, kept for the next time")
    parser.add_argument("--wait", type=float, help="seconds after which what is not embedded yet stays so")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fs-bench-") as scratch:
        home = chosen.home or Path(scratch, "home")
        print("| | |\n|---|---|")
        print(f"| load of the machine | {os.getloadavg()[0]:.1f} |")
        print(
            f"| plugin at the start of the editor, median of {STARTS} | {start_ms(Path(scratch)):.2f} ms |", flush=True
        )
        with library(home, wait_seconds=chosen.wait) as tree:
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
def library(home: Path, *, wait_seconds: float | None) -> Iterator[Path]:
    """Lay out and index the standard library without its tests, and print how far that came."""
    tree = home / "standard-library"
    os.environ[HOME_VARIABLE] = str(home)
    if not tree.exists():
        shutil.copytree(sysconfig.get_path("stdlib"), tree, ignore=shutil.ignore_patterns(*NOT_SOURCE))
        subprocess.run(["git", "init", "--quiet", str(tree)], check=True)
    funcseek = [sys.executable, "-P", "-m", "funcseek.server"]
    try:
        subprocess.run([*funcseek, "model", "install"], check=True, stdout=subprocess.DEVNULL)
        with suppress(subprocess.TimeoutExpired):
            index = [*funcseek, "index", str(tree)]
            subprocess.run(index, check=True, stdout=subprocess.DEVNULL, timeout=wait_seconds)
        subprocess.run([*funcseek, "pause", str(tree)], check=True, stdout=subprocess.DEVNULL)
        with connect(places()) as client:
            state = client.open(str(tree))
        print(f"| functions, and those with a vector | {state['functions']:,}, {state['embedded']:,} |", flush=True)
        yield tree
        subprocess.run([*funcseek, "resume", str(tree)], check=True, stdout=subprocess.DEVNULL)
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
        editor.run("vim.lsp.enable('funcseek')")
        editor.wait("#vim.lsp.get_clients({ name = 'funcseek', bufnr = 0 }) > 0")
        taken = sorted(_last_key_to_rows(editor, picker, words) for words in QUERIES)
        row = f"p50 {statistics.median(taken):.0f} ms, slowest of {len(taken)} {taken[-1]:.0f} ms"
        print(f"| {picker.name}: last key to rows | {row} |", flush=True)


def _last_key_to_rows(editor: Neovim, picker: Picker, words: str) -> float:
    editor.command("Funcseek")
    editor.wait("#vim.api.nvim_list_wins() > 1")
    editor.run(f"_G.write('{words}', {KEY_MS})")
    after: float = editor.wait("_G.shown_after")
    close(editor, picker)
    editor.wait("#vim.api.nvim_list_wins() == 1")
    return after


if __name__ == "__main__":
    main()
