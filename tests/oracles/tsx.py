"""TSX as TypeScript's own parser reads it, on packages that ship their source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .comparison import Oracle, sample
from .javascript import NEEDS, files_in, known

if TYPE_CHECKING:
    from pathlib import Path

_FOLDERS = ("@gorhom", "@react-navigation", "react-native-paper/src", "react-native-tab-view")
_FILES = 400


def _paths() -> list[Path]:
    return sample(files_in(_FOLDERS, ".tsx"), count=_FILES)


ORACLE = Oracle("tsx", NEEDS, _paths, known, judge="TypeScript")
