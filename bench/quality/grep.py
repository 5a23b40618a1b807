"""ripgrep as a system: functions by how many distinct words of the query match within them. Nothing is indexed."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections import defaultdict
from typing import TYPE_CHECKING

from .commands import run
from .corpora import Unavailable
from .outlines import Outline
from .ranker import ASKED_HITS, Ranker, Response, System

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .measures import Hit

# Shorter ones match within almost every line.
_WORD = re.compile(r"\w{3,}")


def ripgrep() -> System:
    """Return the system; raises Unavailable where rg is not installed."""
    if not shutil.which("rg"):
        raise Unavailable("ripgrep is left out: there is no program rg on the path.")
    return System("ripgrep", _opened)


@contextlib.contextmanager
def _opened(root: Path) -> Iterator[Ranker]:
    outline = Outline(root)

    def ask(query: str) -> Response:
        words = sorted({word.lower() for word in _WORD.findall(query)})
        if not words:
            return Response(())
        patterns = [part for word in words for part in ("-e", word)]
        # One thread: with more the order of the files, and so of equals, would be chance.
        printed = run(["rg", "--json", "-i", "-F", "--threads", "1", "--sort", "path", *patterns, "."], root)
        return Response(ranked(outline, matches_in(printed)))

    yield Ranker(ask, pid=None)


def matches_in(printed: str) -> Iterator[tuple[str, int, str]]:
    """Yield the path, line and lower-cased word of each match in the JSON lines of ripgrep."""
    for line in printed.split("\n"):
        # Not at every mark that Unicode calls a line's end: source lines may hold those.
        message = json.loads(line) if line else {}
        if message.get("type") == "match":
            found = message["data"]
            for match in found["submatches"]:
                yield found["path"].get("text", ""), found["line_number"], match["match"].get("text", "").lower()


def ranked(outline: Outline, matches: Iterator[tuple[str, int, str]]) -> tuple[Hit, ...]:
    """Return functions, or files for matches outside of them, with most distinct words first, then most matches."""
    words: dict[Hit, list[str]] = defaultdict(list)
    for path, line, word in matches:
        words[outline.hits(path, line)[0]].append(word)
    order = sorted(words, key=lambda hit: (-len(set(words[hit])), -len(words[hit]), hit))
    return tuple(order[:ASKED_HITS])
