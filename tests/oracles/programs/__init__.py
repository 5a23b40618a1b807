"""Oracles in other languages than Python, and what reads them.

Each takes paths from its standard input and prints a line of JSON for each file that it can read:
``{"path": ..., "functions": [{"name": ..., "name_line": ..., "start_line": ..., "end_line": ..., "doc": ...}, ...]}``.
Those in languages without JSON at hand print a form feed and the path instead, then a line of tabbed fields for each
function.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funcseek.parsers.docs import MAX_DOC_CHARACTERS
from tests.oracles.comparison import Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PROGRAMS = Path(__file__).parent
_LONGEST_SECONDS = 300
_LONGEST_DOC = MAX_DOC_CHARACTERS - 500


def known_by(command: Sequence[str | Path], paths: Iterable[Path]) -> Iterator[tuple[Path, list[Known]]]:
    """Run a program over files, one at least, and yield the functions of each file that it can read."""
    # Not splitlines: JSON may hold other line breaks as they are.
    for line in _told(command, paths).strip().split("\n"):
        file = json.loads(line)
        yield Path(file["path"]), [_known(function) for function in file["functions"]]


def fields_by(
    command: Sequence[str | Path], paths: Iterable[Path], *, count: int
) -> Iterator[tuple[Path, list[list[str]]]]:
    """Run a program over files and yield the ``count`` fields of each function of each file that it can read."""
    for file in _told(command, paths).split("\f")[1:]:
        path, *lines = file.split("\n")
        yield Path(path), [line.split("\t", count - 1) for line in lines if line]


def _told(command: Sequence[str | Path], paths: Iterable[Path]) -> str:
    return subprocess.run(
        command,
        input="\n".join(map(str, paths)),
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=_LONGEST_SECONDS,
    ).stdout


def _known(told: Mapping[str, Any]) -> Known:
    known = Known(**told)
    # Ours are cut.
    return replace(known, doc=None) if known.doc and len(known.doc) >= _LONGEST_DOC else known
