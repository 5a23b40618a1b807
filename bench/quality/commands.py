"""A peer's command line as a system: it is run for every query, and the lines it prints become functions.

A line is ``path:line``, ``path:start-end`` (what follows another colon is ignored) or a JSON object with ``path`` and
``line``, or ``start_line`` and ``end_line``. Other lines say nothing. Lines of files count from 1.
"""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from .corpora import Unavailable
from .outlines import Outline
from .ranker import ASKED_HITS, Ranker, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from .measures import Hit

_SECONDS = 120
_PLACE = re.compile(r"(?P<path>.+?):(?P<first>\d+)(?:-(?P<last>\d+))?(?::.*)?")


class Place(NamedTuple):
    """Some lines of a file; they count from 1."""

    path: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command line with ``{query}`` and ``{root}`` in its words; no shell sees it."""

    template: str

    @contextlib.contextmanager
    def opened(self, root: Path) -> Iterator[Ranker]:
        """Answer by running the command in the root."""
        outline = Outline(root)

        def ask(query: str) -> Response:
            printed = run(words_of(self.template, query=query, root=root), root)
            return Response(functions_at(outline, places_in(printed)))

        yield Ranker(ask, pid=None)


def words_of(template: str, *, query: str, root: Path) -> list[str]:
    """Return the words of a command line, each with what it asks for put in."""
    return [word.replace("{root}", str(root)).replace("{query}", query) for word in shlex.split(template)]


def run(command: list[str], folder: Path) -> str:
    """Return what a program prints, whatever its exit status; raises Unavailable where it cannot be run."""
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, check=False, timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, ValueError) as error:
        raise Unavailable(f"{command[0]} cannot be run: {error}.") from error
    except subprocess.TimeoutExpired as late:
        raise Unavailable(f"{command[0]} took more than {_SECONDS} s over a query.") from late
    return done.stdout.decode("utf-8", "replace")


def places_in(printed: str) -> Iterator[Place]:
    """Yield the places that a program has printed, in its order."""
    for line in printed.split("\n"):
        if line.startswith("{"):
            with contextlib.suppress(KeyError, TypeError, ValueError):
                fields = json.loads(line)
                first = int(fields["start_line"] if "start_line" in fields else fields["line"])
                yield Place(str(fields["path"]), first, int(fields.get("end_line", first)))
        elif found := _PLACE.fullmatch(line):
            yield Place(found["path"], int(found["first"]), int(found["last"] or found["first"]))


def functions_at(outline: Outline, places: Iterable[Place]) -> tuple[Hit, ...]:
    """Return the functions at some places, each once, in the order of the places."""
    found = (hit for place in places for hit in outline.hits(*place))
    return tuple(dict.fromkeys(found))[:ASKED_HITS]
