"""Which functions are at some lines of a root, for systems that answer with lines. Reads files; ranks nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from funcseek.index.files import Content, read, scan
from funcseek.parsers import extract, language_named

from .measures import Hit

if TYPE_CHECKING:
    from pathlib import Path


class Outline:
    """The functions of a root's files; a file is parsed when it is first asked for."""

    def __init__(self, root: Path) -> None:
        """Find the files of an absolute root."""
        self._root = root
        self._languages = {file.path: file.language for file in scan(root)}
        # The innermost function of each line of the files that were asked for, "" outside of all.
        self._names: dict[str, list[str]] = {}

    def hits(self, path: str, first: int, last: int | None = None) -> list[Hit]:
        """Return the innermost function at each of some lines, each once and in order; lines count from 1.

        Lines outside of all functions count for nothing beside others, and for the whole file where there are no
        others. A path may be absolute or relative to the root.
        """
        place = os.path.relpath(os.path.join(self._root, path), self._root).replace(os.sep, "/")
        if place not in self._names:
            self._names[place] = self._read(place)
        found = self._names[place][max(0, first - 1) : last or first]
        return [Hit(place, name) for name in dict.fromkeys(found) if name] or [Hit(place)]

    def _read(self, path: str) -> list[str]:
        language = language_named(self._languages.get(path) or "")
        content = read(self._root, path) if language else None
        if language is None or not isinstance(content, Content):
            return []
        functions = extract(content.data, language).functions
        names = [""] * max((one.end_line + 1 for one in functions), default=0)
        # The long ones first, so that those within them write over their lines.
        for one in sorted(functions, key=lambda one: (one.start_line - one.end_line, one.start)):
            names[one.start_line : one.end_line + 1] = [one.qualified_name] * (one.end_line + 1 - one.start_line)
        return names
