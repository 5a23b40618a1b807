"""C++ as libclang reads it, over header libraries of Debian and libraries that npm packages bring in source."""

from __future__ import annotations

import re
import sysconfig
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from .c import BUILT_IN, SOURCES
from .clang.units import plain_name, units_of
from .comparison import Oracle, sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funcseek.parsers import Function

    from .clang.units import Unit
    from .comparison import Known

_PLACEHOLDER = re.compile(r"\(.*\w auto \w")
_INCLUDE = Path("/usr/include")
_RE2 = SOURCES / "re2-1.21.3/vendor"
_LEVELDB = SOURCES / "leveldown-6.1.1/deps/leveldb/leveldb-1.20"
_REACT = SOURCES / "react-native-0.76.9/ReactCommon"
_RDKAFKA = SOURCES / "node-rdkafka-3.6.1/deps/librdkafka"
# Headers that can be included together, library by library, and how many of them.
_HEADERS = {
    _INCLUDE / "absl": 15,
    _INCLUDE / "fmt": 10,
    _INCLUDE / "gtest": 10,
    _INCLUDE / "nlohmann": 25,
    _INCLUDE / "pybind11": 8,
    _INCLUDE / "rapidjson": 20,
    _INCLUDE / "spdlog/details": 6,
    _LEVELDB: 20,
    _REACT / "yoga/yoga": 25,
    _REACT / "jsi": 20,
}
# Files that are a program of their own.
_PROGRAMS = {
    _LEVELDB: 3,
    _RE2 / "re2/re2": 2,
    _REACT / "yoga/yoga": 2,
    _RDKAFKA / "src-cpp": 1,
}
_FOLDERS = (_LEVELDB, _LEVELDB / "include", _RE2 / "re2", _RE2 / "abseil-cpp", _REACT / "yoga", _REACT / "jsi", _REACT)
_OPTIONS = (
    *("-x", "c++", "-std=c++20", "-DLEVELDB_PLATFORM_POSIX", "-DOS_LINUX", *BUILT_IN),
    *(f"-I{folder}" for folder in _FOLDERS),
    *("-I", sysconfig.get_path("include"), "-I/usr/include/eigen3"),
)


def _groups() -> Iterator[tuple[Path, ...]]:
    for folder, count in _HEADERS.items():
        yield tuple(sample((path for path in folder.rglob("*.h*") if path.suffix in {".h", ".hpp"}), count=count))
    for folder, count in _PROGRAMS.items():
        for path in sample((path for path in folder.rglob("*.c*") if path.suffix in {".cc", ".cpp"}), count=count):
            yield (path,)


def _paths() -> list[Path]:
    return list(chain.from_iterable(_groups()))


@cache
def _units() -> dict[Path, Unit]:
    return {
        path: unit for group in _groups() for path, unit in units_of(group, _OPTIONS, with_declarations=True).items()
    }


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    yield from ((path, unit.functions) for path in paths if (unit := _units().get(path)))


def _skipped(path: Path) -> Sequence[tuple[int, int]]:
    return _units()[path].skipped


def _is_extra(function: Function) -> bool:
    # This libclang passes over functions with a constrained placeholder for a type.
    return function.kind == "lambda" or _PLACEHOLDER.search(function.signature) is not None


def _name(function: Function) -> str:
    return plain_name(function.name)


ORACLE = Oracle(
    "cpp",
    (),
    _paths,
    _known,
    is_extra=_is_extra,
    names=_name,
    unseen=_skipped,
    judge="libclang",
    least_recall=0.995,
    least_precision=0.995,
)
