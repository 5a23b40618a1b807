"""Small trees on disk, and the check that all who say which of their files count agree."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from funcseek.index.files import look, scan
from funcseek.index.omissions import explain

if TYPE_CHECKING:
    from pathlib import Path

BY_DEFAULT = 'is not searched: it is left out by default; "!{}" in .funcseekignore brings it back'
CODE = b"def retry():\n    pass\n"


def plant(root: Path, *paths: str, data: bytes = CODE) -> None:
    for path in paths:
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def check(root: Path, *expected: str) -> None:
    """See that exactly these files count, and that scans of all and of every part, `look` and `explain` agree."""
    found = {file.path: file for file in scan(root)}
    assert sorted(found) == sorted(expected)
    for folder, folders, names in os.walk(root):
        for name in (*folders, *names):
            path = os.path.relpath(os.path.join(folder, name), root)
            assert look(root, path) == found.get(path), path
            assert explain(root, path).startswith(f"{path} is searched as ") == (path in found), path
            below = {at: file for at, file in found.items() if at == path or at.startswith(f"{path}/")}
            assert {file.path: file for file in scan(root, path)} == below, path
