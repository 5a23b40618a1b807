"""C++ as libclang reads it, over header libraries of Debian and libraries that npm packages bring in source."""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from .c import BUILT_IN, SOURCES
from .clang.units import plain_name, unit_of
from .comparison import Oracle, sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from funcseek.parsers import Function

    from .clang.units import Unit
    from .comparison import Known

_INCLUDE = Path("/usr/include")
_HEADERS = ("absl", "catch2", "doctest", "eigen3/Eigen/src", "fmt", "gtest", "nlohmann", "pybind11", "rapidjson", "spdlog")
_SUFFIXES = {".h", ".hpp", ".cc", ".cpp"}
_PACKAGES = (
    "leveldown-6.1.1/deps/leveldb/leveldb-1.20",
    "leveldown-6.1.1/deps/snappy/snappy",
    "node-rdkafka-3.6.1/deps/librdkafka/src-cpp",
    "re2-1.21.3/vendor/re2",
    "re2-1.21.3/vendor/abseil-cpp",
    "react-native-0.76.9/ReactCommon",
    "react-native-0.76.9/ReactCommon/yoga",
    "react-native-0.76.9/ReactCommon/jsi",
)
_SHARES = ((_INCLUDE, _HEADERS, 70), (SOURCES, _PACKAGES, 70))
_OPTIONS = ("-x", "c++", "-std=c++17", "-DLEVELDB_PLATFORM_POSIX", *BUILT_IN, "-I/usr/include/eigen3")


def _sources(folder: Path, parts: Iterable[str]) -> Iterator[Path]:
    for part in parts:
        yield from (path for path in (folder / part).rglob("*") if path.suffix in _SUFFIXES)


def _paths() -> list[Path]:
    return list(chain.from_iterable(sample(set(_sources(folder, parts)), count=count) for folder, parts, count in _SHARES))


@cache
def _unit(path: Path) -> Unit | None:
    parts = [f"-I{SOURCES / part}" for part in _PACKAGES if path.is_relative_to(SOURCES)]
    parts += [f"{part}/include" for part in parts] + [f"-I{path.parent}"]
    return unit_of(path, (*_OPTIONS, *parts), with_declarations=True)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    for path in paths:
        if unit := _unit(path):
            yield path, unit.functions


def _skipped(path: Path) -> Sequence[tuple[int, int]]:
    unit = _unit(path)
    return unit.skipped if unit else ()


def _is_extra(function: Function) -> bool:
    return function.kind == "lambda"


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
    least_recall=0.97,
    least_precision=0.97,
)
