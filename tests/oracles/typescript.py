"""TypeScript as its own parser reads it, on packages that ship their source; declaration files too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .comparison import Oracle, sample
from .javascript import NEEDS, files_in, known

if TYPE_CHECKING:
    from pathlib import Path

_FOLDERS = ("ajv", "@jridgewell", "rxjs/src", "typescript/lib", "webpack", "zod/src")
_FILES = 900


def _paths() -> list[Path]:
    return sample(files_in(_FOLDERS, ".ts", ".mts", ".cts"), count=_FILES)


ORACLE = Oracle("typescript", NEEDS, _paths, known, judge="TypeScript")
