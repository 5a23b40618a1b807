"""Objective-C and Objective-C++ as libclang reads them, over the native part of a package for iOS.

Apple's headers cannot be had here, and libclang skips whatever it meets an unknown word in. So a file counts only if
libclang knows a method on each line that starts like one; what else it says of the file is held against ours.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from .c import BUILT_IN, SOURCES
from .clang.units import plain_name, units_of
from .comparison import Oracle, sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from funcseek.parsers import Function

    from .clang.units import Unit
    from .comparison import Known

_PACKAGE = SOURCES / "react-native-0.76.9"
_FILES = 300
_METHOD = re.compile(rb"^[-+][ \t]*\([^;{}@]*[;{]", re.MULTILINE)
_OPTIONS = ("-target", "x86_64-apple-macosx12", "-fblocks", "-fobjc-arc", *BUILT_IN)
_DIALECTS = {".m": ("-x", "objective-c", "-std=gnu11"), ".mm": ("-x", "objective-c++", "-std=c++20")}


def _paths() -> list[Path]:
    return sample((path for path in _PACKAGE.rglob("*.m*") if path.suffix in _DIALECTS), count=_FILES)


@cache
def _unit(path: Path) -> Unit | None:
    unit = units_of([path], (*_DIALECTS[path.suffix], *_OPTIONS), with_declarations=True, with_errors=True).get(path)
    text = path.read_bytes()
    heads = {text.count(b"\n", 0, match.start()) for match in _METHOD.finditer(text)}
    return unit if unit and heads and heads <= unit.lines else None


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    for path in paths:
        if unit := _unit(path):
            yield path, unit.functions


def _skipped(path: Path) -> Sequence[tuple[int, int]]:
    unit = _unit(path)
    return unit.skipped if unit else ()


def _is_extra(function: Function) -> bool:
    # The macros of methods are in headers that are not there.
    return function.kind == "lambda" or function.signature.startswith("RCT_")


def _name(function: Function) -> str:
    return plain_name(function.name)


ORACLE = Oracle("objc", (), _paths, _known, is_extra=_is_extra, names=_name, unseen=_skipped, judge="libclang")
