"""Perl as PPI reads it, the parser that Perl's own editors and critics use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, sample
from .programs import fields_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funcseek.parsers import Function

_PROGRAM = Path(__file__).parent / "programs" / "perl.pl"
_LIBRARY = Path("/usr/share/perl")
_FILES = 200


def _paths() -> list[Path]:
    return sample((path for path in _LIBRARY.rglob("*.p[lm]") if path.suffix in {".pl", ".pm"}), count=_FILES)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    for path, rows in fields_by(["perl", _PROGRAM], paths, count=4):
        yield path, [_function(fields) for fields in rows]


def _function(fields: Sequence[str]) -> Known:
    name, name_line, start, end = fields
    return Known(name, int(name_line) - 1, int(start) - 1, int(end) - 1)


def _is_extra(function: Function) -> bool:
    return function.kind in {"lambda", "test"}


ORACLE = Oracle("perl", ("perl",), _paths, _known, _is_extra, judge="PPI")
