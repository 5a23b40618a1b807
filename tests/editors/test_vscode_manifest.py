"""What the VS Code extension promises in its manifest is what the server reads and the extension does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from funcseek.index.hits import DEFAULT_LIMIT, MAX_LIMIT
from funcseek.server.greeting import COMMANDS, REQUESTS
from funcseek.server.protocol import VERSION
from funcseek.server.settings import CHECKS, SECTION, settings_from

EXTENSION = Path(__file__).parents[2] / "editors" / "vscode"
MANIFEST: dict[str, Any] = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
SETTINGS: dict[str, Any] = MANIFEST["contributes"]["configuration"]["properties"]
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in (EXTENSION / "src").glob("*.ts"))


@pytest.mark.parametrize("name", CHECKS)
def test_every_setting_of_the_server_is_offered_with_a_default_it_takes(name: str) -> None:
    offered = SETTINGS[f"{SECTION}.{name}"]
    assert offered["scope"] == "window"
    assert settings_from({name: offered["default"]}) == settings_from({})


def test_limits_are_the_servers() -> None:
    limit = SETTINGS[f"{SECTION}.limit"]
    assert (limit["default"], limit["minimum"], limit["maximum"]) == (DEFAULT_LIMIT, 1, MAX_LIMIT)


def test_no_workspace_chooses_the_program() -> None:
    chosen = f"{SECTION}.path"
    assert SETTINGS[chosen]["scope"] == "machine"
    assert chosen in MANIFEST["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]


def test_commands_are_all_registered_and_none_is_the_servers() -> None:
    offered = {command["command"] for command in MANIFEST["contributes"]["commands"]}
    assert {name for name in offered if f'"{name}"' not in SOURCE} == set()
    assert offered & set(COMMANDS) == set()


def test_no_key_is_taken_outside_our_own_list() -> None:
    conditions = {key["when"] for key in MANIFEST["contributes"]["keybindings"]}
    assert conditions == {"funcseek.isPicking && inQuickOpen"}


def test_colours_and_icons_are_the_themes() -> None:
    assert re.findall(r"#[0-9a-fA-F]{6}|rgba?\(|\.(?:svg|png)\b", SOURCE) == []


def test_requests_are_the_servers() -> None:
    sent = set(re.findall(r'"(funcseek/\w+)"', SOURCE)) - {"funcseek/statusChanged"}
    assert sent <= set(REQUESTS)


def test_every_setting_is_in_the_readme_of_the_extension() -> None:
    readme = (EXTENSION / "README.md").read_text(encoding="utf-8")
    assert {name for name in SETTINGS if f"`{name}`" not in readme} == set()


def test_version_is_the_servers() -> None:
    assert MANIFEST["version"] == VERSION
