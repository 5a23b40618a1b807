"""Emacs at home: eglot as it comes, and our package beside it, each against a real ``funcseek lsp``.

`install.sh` brings Emacs; without it these tests fail, they are never skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from funcseek.server.places import HOME_VARIABLE
from tests.doubles import lay_out
from tests.server.editor import COMMAND, PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    Act = Callable[[str], dict[str, Any]]

HERE = Path(__file__).parent
PACKAGE = HERE.parents[2] / "editors" / "emacs" / "funcseek.el"
TREE = """\
--- net.py
def fetch_with_retries(url):
    return url


--- other/copy.py
# 漢 😀
def fetch_with_retries(url):
    return url
--- cart.ts
export function totalPrice(items: Item[]): number { return items.length }
"""


@pytest.fixture
def emacs(home: Path, tmp_path: Path) -> Act:
    """Have an Emacs of its own do one act of `session.el` on a tree, and return what came of it."""
    tree, answer = lay_out(tmp_path / "tree", TREE), tmp_path / "answer.json"
    settings = {
        HOME_VARIABLE: str(home), "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "LC_ALL": "C.UTF-8",
        "SESSION_TREE": f"{tree}/", "SESSION_ANSWER": str(answer), "SESSION_PACKAGE": str(PACKAGE),
        "SESSION_COMMAND": json.dumps(COMMAND),
    }  # fmt: skip

    def act(name: str) -> dict[str, Any]:
        program = ["emacs", "-q", "--batch", "-l", str(HERE / "session.el"), "--eval", f"(session-run '{name})"]
        done = subprocess.run(
            program, env=os.environ | settings, capture_output=True, text=True, check=False, timeout=300
        )
        assert answer.exists(), done.stderr
        found: dict[str, Any] = json.loads(answer.read_text())
        assert "error" not in found, (found, done.stderr)
        return found

    return act


def check_gone(process: int) -> None:
    """Check that a process ends, as one that was told to."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while Path(f"/proc/{process}").exists():
        assert time.monotonic() < deadline, "the language server outlived Emacs"


def test_eglot_searches_by_request_xref_and_command_and_leaves_cleanly(emacs: Act) -> None:
    found = emacs("act-eglot")
    assert set(found["found"][:3]) == {"typed_without_saving", "fetch_with_retries"}
    assert sorted(line for summary, line in found["apropos"] if "fetch_with_retries" in summary) == [1, 2]
    assert (found["functions"], found["command"]) == (3, "totalPrice")
    assert found["status"] == 0
    check_gone(found["pid"])


def test_eglot_shuts_the_server_down_with_a_request_running(emacs: Act) -> None:
    found = emacs("act-shutdown")
    assert found["left"]
    check_gone(found["pid"])


def test_server_leaves_with_an_emacs_that_says_nothing(emacs: Act) -> None:
    check_gone(emacs("act-kill")["pid"])


def test_package_offers_the_server_s_order_and_goes_to_the_name(emacs: Act) -> None:
    found = emacs("act-package")
    assert [label.partition("  ")[2] for label in found["offered"][:2]] == ["net.py:1", "other/copy.py:2"]
    assert (found["file"], found["line"], found["word"], found["back"]) == (
        "copy.py",
        2,
        "fetch_with_retries",
        "net.py",
    )
    assert (found["similar"][0], found["there"]) == ("fetch_with_retries  other/copy.py:2", "copy.py")
    assert "of 3 functions by meaning" in found["status"]
    check_gone(found["pid"])


def test_package_lists_unsaved_functions_where_the_buffer_has_them(emacs: Act) -> None:
    found = emacs("act-list")
    title, _, first = found["text"].split("\n")[:3]
    assert title == "typed without saving"
    assert first.startswith("net.py:2: typed_without_saving")
    assert found["line"] == 3


def test_package_says_what_is_wrong_and_goes_on(emacs: Act) -> None:
    found = emacs("act-refused")
    assert "No function is in line" in found["similar"]
    assert found["found"] > 0
    assert "install funcseek" in found["missing"]


def test_package_compiles_without_a_warning(tmp_path: Path) -> None:
    out = tmp_path / "funcseek.el"
    out.write_text(PACKAGE.read_text(encoding="utf-8"), encoding="utf-8")
    compiled = ["--eval", "(setq byte-compile-error-on-warn t)", "-f", "batch-byte-compile", str(out)]
    done = subprocess.run(["emacs", "-Q", "--batch", *compiled], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "")
