"""The documents say what is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from funcseek.index.likeness import LIKENESSES
from funcseek.parsers import KINDS, LANGUAGES
from funcseek.server.arguments import EXIT_CODES
from funcseek.server.greeting import COMMANDS, REQUESTS
from funcseek.server.settings import CHECKS, SECTION

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (TOP / "ARCHITECTURE.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "docs/security.md"])
def test_every_test_named_by_an_invariant_exists(page: str) -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (TOP / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", (TOP / page).read_text(encoding="utf-8")))
    assert named
    assert {name for name in named if f"def {name}(" not in sources} == set()


def test_every_file_named_in_the_architecture_exists() -> None:
    named = set(re.findall(r"`((?:tests|server|index|parsers|bench)/[\w./]+)`", ARCHITECTURE))
    assert {name for name in named if not (TOP / name).exists()} == set()


def test_every_module_is_on_the_map() -> None:
    modules = {path.name for path in (TOP / "index").glob("*.py")} - {"__init__.py"}
    assert {name for name in modules if f"`{name}`" not in ARCHITECTURE} == set()


def test_every_language_is_in_the_readme() -> None:
    text = README.lower()
    assert {language.name for language in LANGUAGES if _shown(language.name) not in text} == set()


def _shown(name: str) -> str:
    return {"cpp": "c++", "csharp": "c#", "c_sharp": "c#", "objc": "objective-c"}.get(name, name)


@pytest.mark.parametrize(
    "command", ["search", "similar", "index", "status", "model", "clear", "service", "lsp", "doctor"]
)
def test_every_command_is_in_the_readme_and_has_help(command: str) -> None:
    assert f"funcseek {command}" in README
    done = subprocess.run(
        [sys.executable, "-m", "funcseek.server", command, "--help"], capture_output=True, text=True, check=True
    )
    assert "usage: funcseek" in done.stdout


def test_exit_codes_of_the_readme_are_those_of_the_help() -> None:
    for code in re.findall(r"^ +(\d+) ", EXIT_CODES, re.MULTILINE):
        assert f"| {code} |" in README


PROTOCOL_PAGE = (TOP / "editors" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*REQUESTS, *COMMANDS, *LIKENESSES, *KINDS, *(f"{SECTION}.{name}" for name in CHECKS)])
def test_every_name_on_the_wire_is_on_the_protocol_page(name: str) -> None:
    assert f"`{name}`" in PROTOCOL_PAGE


def test_every_field_on_the_wire_is_on_the_protocol_page() -> None:
    source = (TOP / "server" / "items.py").read_text(encoding="utf-8")
    fields = set(re.findall(r'^        "(\w+)": ', source, re.MULTILINE)) - {"location", "containerName"}
    assert {
        field for field in fields if f'"{field}"' not in PROTOCOL_PAGE and f"`{field}`" not in PROTOCOL_PAGE
    } == set()
