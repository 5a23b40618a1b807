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
    from collections.abc import Iterable

    from ..index.omissions import Omission


def run(chosen: argparse.Namespace) -> int:
    """Run the command; returns 0."""
    if chosen.explain:
        for path in chosen.explain:
            print(escaped(_explained(path)))
        return 0
    root, below = locate(str(Path(chosen.path).absolute()))
    if chosen.json:
        print(json.dumps(_whole(survey(root, below)), indent=2))
        return 0
    # As they come: the first lines of a large tree are there at once.
    for item in survey(root, below):
        told = f"{item.path}  {item.language}" if isinstance(item, FoundFile) else f"{item.path} {item.reason}"
        print(escaped(told))
    return 0


def _explained(path: str) -> str:
    """Explain a path that need not exist; its folder must."""
    given = Path(path).absolute()
    root = enclosing_root(check_root(given.parent))
    # Not resolved: a link is explained as the link it is.
    below = os.path.relpath(given.parent.resolve() / given.name, root).replace(os.sep, "/")
    return f"{explain(root, below)} {explain_functions(root, below)}".rstrip()


def _whole(surveyed: Iterable[FoundFile | Omission]) -> FilesJson:
    found = FilesJson(files={}, skipped=[])
    for item in surveyed:
        if isinstance(item, FoundFile):
            found["files"][shown(item.path)] = item.language
        else:
            found["skipped"].append(SkippedJson(path=shown(item.path), reason=item.reason))
    return found
