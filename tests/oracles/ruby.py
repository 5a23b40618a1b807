"""Ruby as the interpreter's own parser reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, sample
from .programs import PROGRAMS, known_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funcseek.parsers import Function

_FILES = 800
_FOLDERS = (Path("/usr/lib/ruby"), Path("/usr/share/rubygems-integration"))


def _paths() -> list[Path]:
    return sample((path for folder in _FOLDERS for path in folder.rglob("*.rb")), count=_FILES)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    return known_by(["ruby", "-W0", PROGRAMS / "ruby.rb"], paths)


def _is_extra(function: Function) -> bool:
    """Tell whether a method has a name that is put together when it is defined."""
    return "#{" in function.name


def _name(function: Function) -> str:
    return function.name.rpartition("::")[2]


ORACLE = Oracle("ruby", ("ruby",), _paths, _known, _is_extra, _name, judge="Ruby's own AST")
