"""Zig as ``std.zig.Ast`` of its own standard library reads it."""

from __future__ import annotations

import re
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from funcseek.parsers.docs import MAX_DOC_CHARACTERS

from .comparison import Known, Oracle, sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funcseek.parsers import Function

_PROGRAM = Path(__file__).parent / "programs" / "zig.zig"
# The Python package of this name holds the compiler and the standard library's source.
_PACKAGE = "ziglang"
_FILES = 150
_DRAWN = re.compile(r"^[^\w\n]{3,}$", re.MULTILINE)


def _folder() -> Path | None:
    found = find_spec(_PACKAGE)
    return Path(found.origin).parent if found and found.origin else None


def _paths() -> list[Path]:
    folder = _folder()
    return sample((folder / "lib" / "std").rglob("*.zig"), count=_FILES) if folder else []


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    folder = _folder()
    assert folder is not None
    with tempfile.TemporaryDirectory() as scratch:
        program = Path(scratch) / "functions"
        caches = ("--cache-dir", scratch, "--global-cache-dir", scratch)
        subprocess.run([folder / "zig", "build-exe", _PROGRAM, f"-femit-bin={program}", *caches], check=True)
        run = subprocess.run([program, *paths], capture_output=True, text=True, check=True)
    for file in run.stdout.split("\f")[1:]:
        path, *lines = file.split("\n")
        yield Path(path), [_function(line.split("\t", 4)) for line in lines if line]


def _function(fields: Sequence[str]) -> Known:
    name, name_line, start, end, doc = fields
    text = doc.replace("\v", "\n").strip()[:MAX_DOC_CHARACTERS]
    # Ours leaves out the lines of drawings that have no words.
    told = text if text and not _DRAWN.search(text) else None
    return Known(name.removeprefix("@").strip('"'), int(name_line), int(start), int(end), told)


def _is_extra(function: Function) -> bool:
    """The prototypes of functions in libraries."""
    return function.is_declaration


ORACLE = Oracle("zig", () if _folder() else (_PACKAGE,), _paths, _known, _is_extra, judge="std.zig.Ast")
