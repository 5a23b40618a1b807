"""``funcseek model bench``: how fast the model in use is on this machine, over functions that every Python has."""

from __future__ import annotations

import statistics
import sysconfig
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.embedder import Warming
from ..index.entries import texts_of
from ..parsers import extract, language_named
from .display import duration, escaped
from .models import load_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..index.embedder import Embedder
    from .places import Places

QUERIES = 30
# A large model on a processor needs seconds for each function: fewer of them are measured then, first these.
FIRST = 16
LONGEST_SECONDS = 60.0
QUERY = "read lines from a file until one matches"


def lines(places: Places, functions: int) -> Iterator[str]:
    """Yield what was measured, one sentence each; raises ModelError where there is no model."""
    started = time.perf_counter()
    loaded = load_model(places)
    loaded.embedder.embed_query(QUERY)
    yield f"{escaped(loaded.embedder.name)}, {loaded.reason}: ready after {time.perf_counter() - started:.1f} s."
    if isinstance(loaded.embedder, Warming):
        loaded.embedder.wait()
    texts = _affordable(loaded.embedder, list(islice(_passages(), functions)))
    started = time.perf_counter()
    loaded.embedder.embed_passages(texts)
    rate = len(texts) / (time.perf_counter() - started)
    told = f"{rate:,.0f}" if rate >= 10 else f"{rate:.2f}"
    yield f"{told} functions/s over {len(texts)} functions: 10,000 take {duration(10_000 / rate)}."
    taken = [_seconds_of_query(loaded.embedder, number) for number in range(QUERIES)]
    yield f"A query takes {1e3 * statistics.median(taken):.1f} ms, at most {1e3 * max(taken):.1f} ms of {QUERIES}."


def _affordable(embedder: Embedder, texts: list[str]) -> list[str]:
    """Return as many of the texts as about a minute is enough for; warms up."""
    started = time.perf_counter()
    embedder.embed_passages(texts[:FIRST])
    rate = len(texts[:FIRST]) / (time.perf_counter() - started)
    return texts[: max(FIRST, int(rate * LONGEST_SECONDS))]


def _seconds_of_query(embedder: Embedder, number: int) -> float:
    started = time.perf_counter()
    embedder.embed_query(f"{QUERY} {number}")
    return time.perf_counter() - started


def _passages() -> Iterator[str]:
    python = language_named("python")
    if python is None:
        return
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        for text in texts_of(extract(path.read_bytes(), python), path.name):
            yield text.passage
