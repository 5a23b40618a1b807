"""Text that is in a buffer only is searched as it stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.editors.neovim.test_projects import CHOOSE_FIRST, search, search_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.editors.neovim.neovim import Neovim


def test_function_typed_a_moment_ago_is_found_and_a_deleted_one_is_not(start: Callable[..., Neovim]) -> None:
    editor = start("conf.py", init=CHOOSE_FIRST)
    editor.enable()
    editor.keys("3dd", "i")
    editor.type("def tune_piano(strings):\n    return strings\n")
    editor.keys("Escape")
    editor.wait("vim.bo.modified")
    search_until(editor, "tune_piano", lambda names: names[:1] == ["tune_piano"])
    search_until(editor, "load_settings", lambda names: "load_settings" not in names)
    # The place is that of the buffer, not of the disk.
    editor.command("edit! | normal! G")
    search_until(editor, "load_settings", lambda names: names[:1] == ["load_settings"])


def test_search_lands_where_the_function_stands_in_the_buffer(start: Callable[..., Neovim]) -> None:
    editor = start("conf.py", init=CHOOSE_FIRST)
    editor.enable()
    editor.run("vim.api.nvim_buf_set_lines(0, 0, 0, false, { '# 你好', '# a', '# b' })")
    search(editor, "write_settings")
    editor.wait_for_cursor("conf.py", 9, 4)


def test_what_the_editor_forgets_is_the_disk_again(start: Callable[..., Neovim]) -> None:
    editor = start("conf.py")
    editor.enable()
    editor.run("vim.api.nvim_buf_set_lines(0, 0, 3, false, { 'def tune_piano(strings):', '    return strings' })")
    search_until(editor, "tune_piano", lambda names: names[:1] == ["tune_piano"])
    editor.command("bdelete!")
    search_until(editor, "tune_piano", lambda names: "tune_piano" not in names)
