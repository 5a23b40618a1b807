"""JavaScript as TypeScript's own parser reads it, on packages that ship what their authors wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, sample
from .programs import PROGRAMS, known_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PACKAGES = Path(__file__).parent / "node_modules"
NEEDS = ("node", str(PACKAGES / "typescript"))
_FOLDERS = ("eslint/lib", "express/lib", "mocha/lib", "underscore/modules", "webpack/lib")
_FILES = 700


def files_in(folders: Sequence[str], *endings: str) -> Iterator[Path]:
    """Yield the files of installed packages that end like that."""
    for folder in folders:
        yield from (path for path in (PACKAGES / folder).rglob("*") if path.name.endswith(endings))


def known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    """Yield the functions of each file as TypeScript knows them."""
    return known_by(["node", PROGRAMS / "ecmascript.js"], paths)


def _paths() -> list[Path]:
    return sample(files_in(_FOLDERS, ".js", ".jsx", ".mjs", ".cjs"), count=_FILES)


ORACLE = Oracle("javascript", NEEDS, _paths, known, judge="TypeScript")
