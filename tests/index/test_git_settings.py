"""The user's own ignore file for all repositories is the one that git takes, found without git."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from funcseek.index.git_settings import global_excludes
from funcseek.index.ignore import excluding_rule

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    return tmp_path


def write(place: Path, text: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    return place


def named_by_git() -> str | None:
    """Return the file that git would take, None where none is named."""
    environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "config", "--path", "--get", "core.excludesFile"]
    done = subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False)
    return done.stdout.rstrip("\n") if done.returncode == 0 else None


@pytest.mark.skipif(not shutil.which("git"), reason="the oracle is git itself")
@pytest.mark.parametrize(
    "text",
    [
        "[core]\n\texcludesFile = ~/a b\n",
        "[core]excludesfile=/x/y # comment\n",
        '[CORE]\n EXCLUDESFILE = "/x #y" ; comment\n',
        '[core]\n excludesFile = /x\\\\y\\tz "q w"\n',
        "[core]\nexcludesFile=/a\\\n/b\n[other]\nexcludesFile=/no\n",
        '[core "sub"]\nexcludesfile=/no\n',
        "[core]\nexcludesfile=/one\n[core]\nexcludesfile=/two\r\n",
        "[core] ; comment\n  # excludesfile=/no\n",
        '[core]\n excludesFile = /a" b "c   \n',
        "[core]\n excludesFileX = /no\n",
        "",
    ],
)
def test_the_named_file_is_the_one_that_git_reads(home: Path, text: str) -> None:
    write(home / ".gitconfig", text)
    assert global_excludes() == (named_by_git() or f"{home}/.config/git/ignore")


def test_the_home_folder_is_stronger_than_the_settings_folder(home: Path) -> None:
    write(home / ".config/git/config", "[core]\nexcludesfile=/weak")
    assert global_excludes() == "/weak"
    write(home / ".gitconfig", "[core]\nexcludesfile=/strong")
    assert global_excludes() == "/strong"


@pytest.mark.parametrize("value", ["", "relative/path", "nul\0"])
def test_a_file_that_could_be_anybodys_is_not_taken(home: Path, value: str) -> None:
    write(home / ".gitconfig", f"[core]\nexcludesfile={value}")
    assert not global_excludes() or excluding_rule(home, "a", is_folder=False) is None


def test_included_files_and_those_of_a_repository_are_not_read(home: Path) -> None:
    write(home / "other", "[core]\nexcludesfile=/other")
    write(home / ".gitconfig", "[include]\npath=other")
    write(home / "repository/.git/config", "[core]\nexcludesfile=/theirs")
    write(home / "repository/.git/HEAD", "ref: refs/heads/main")
    assert global_excludes() == f"{home}/.config/git/ignore"


def test_the_users_file_is_the_weakest_of_gits_and_may_be_a_link(home: Path) -> None:
    place = write(home / "dotfiles/ignore", "*.log\n/top\nkeep")
    (home / ".config/git").mkdir(parents=True)
    (home / ".config/git/ignore").symlink_to(place)
    write(home / "r/.gitignore", "!keep")
    write(home / "r/n/.git/HEAD", "ref: refs/heads/main")
    rule = excluding_rule(home / "r", "d/a.log", is_folder=False)
    assert rule is not None
    assert (rule.source, rule.line) == (f"{home}/.config/git/ignore", 1)
    paths = ("top", "d/top", "keep", "n/top", "n/d/top")
    ignored = [path for path in paths if excluding_rule(home / "r", path, is_folder=False)]
    assert ignored == ["top", "n/top"]


@pytest.mark.parametrize("make", ["pipe", "folder", "loop"])
def test_settings_that_are_no_file_are_passed_over(home: Path, make: str) -> None:
    place = home / ".gitconfig"
    match make:
        case "pipe":
            os.mkfifo(place)
        case "folder":
            place.mkdir()
        case "loop":
            place.symlink_to(".gitconfig")
    assert global_excludes() == f"{home}/.config/git/ignore"
