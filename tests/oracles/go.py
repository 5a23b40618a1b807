"""Go as its own parser reads it, on its own source."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, sample
from .programs import PROGRAMS, known_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FILES = 700


def _paths() -> list[Path]:
    told = subprocess.run(["go", "env", "GOROOT"], capture_output=True, text=True, check=True).stdout
    source = (Path(told.strip()) / "src").resolve()
    # Programs in testdata are wrong on purpose.
    return sample((path for path in source.rglob("*.go") if "testdata" not in path.parts), count=_FILES)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    return known_by(["go", "run", PROGRAMS / "go.go"], paths)


ORACLE = Oracle("go", ("go",), _paths, _known, judge="go/parser")
