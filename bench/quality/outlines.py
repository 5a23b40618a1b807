"""Which functions are at some lines of a root, for systems that answer with lines. Reads files; ranks nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from funcseek.index.files import Content, read, scan
from funcseek.parsers import extract, language_named

from .measures import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funcseek.parsers import Function


class Outline:
    """The functions of a root's files; a file is parsed when it is first asked for."""

    def __init__(self, root: Path) -> None:
        """Find the files of an absolute root."""
        self._root = root
        self._languages = {file.path: file.language for file in scan(root)}
        self._functions: dict[str, tuple[Function, ...]] = {}

    def relative(self, path: str) -> str:
        """Return a path that a program printed as one below the root."""
        return os.path.relpath(os.path.join(self._root, path), self._root).replace(os.sep, "/")

    def hits(self, path: str, first: int, last: int | None = None) -> list[Hit]:
        """Return the innermost function at each of some lines, each once and in order; lines count from 1.

        Lines outside of all functions count for nothing beside others, and for the whole file where there are no
        others. A path may be absolute or relative to the root.
        """
        place = self.relative(path)
        found = self._innermost(place, first - 1, (last or first) - 1)
        return [Hit(place, name) for name in dict.fromkeys(found)] or [Hit(place)]

    def _innermost(self, path: str, first: int, last: int) -> Iterator[str]:
        functions = self._of(path)
        inside = [one for one in functions if one.start_line <= last and one.end_line >= first]
        for line in range(first, last + 1) if inside else ():
            holders = [one for one in inside if one.start_line <= line <= one.end_line]
            if holders:
                yield min(holders, key=lambda one: (one.end_line - one.start_line, -one.start)).qualified_name

    def _of(self, path: str) -> tuple[Function, ...]:
        if path not in self._functions:
            self._functions[path] = self._read(path)
        return self._functions[path]

    def _read(self, path: str) -> tuple[Function, ...]:
        language = language_named(self._languages.get(path) or "")
        content = read(self._root, path) if language else None
        if language is None or not isinstance(content, Content):
            return ()
        return extract(content.data, language).functions
