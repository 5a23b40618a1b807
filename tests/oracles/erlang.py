"""Erlang as its own scanner reads it: functions are the forms that begin with a name and a parenthesis."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funcseek.parsers import Function

_FILES = 200
_PROGRAM = Path(__file__).parent / "programs" / "erlang.escript"
_LIBRARY = Path("/usr/lib/erlang/lib")


def _paths() -> list[Path]:
    return sample(_LIBRARY.rglob("*.erl"), count=_FILES)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    run = subprocess.run(
        ["escript", _PROGRAM, *paths], capture_output=True, text=True, encoding="utf-8", timeout=300, check=True
    )
    found: dict[str, list[Known]] = {}
    for line in run.stdout.splitlines():
        path, *about = line.split("\t")
        functions = found.setdefault(path, [])
        if about:
            name, first, last = about
            functions.append(Known(name, int(first) - 1, end_line=int(last) - 1))
    yield from ((Path(path), functions) for path, functions in found.items())


def _is_extra(function: Function) -> bool:
    return function.kind in {"lambda", "macro"} or function.is_declaration


ORACLE = Oracle("erlang", ("escript",), _paths, _known, _is_extra, judge="erl_scan")
