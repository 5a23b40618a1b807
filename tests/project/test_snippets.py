"""The ready settings for other editors can be read, start our server, and name every file type that is searched."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funcseek.parsers import LANGUAGES

if TYPE_CHECKING:
    from tests.conftest import CheckSnapshot

SNIPPETS = Path(__file__).parents[2] / "editors" / "snippets"
PAGE = (SNIPPETS / "README.md").read_text(encoding="utf-8")
COMMAND = ["funcseek", "lsp"]


def blocks(kind: str) -> list[str]:
    found = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found


def test_settings_in_toml_start_our_server() -> None:
    helix, zed = (tomllib.loads(block) for block in blocks("toml"))
    server = helix["language-server"]["funcseek"]
    assert [server["command"], *server["args"]] == COMMAND
    # Ours comes after the language's own, which answers first where only one is asked.
    assert all(language["language-servers"][-1] == "funcseek" for language in helix["language"])
    assert list(zed["language_servers"]) == ["funcseek"]


def test_settings_in_json_start_our_server() -> None:
    client, commands = (json.loads(block) for block in blocks("json"))
    assert client["clients"]["funcseek"]["command"] == COMMAND
    assert commands[0]["args"]["session_name"] in client["clients"]


def test_template_of_lsp4ij_names_every_file_type(check_snapshot: CheckSnapshot) -> None:
    check_snapshot(json.dumps(template(), indent=2) + "\n", SNIPPETS / "lsp4ij" / "template.json")


def template() -> dict[str, Any]:
    """Return the template as our table of languages has it."""
    mappings = [
        {
            "fileType": {"patterns": [*(f"*{suffix}" for suffix in language.suffixes), *language.file_names]},
            "languageId": (language.editor_ids or (language.name,))[0],
        }
        for language in LANGUAGES
    ]
    return {
        "id": "funcseek",
        "name": "Funcseek",
        "programArgs": {"default": " ".join(COMMAND)},
        "fileTypeMappings": mappings,
    }
