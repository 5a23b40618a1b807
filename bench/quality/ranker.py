"""What a system is to the harness: something that is opened on a root and then answers queries. Values only."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from .measures import Hit

# Hits that every system is asked for. More than are scored, because a question about files counts each file once.
ASKED_HITS = 30


@dataclass(frozen=True, slots=True)
class Response:
    """Hits, best first. ``is_confident``: the system itself thinks that they answer the query."""

    hits: tuple[Hit, ...]
    is_confident: bool = True


@dataclass(frozen=True, slots=True)
class Ranker:
    """A system opened on one root. ``pid`` is the process whose memory counts, None where none lives long enough."""

    ask: Callable[[str], Response]
    pid: int | None = field(default_factory=os.getpid)


@dataclass(frozen=True, slots=True)
class System:
    """One contender. ``note`` is one sentence that a reader of its figures must know, or ``""``.

    ``close`` lets go of what all its roots share.
    """

    name: str
    opened: Callable[[Path], AbstractContextManager[Ranker]]
    note: str = ""
    close: Callable[[], object] = lambda: None
