"""The server's life: missing, killed, started again, and gone with the editor."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funcseek.server.client import ask_to_leave
from funcseek.server.places import Places
from tests.editors.neovim.neovim import is_alive
from tests.editors.neovim.test_projects import CHOOSE_FIRST, search, search_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.editors.neovim.neovim import Neovim, Setting

MISSING = (
    "funcseek: The program funcseek is not installed or not on the PATH; install it with `pip install funcseek`, or"
    ' name it with vim.lsp.config("funcseek", { cmd = { "/path/to/funcseek", "lsp" } }).'
)


def children(pid: int) -> list[int]:
    """Return the processes that a process started and that still run."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # that thread has ended
            found += map(int, path.read_text(encoding="ascii").split())
    return found


def server_of(editor: Neovim) -> int:
    """Return the process of the editor's language server."""
    servers = [child for child in children(editor.pid) if b"lsp" in Path(f"/proc/{child}/cmdline").read_bytes()]
    assert len(servers) == 1
    return servers[0]


@pytest.mark.parametrize("how", ["Funcseek search anything", "Funcseek similar", "Funcseek status", "Funcseek"])
def test_missing_server_is_one_clear_message(start: Callable[..., Neovim], how: str) -> None:
    editor = start("net.py", path=(), init="vim.ui.input = function(_, done) done('anything') end")
    editor.command(how)
    editor.wait("#_G.told > 0")
    assert editor.told() == [MISSING]


def test_missing_server_disturbs_nobody_who_only_opens_files(start: Callable[..., Neovim]) -> None:
    editor = start("net.py", path=(), init="vim.lsp.enable('funcseek')")
    editor.command("silent edit conf.py")
    editor.command("silent edit web/page.ts")
    editor.wait("vim.bo.filetype == 'typescript'")
    assert editor.told() == []
    assert editor.run("return vim.fn.execute('messages')").strip() == ""


def test_server_found_by_its_configured_path_is_used(start: Callable[..., Neovim]) -> None:
    program = str(Path(sys.executable).parent / "funcseek")
    init = f"vim.lsp.config('funcseek', {{ cmd = {{ {program!r}, 'lsp' }} }})"
    editor = start("net.py", path=(), init=init)
    editor.enable()
    assert editor.server_names("load_settings")[0] == "load_settings"


def test_search_after_the_server_was_killed_starts_it_again(start: Callable[..., Neovim]) -> None:
    editor = start("net.py", init=CHOOSE_FIRST)
    editor.enable()
    os.kill(server_of(editor), signal.SIGKILL)
    editor.wait("#vim.lsp.get_clients({ name = 'funcseek' }) == 0")
    assert search(editor, "load_settings")[0].startswith("load_settings")
    assert editor.lua("#vim.lsp.get_clients({ name = 'funcseek', bufnr = vim.fn.bufnr('net.py') })") == 1


def test_question_that_a_killed_server_had_is_answered_with_what_to_do(start: Callable[..., Neovim]) -> None:
    editor = start("net.py")
    editor.enable()
    server = server_of(editor)
    os.kill(server, signal.SIGSTOP)
    editor.run(
        """
        local request = { method = "funcseek/search", params = { query = "x" }, words = "x" }
        _G.session = require("funcseek.session").new(0)
        _G.session:ask(request, function(answer) _G.answer = answer end, 0)
        """
    )
    editor.wait("_G.session.pending ~= nil")
    os.kill(server, signal.SIGKILL)
    assert editor.wait("_G.answer")["sentences"] == ["The language server has ended; search again to start it."]


def test_restart_starts_another_server_and_keeps_the_buffers(start: Callable[..., Neovim]) -> None:
    editor = start("net.py")
    editor.enable()
    old = server_of(editor)
    editor.command("Funcseek restart")
    editor.wait("#_G.told > 0")
    assert editor.told() == ["funcseek: The language server was started again."]
    assert not is_alive(old)
    assert editor.lua("#vim.lsp.get_clients({ name = 'funcseek', bufnr = 0 })") == 1
    assert server_of(editor) != old


def test_search_goes_on_after_the_service_has_died(start: Callable[..., Neovim], fresh_home: Path) -> None:
    editor = start("net.py", funcseek_home=fresh_home)
    editor.enable()
    ask_to_leave(Places(fresh_home, fresh_home / "run", fresh_home))
    search_until(editor, "load_settings", lambda names: names[:1] == ["load_settings"])


def test_server_leaves_with_the_editor(start: Callable[..., Neovim]) -> None:
    editor = start("net.py")
    editor.enable()
    server = server_of(editor)
    editor.quit()
    editor.wait_until(lambda: not is_alive(server), "the server outlives the editor")


def test_server_leaves_though_the_editor_was_killed(start: Callable[..., Neovim]) -> None:
    editor = start("net.py")
    editor.enable()
    server = server_of(editor)
    os.kill(editor.pid, signal.SIGKILL)
    editor.wait_until(lambda: not is_alive(server), "the server outlives the editor")


def test_editor_that_never_searched_started_nothing(start: Callable[..., Neovim], setting: Setting) -> None:
    editor = start("net.py", funcseek_home=setting.folder / "nowhere")
    assert children(editor.pid) == []
    editor.quit()
    assert not (setting.folder / "nowhere").exists()
