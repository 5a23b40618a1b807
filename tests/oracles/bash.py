"""Bash as shfmt's parser reads it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funcseek.parsers import language_for

from .comparison import Known, Oracle, sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FILES = 500
_FOLDERS = ("/usr/share/bash-completion", "/usr/lib/git-core", "/usr/bin", "/usr/sbin", "/etc/init.d", "/usr/lib/dpkg")
_RULE_MARKS = set("#-=*~_ ")


def _paths() -> list[Path]:
    found = {path.resolve() for folder in _FOLDERS for path in Path(folder).rglob("*") if path.is_file()}
    return sample((path for path in found if _is_bash(path)), count=_FILES)


def _is_bash(path: Path) -> bool:
    if path.parent.name == "completions":
        return not path.suffix
    with path.open("rb") as file:
        language = language_for(path.name, file.readline(200))
    return language is not None and language.name == "bash"


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    for path in paths:
        content = path.read_bytes()
        told = subprocess.run(["shfmt", "-ln", "bash", "--to-json"], input=content, capture_output=True, check=False)
        if told.returncode == 0:
            yield path, list(_functions(json.loads(told.stdout), content.decode("utf-8", "replace").split("\n")))


def _functions(tree: Any, lines: Sequence[str]) -> Iterator[Known]:
    """Yield the functions in a tree of objects and lists; comments belong to the statement that a function is in."""
    pending = [(tree, tree)]
    while pending:
        node, around = pending.pop()
        if isinstance(node, dict):
            if node.get("Type") == "FuncDecl":
                yield _function(node, around, lines)
            pending += [(value, node) for value in node.values()]
        elif isinstance(node, list):
            pending += [(value, around) for value in node]


def _function(node: dict[str, Any], statement: dict[str, Any], lines: Sequence[str]) -> Known:
    start, name, body = node["Pos"]["Line"] - 1, node["Name"], node["Body"]
    # What `f() { :; } && g` runs after the definition is no part of it.
    while body["Cmd"]["Type"] == "BinaryCmd":
        body = body["Cmd"]["X"]
    doc = _doc(start, statement.get("Comments", ()), lines)
    return Known(name["Value"], name["Pos"]["Line"] - 1, start, body["End"]["Line"] - 1, doc)


def _doc(start: int, comments: Sequence[dict[str, Any]], lines: Sequence[str]) -> str | None:
    run: list[str] = []
    for comment in reversed(comments):
        line, words = comment["Hash"]["Line"] - 1, comment.get("Text", "").strip("# ")
        if line != start - len(run) - 1 or not lines[line].lstrip().startswith("#"):
            break
        run.append("" if set(words) <= _RULE_MARKS or words.startswith(("shellcheck ", "!")) else words)
    return "\n".join(reversed(run))


ORACLE = Oracle("bash", ("shfmt",), _paths, _known, judge="shfmt")
