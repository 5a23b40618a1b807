"""``funcseek files``: which files are searched and why the others are not, as the index sees them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.files import FoundFile, check_root, enclosing_root
from ..index.omissions import explain, explain_functions, survey
from .display import escaped
from .protocol import FilesJson, SkippedJson, shown
from .roots import locate

if TYPE_CHECKING:
    import argparse


def run(chosen: argparse.Namespace) -> int:
    """Run the command; returns 0."""
    if chosen.explain:
        for path in chosen.explain:
            print(escaped(_explained(path)))
        return 0
    root, below = locate(str(Path(chosen.path).absolute()))
    found = _surveyed(root, below)
    if chosen.json:
        print(json.dumps(found, indent=2))
        return 0
    for path, language in found["files"].items():
        print(f"{escaped(path)}  {language}")
    for skipped in found["skipped"]:
        print(f"{escaped(skipped['path'])} {escaped(skipped['reason'])}")
    return 0


def _explained(path: str) -> str:
    """Explain a path that need not exist; its folder must."""
    given = Path(path).absolute()
    root = enclosing_root(check_root(given.parent))
    # Not resolved: a link is explained as the link it is.
    below = os.path.relpath(given.parent.resolve() / given.name, root).replace(os.sep, "/")
    return f"{explain(root, below)} {explain_functions(root, below)}".rstrip()


def _surveyed(root: Path, below: str) -> FilesJson:
    found = FilesJson(files={}, skipped=[])
    for item in survey(root):
        if below and item.path != below and not item.path.startswith(f"{below}/"):
            continue
        if isinstance(item, FoundFile):
            found["files"][shown(item.path)] = item.language
        else:
            found["skipped"].append(SkippedJson(path=shown(item.path), reason=item.reason))
    return found
