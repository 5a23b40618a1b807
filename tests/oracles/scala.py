"""Scala as scalameta reads it, on the source of its own compiler and library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, sample
from .programs import PROGRAMS, known_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PARSER = Path(__file__).parent / "node_modules" / "scalameta-parsers"
_SOURCE = Path(__file__).parent / "sources" / "debian" / "scala" / "src"
_FILES = 500


def _paths() -> list[Path]:
    return sample(_SOURCE.rglob("*.scala"), count=_FILES)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    return known_by(["node", PROGRAMS / "scala.js"], paths)


ORACLE = Oracle("scala", ("node", str(_PARSER)), _paths, _known, judge="scalameta")
