"""PHP as PHP-Parser reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, sample
from .programs import PROGRAMS, known_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funcseek.parsers import Function

_FILES = 1_000
_SOURCE = Path("/usr/share/php")


def _paths() -> list[Path]:
    return sample(_SOURCE.rglob("*.php"), count=_FILES)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    return known_by(["php", PROGRAMS / "php.php"], paths)


def _is_extra(function: Function) -> bool:
    """Tell whether a closure's key is put together when the program runs, or the property has code of its own."""
    return "::" in function.name or "$" in function.name or function.kind == "accessor"


ORACLE = Oracle("php", ("php",), _paths, _known, _is_extra, judge="PHP-Parser")
