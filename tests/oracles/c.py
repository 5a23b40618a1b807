"""C as libclang reads it, over libraries that npm packages bring in source."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .clang.units import plain_name, units_of
from .comparison import Oracle, sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funcseek.parsers import Function

    from .clang.units import Unit
    from .comparison import Known

SOURCES = Path(__file__).parent / "sources"
# The headers of the compiler that libclang belongs to, which its Python package leaves out.
BUILT_IN = ("-isystem", "/usr/lib/llvm-16/lib/clang/16/include", "-ferror-limit=0", "-w")
_FILES = 150


def _paths() -> list[Path]:
    return sample(SOURCES.rglob("*.c"), count=_FILES)


@cache
def folders_of_headers(package: Path) -> tuple[str, ...]:
    """Return the options that let a package's source find its headers, without the knowledge of its build."""
    folders = {header.parent for header in package.rglob("*.h")}
    return tuple(f"-I{folder}" for folder in sorted(folders))


def package_of(path: Path) -> Path:
    """Return the folder of the package that a file of the sources lies in."""
    return SOURCES / path.relative_to(SOURCES).parts[0]


@cache
def _unit(path: Path) -> Unit | None:
    arguments = ("-x", "c", "-std=gnu11", "-DHAVE_CONFIG_H=0", *BUILT_IN, *folders_of_headers(package_of(path)))
    return units_of([path], arguments, with_declarations=False).get(path)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    for path in paths:
        if unit := _unit(path):
            yield path, unit.functions


def _skipped(path: Path) -> Sequence[tuple[int, int]]:
    unit = _unit(path)
    return unit.skipped if unit else ()


def _name(function: Function) -> str:
    return plain_name(function.name)


ORACLE = Oracle("c", (), _paths, _known, names=_name, unseen=_skipped, judge="libclang")
