"""Rust as the compiler's own parser reads it.

Stable compilers print their tree only for their developers, as indented text whose shape differs a little between
versions; read here is what 1.63 (Debian 12) to 1.95 have in common: items with their attributes, span, kind and name.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .comparison import Known, Oracle, sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from funcseek.parsers import Function

# The compiler starts anew for each file.
_FILES = 130
_LEAST_BYTES = 8_000
_SOURCE = Path("/usr/share/cargo/registry")
_COMMAND = ("rustc", "--edition", "2021", "-Zunpretty=ast-tree")
_SPAN = re.compile(r"span: .*:(\d+):\d+: (\d+):\d+ \(#0\),")
_NAME = re.compile(r"(?:ident: )?((?:r#)?\w+)#\d+,")
_KEYWORDS = {"kind: Fn(": "fn", "kind: MacroDef(": "macro_rules!"}
_ESCAPE = re.compile(r"\\(?:u\{(\w+)\}|(.))")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_STARS = re.compile(r"^\s*\* ?", re.MULTILINE)


@dataclass(slots=True)
class _Item:
    """An item as far as it has been read. Its fields are indented by ``depth``; lines are zero-based."""

    depth: int
    keyword: str = ""
    name: str = ""
    start: int = -1
    end: int = -1
    doc: list[str] = field(default_factory=list)
    first_attribute: int | None = None
    literal: str | None = None


def _paths() -> list[Path]:
    large = (path for path in _SOURCE.glob("*/src/**/*.rs") if path.stat().st_size >= _LEAST_BYTES)
    return sample(large, count=_FILES, largest_bytes=100_000)


def _known(paths: Sequence[Path]) -> Iterator[tuple[Path, list[Known]]]:
    environment = dict(os.environ, RUSTC_BOOTSTRAP="1")
    for path in paths:
        told = subprocess.run([*_COMMAND, path], capture_output=True, check=False, env=environment)
        if told.returncode == 0:
            lines = path.read_text(encoding="utf-8").split("\n")
            items = _items(told.stdout.decode("utf-8").split("\n"))
            yield path, [_function(item, lines) for item in items if item.keyword]


def _items(tree: Iterable[str]) -> Iterator[_Item]:
    """Yield the items of a tree, each when all of it has been read."""
    around: list[_Item] = []
    for line in tree:
        words = line.lstrip(" ")
        depth = len(line) - len(words)
        while around and depth < around[-1].depth:
            yield around.pop()
        if words.endswith("Item {"):
            around.append(_Item(depth + 4))
        elif around and depth <= around[-1].depth + 12:
            _read(around[-1], depth - around[-1].depth, words)


def _read(item: _Item, depth: int, words: str) -> None:
    """Read one line that is ``depth`` deeper than the item's fields. Attributes come first, then the span."""
    if item.start < 0 and depth == 0 and (span := _SPAN.fullmatch(words)):
        item.start, item.end = int(span[1]) - 1, int(span[2]) - 1
    elif item.start < 0:
        _read_attribute(item, depth, words)
    elif depth == 0 and words in _KEYWORDS:
        item.keyword = _KEYWORDS[words]
    elif not item.name and depth in {0, 4, 8} and (name := _NAME.fullmatch(words)):
        item.name = name[1]


def _read_attribute(item: _Item, depth: int, words: str) -> None:
    if depth == 8 and words == "kind: DocComment(":
        item.literal = ""
    elif depth == 12 and item.literal is not None:
        item.literal += words.removesuffix(",")
    elif depth == 8 and words == "style: Inner,":
        item.literal = None
    elif depth == 8 and (span := _SPAN.fullmatch(words)):
        if item.literal:
            item.doc.append(_words(item.literal))
        elif item.first_attribute is None:
            item.first_attribute = int(span[1]) - 1
        item.literal = None


def _words(told: str) -> str:
    """Return the text of a comment told as its kind and a literal."""
    kind, _quote, literal = told.partition('"')
    text = _ESCAPE.sub(_character, literal.removesuffix('"'))
    return _STARS.sub("", text) if kind == "Block" else text


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else _CONTROLS.get(escape[2], escape[2])


def _function(item: _Item, lines: Sequence[str]) -> Known:
    start = item.start if item.first_attribute is None else min(item.start, item.first_attribute)
    named = re.compile(rf"{re.escape(item.keyword)}\s+{re.escape(item.name)}\b")
    head = "\n".join(lines[item.start : item.end + 1])
    found = named.search(head)
    name_line = item.start + head.count("\n", 0, found.end()) if found else item.start
    doc = "\n".join(item.doc)
    return Known(item.name, name_line, start, item.end, doc or None)


def _is_closure(function: Function) -> bool:
    return function.kind == "lambda"


ORACLE = Oracle("rust", ("rustc",), _paths, _known, _is_closure, judge="rustc")
