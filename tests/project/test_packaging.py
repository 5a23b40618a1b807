"""What is installed is what is here."""

from __future__ import annotations

import tomllib
from importlib.metadata import distribution, version
from pathlib import Path

from funcseek.server.protocol import VERSION

TOP = Path(__file__).parents[2]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_folder_is_listed() -> None:
    listed = set(PROJECT["tool"]["setuptools"]["packages"])
    found = {
        "funcseek." + path.parent.relative_to(TOP).as_posix().replace("/", ".")
        for folder in ("parsers", "index", "server")
        for path in (TOP / folder).rglob("__init__.py")
    }
    assert found == listed


def test_version_is_the_installed_one() -> None:
    assert version("funcseek") == VERSION


def test_core_install_stays_light() -> None:
    required = {
        requirement.partition(";")[0]
        for requirement in distribution("funcseek").requires or ()
        if "extra" not in requirement
    }
    assert not {name for name in required if name.startswith(("torch", "transformers"))}


def test_every_requirement_is_pinned() -> None:
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (TOP / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    extras = PROJECT["project"]["optional-dependencies"]
    asked = [*PROJECT["project"]["dependencies"], *(name for extra in extras.values() for name in extra)]
    assert {name for name in map(_name, asked) if name not in pinned} == {"funcseek"}, "but for our own extras"


def _name(requirement: str) -> str:
    for mark in "<>=![":
        requirement = requirement.partition(mark)[0]
    return requirement.strip().lower()
