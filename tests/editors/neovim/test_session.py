"""One question after another: only the last one counts. Asked of the session itself, with a real server behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.editors.neovim.neovim import Neovim


@pytest.fixture
def editor(start: Callable[..., Neovim]) -> Neovim:
    """Return an editor that notes each request of ours and each answer that a session hears."""
    editor = start("net.py")
    editor.enable()
    editor.run(
        """
        _G.sent, _G.heard = {}, {}
        vim.api.nvim_create_autocmd("LspRequest", { callback = function(event)
          local request = event.data.request
          if request.method == "funcseek/search" then table.insert(_G.sent, request.type) end
        end })
        _G.session = require("funcseek.session").new(0)
        function _G.ask(words, delay_ms)
          local request = { method = "funcseek/search", params = { query = words, limit = 5 }, words = words }
          _G.session:ask(request, function(answer) table.insert(_G.heard, answer.words) end, delay_ms)
        end
        """
    )
    return editor


def test_cancelled_question_is_never_answered(editor: Neovim) -> None:
    # Within one turn of the loop, so that the first answer cannot have come.
    editor.run(
        """
        _G.ask("read the configuration", 0)
        assert(vim.wait(5000, function() return _G.session.pending ~= nil end, 1))
        _G.ask("download a web page", 0)
        """
    )
    editor.wait("#_G.heard > 0")
    assert editor.lua("_G.heard") == ["download a web page"]
    sent = editor.lua("_G.sent")
    assert sent.count("pending") == 2
    assert "cancel" in sent


def test_keys_typed_quickly_are_one_search(editor: Neovim) -> None:
    editor.run("for length = 1, 12 do _G.ask(('break a text'):sub(1, length), 30) end")
    editor.wait("#_G.heard > 0")
    assert editor.lua("_G.heard") == ["break a text"]
    assert editor.lua("_G.sent").count("pending") == 1


def test_what_was_cancelled_while_the_server_starts_is_never_sent(start: Callable[..., Neovim]) -> None:
    editor = start("net.py")
    editor.run(
        """
        _G.heard = {}
        local session = require("funcseek.session").new(0)
        for _, words in ipairs({ "first", "second" }) do
          local request = { method = "funcseek/search", params = { query = words }, words = words }
          session:ask(request, function(answer) table.insert(_G.heard, answer.words) end, 0)
          vim.wait(5000, function() return #require("funcseek.client").all() > 0 end, 1)
        end
        """
    )
    editor.wait("#_G.heard > 0")
    assert editor.lua("_G.heard") == ["second"]
    assert editor.lua("#require('funcseek.client').all()") == 1


def test_wrong_parameter_is_told_as_an_answer(editor: Neovim) -> None:
    editor.run(
        """
        local request = { method = "funcseek/search", params = { query = "x", kinds = { "gadget" } }, words = "x" }
        _G.session:ask(request, function(answer) _G.answer = answer end, 0)
        """
    )
    answer = editor.wait("_G.answer")
    assert answer["failed"]
    assert "gadget" in answer["sentences"][0]
