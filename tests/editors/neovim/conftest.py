"""Folders of the tests' own, one service with the real model, editors on demand; and which pickers were not tried."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funcseek.server.client import ask_to_leave
from funcseek.server.places import Places
from tests.doubles import lay_out
from tests.editors.neovim.neovim import NVIM, Neovim, Setting
from tests.editors.neovim.pickers import PLUGINS_VARIABLE, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from funcseek.index.installation import Installed

# What the words of the tests find in an order that is not the alphabet's, and by documentation more than by name.
FILES = '''\
--- net.py
def fetch(url):
    """Download a web page and return its text."""
    return url


@cached
def with_backoff(call):
    """Call again after growing pauses until it succeeds."""
    return call


class Pool:
    def acquire(self):
        """Take a connection out of the pool, or open one."""
        return self
--- conf.py
def load_settings(path):
    """Read the configuration from disk."""
    return path


def write_settings(path):
    """Write the configuration to disk."""
    return path
--- web/page.ts
/** Read the text of a page that was downloaded. */
export function textOf(page: Page): string {
  return page.text;
}
--- lib/strings.lua
--- Break a text into words.
local function split_words(text)
  return text
end
'''


def pytest_configure() -> None:
    if not NVIM.exists():
        raise pytest.UsageError("Neovim is not there; run tests/editors/neovim/install.sh, or `make neovim`.")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if names := missing():
        terminalreporter.section("pickers that were NOT proven in this run", sep="!", red=True)
        terminalreporter.line(f"{', '.join(names)}: their plugins are in no registry.")
        terminalreporter.line(f"Name a folder with their repositories in {PLUGINS_VARIABLE} to try them.")


@pytest.fixture(scope="session")
def funcseek_home(minilm: Installed) -> Iterator[Path]:
    """Return a home with the real model, whose service all editors share."""
    yield from _home(minilm)


@pytest.fixture
def fresh_home(minilm: Installed) -> Iterator[Path]:
    """Return a home of the test's own, whose service it may end."""
    yield from _home(minilm)


def _home(minilm: Installed) -> Iterator[Path]:
    # Not below pytest's own folder: the path of a socket is short.
    home = Path(tempfile.mkdtemp(prefix="fs-"))
    (home / "models").symlink_to(minilm.folder.parent)
    yield home
    ask_to_leave(Places(home, home / "run", home))
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Return a folder with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="nv-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def repository(folder: Path, files: str) -> Path:
    """Lay out files as a git repository and return its folder."""
    lay_out(folder, files)
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


def git(folder: Path, *words: str) -> None:
    """Run git in a folder."""
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def work(scratch: Path) -> Path:
    return repository(scratch / "work", FILES)


@pytest.fixture
def setting(scratch: Path, work: Path, funcseek_home: Path) -> Setting:
    """Return a user who has the plugin and nothing else, in the repository."""
    folder = scratch / "home"
    folder.mkdir()
    return Setting(folder, funcseek_home, work)


@pytest.fixture
def start(setting: Setting) -> Iterator[Callable[..., Neovim]]:
    """Return a function that starts an editor on files; keywords change the setting."""
    with ExitStack() as editors:

        def run(*files: Path | str, **changes: object) -> Neovim:
            return editors.enter_context(Neovim(replace(setting, **changes), *files))  # type: ignore[arg-type]

        yield run
