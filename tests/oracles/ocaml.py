"""OCaml as its compiler's own parser reads it, implementations and interfaces."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from funcseek.parsers.docs import MAX_DOC_CHARACTERS

from .comparison import Known, Oracle, sample
from .programs import fields_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funcseek.parsers import Function

_PROGRAM = Path(__file__).parent / "programs" / "ocaml.ml"
_LIBRARY = Path("/usr/lib/ocaml")


def _paths() -> list[Path]:
    return sample(_LIBRARY.rglob("*.ml*"), count=500)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    command = ["ocaml", "-I", "+compiler-libs", "ocamlcommon.cma", str(_PROGRAM)]
    for path, rows in fields_by(command, paths, count=5):
        yield path, [_function(fields) for fields in rows]


def _function(fields: Sequence[str]) -> Known:
    name, name_line, start, end, doc = fields
    text = doc.replace("\v", "\n").strip("* \n")[:MAX_DOC_CHARACTERS]
    return Known(name, int(name_line) - 1, int(start) - 1, int(end) - 1, None if doc == "-" else text)


def _is_extra(function: Function) -> bool:
    return function.kind == "test"


ORACLE = Oracle("ocaml", ("ocaml",), _paths, _known, _is_extra, judge="the OCaml compiler's parser")
