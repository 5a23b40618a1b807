"""universal-ctags as a system: the names it finds that share most words with the query."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from .commands import Place, functions_at, run
from .corpora import Unavailable
from .outlines import Outline
from .plain import words_of
from .ranker import ASKED_HITS, Ranker, Response, System

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_COMMAND = ["ctags", "-R", "--output-format=json", "--fields=+n", "-f", "-", "."]


class Tag(NamedTuple):
    """A name, its words, and where it is."""

    name: str
    words: frozenset[str]
    place: Place


def ctags() -> System:
    """Return the system; raises Unavailable where universal-ctags is not installed."""
    if not shutil.which("ctags"):
        raise Unavailable("ctags is left out: there is no program ctags on the path.")
    features = subprocess.run(["ctags", "--list-features"], capture_output=True, text=True, check=False).stdout
    if "json" not in features:
        raise Unavailable("ctags is left out: the program ctags is not Universal Ctags with JSON output.")
    return System("ctags", _opened)


@contextlib.contextmanager
def _opened(root: Path) -> Iterator[Ranker]:
    outline, tags = Outline(root), list(tags_in(run(_COMMAND, root)))

    def ask(query: str) -> Response:
        return Response(functions_at(outline, [tag.place for tag in best(tags, query)]))

    yield Ranker(ask)


def tags_in(printed: str) -> Iterator[Tag]:
    """Yield the tags of ctags' JSON lines."""
    for line in printed.split("\n"):
        fields = json.loads(line) if line else {}
        if fields.get("_type") == "tag" and "line" in fields:
            name = str(fields["name"])
            yield Tag(name, frozenset(words_of(name)), Place(fields["path"], fields["line"], fields["line"]))


def best(tags: Sequence[Tag], query: str) -> list[Tag]:
    """Return the tags that share words with the query: exact names, then most shared words, then fewest others."""
    asked, wanted = frozenset(words_of(query)), query.strip()

    def key(tag: Tag) -> tuple[bool, int, int, Place]:
        shared = len(tag.words & asked)
        return tag.name != wanted, -shared, len(tag.words) - shared, tag.place

    return sorted((tag for tag in tags if tag.words & asked), key=key)[: 2 * ASKED_HITS]
