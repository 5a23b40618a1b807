"""Java as javac's own parser reads it, on the source of the JDK."""

from __future__ import annotations

import shutil
from atexit import register
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from zipfile import ZipFile

from .comparison import Known, Oracle
from .programs import PROGRAMS, known_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Where Debian puts the source; another place may hold that of a newer Java.
_ARCHIVE = Path("/usr/lib/jvm/openjdk-17/lib/src.zip")
_MODULES = ("java.base/java/", "java.compiler/", "java.net.http/", "jdk.compiler/", "jdk.jshell/")
_EVERY = 9
# The parser keeps the places of names and ends to itself.
_INTERNALS = ("--add-exports", "jdk.compiler/com.sun.tools.javac.tree=ALL-UNNAMED")


@cache
def _unpacked() -> Path:
    folder = Path(mkdtemp(prefix="java-source-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    with ZipFile(_ARCHIVE.resolve()) as archive:
        names = [name for name in archive.namelist() if name.startswith(_MODULES) and name.endswith(".java")]
        archive.extractall(folder, sorted(names)[::_EVERY])
    return folder


def _paths() -> list[Path]:
    return sorted(_unpacked().rglob("*.java"))


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    # Escapes are left as written in ours; the compiler has them resolved.
    for path, functions in known_by(["java", *_INTERNALS, PROGRAMS / "Java.java"], paths):
        yield path, [replace(one, doc=None) if one.doc and "\\" in one.doc else one for one in functions]


ORACLE = Oracle("java", ("java", "javac", str(_ARCHIVE)), _paths, _known, judge="javac")
