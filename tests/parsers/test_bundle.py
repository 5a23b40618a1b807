"""The grammars of the extra: what is said without it, and where they are unpacked."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from funcseek.parsers import LANGUAGES, Language

if TYPE_CHECKING:
    from pathlib import Path

WITHOUT = "import sys; sys.modules['semble_grammars'] = None"
EXTRACT = "from funcseek.parsers import *; print(extract({content!r}, language_named({name!r})).{shown})"


def check(home: Path, said: str, *program: str) -> None:
    """See what a process of its own prints: grammars are loaded once in each."""
    run = subprocess.run(
        [sys.executable, "-c", "\n".join(program)],
        env=os.environ | {"FUNCSEEK_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == said


@pytest.mark.parametrize(
    "language", [row for row in LANGUAGES if row.extra == "more"], ids=lambda language: language.name
)
def test_file_says_what_to_install_for_its_language(tmp_path: Path, language: Language) -> None:
    said = 'needs the grammar semble_grammars; pip install "funcseek[more]"'
    check(tmp_path, said, WITHOUT, EXTRACT.format(content=b"x", name=language.name, shown="problem"))


def test_document_keeps_its_other_functions_without_the_extra(tmp_path: Path) -> None:
    content = b"```r\nf <- function() 1\n```\n```py\ndef g(): pass\n```\n"
    check(tmp_path, "g", WITHOUT, EXTRACT.format(content=content, name="markdown", shown="functions[0].name"))


def test_fingerprint_needs_no_grammar(tmp_path: Path) -> None:
    check(tmp_path, "16", WITHOUT, "from funcseek.parsers import fingerprint_of_all; print(len(fingerprint_of_all()))")


def test_grammar_is_unpacked_for_the_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    program = EXTRACT.format(content=b"f <- function() 1", name="r", shown="functions[0].name")
    for _ in range(2):
        check(home, "f", program)
    folders = [home, *(path for path in home.rglob("*") if path.is_dir())]
    assert {folder.stat().st_mode & 0o077 for folder in folders[:3]} == {0}


@pytest.mark.skipif(os.name != "posix", reason="modes and links of a shared machine")
def test_grammar_is_not_loaded_from_a_folder_that_others_can_write_to(tmp_path: Path) -> None:
    folder = tmp_path / "grammars"
    folder.mkdir()
    folder.chmod(0o777)
    program = EXTRACT.format(content=b"x", name="cmake", shown="problem")
    check(tmp_path, f"needs a grammar, and {folder} is open to other users", program)
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to("elsewhere")
    check(tmp_path, f"needs a grammar, and {folder} is open to other users", program)


def test_damaged_grammar_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    program = EXTRACT.format(content=b"x", name="cmake", shown="problem is None")
    check(tmp_path, "True", program)
    (library,) = (path for path in (tmp_path / "grammars").rglob("*") if path.is_file())
    library.write_bytes(b"")
    check(tmp_path, "False", program)
