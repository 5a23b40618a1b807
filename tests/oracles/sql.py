"""PostgreSQL's SQL as the database's own parser reads it, through the Python package ``pglast``."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHARED = Path("/usr/share/postgresql")
_PACKAGE = "pglast"
_FILES = 80
# Commands of the interactive terminal, which are no SQL.
_TERMINAL = re.compile(r"^\\.*$", re.MULTILINE)
_LEADING = re.compile(r"(?:\s+|--[^\n]*(?:\n|\Z)|/\*(?s:.*?)\*/)*")
_NAME = re.compile(r"CREATE\b[^(;]*?\b(?:FUNCTION|PROCEDURE|TRIGGER)\s+(?:[\w\"@]+\.)?\"?(?=\w)", re.IGNORECASE)


def _paths() -> list[Path]:
    return sample(_SHARED.rglob("postgis*/**/*.sql"), count=_FILES, largest_bytes=400_000)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    from pglast import parser

    for path in paths:
        text = _TERMINAL.sub(lambda match: " " * len(match[0]), path.read_text(encoding="utf-8"))
        if not text.isascii():
            continue
        try:
            statements = parser.parse_sql(text)
        except parser.ParseError:
            continue
        found = (_function(text, one.stmt, one.stmt_location or 0, one.stmt_len or 0) for one in statements)
        yield path, [one for one in found if one]


def _function(text: str, node: object, location: int, length: int) -> Known | None:
    kind = type(node).__name__
    if kind not in {"CreateFunctionStmt", "CreateTrigStmt"}:
        return None
    name = node.funcname[-1].sval if kind == "CreateFunctionStmt" else node.trigname  # type: ignore[attr-defined]
    start = _LEADING.match(text, location).end()  # type: ignore[union-attr]
    end = location + length if length else len(text.rstrip())
    place = _NAME.match(text, start)
    assert place, text[start : start + 80]
    last = len(text[:end].rstrip()) - 1
    return Known(name.lower(), _line(text, place.end()), _line(text, start), _line(text, last))


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset)


ORACLE = Oracle(
    "sql",
    () if find_spec(_PACKAGE) else (_PACKAGE,),
    _paths,
    _known,
    names=lambda function: function.name.lower(),
    judge="PostgreSQL's parser (pglast)",
)
