"""Lua as luacheck's parser reads it, which keeps the names that Lua's own compiler forgets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, sample
from .programs import PROGRAMS, known_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FILES = 1_000
_SOURCE = Path("/usr/share/lua/5.1")


def _paths() -> list[Path]:
    return sample(_SOURCE.rglob("*.lua"), count=_FILES)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    return known_by(["lua5.1", PROGRAMS / "lua.lua"], paths)


ORACLE = Oracle("lua", ("lua5.1", "luacheck"), _paths, _known, judge="luacheck's parser")
