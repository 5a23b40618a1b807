"""``python -m bench.breadths``: what short rows of real passages find, alone and in a graph, as two tables.

The passages are all of the embedded default that ``python -m bench.quality`` left in its cache, the questions that
benchmark's intents and the first lines of documentation in the standard library. A figure is the share of the ten
nearest that are among those proposed, and thread time. Needs the extra ``bench``. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import hnswlib
import numpy as np

from bench.quality.corpora import cache_folder
from bench.quality.product import home_in
from bench.timing import answers
from bench.vector_sets import first_lines, standard_library
from funcseek.index.projection import SAMPLE_ROWS, STEP, Projection, fitted, kept_shares, rows_of
from funcseek.index.search import POOL
from funcseek.index.vector_cache import as_rows, model_number, open_vector_cache
from funcseek.index.vectors import LARGE, OVERSAMPLING, SMALL
from funcseek.server.models import load_model
from funcseek.server.places import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from funcseek.index.embedder import Embedder

EF = (320, 640, 960)
# Nearest by short rows that the ten nearest are looked for among; widths tried besides the one in use.
AMONG, NARROWER = (100, 200, 320), 3
DOCUMENTATION_LINES = 400
INTENTS = Path(__file__).parent / "quality" / "intent.jsonl"


def main() -> None:
    """Measure graphs of all passages and print a row for each breadth."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="where the indexes are kept (%(default)s)")
    parser.add_argument("--passages", type=int, default=0, metavar="N", help="measure only N of them")
    options = parser.parse_args()
    model = load_model(places()).embedder
    rows, asked = passages(home_in(options.cache).vector_cache, model, most=options.passages), questions(model)
    first, second = rows[:SAMPLE_ROWS:2], rows[1:SAMPLE_ROWS:2]
    projection = fitted((first.T @ first).astype(np.float64), (second.T @ second).astype(np.float64))
    print(f"{len(rows):,} passages, {len(asked)} questions; short rows of {projection.width if projection else '-'}.\n")
    if projection:
        print("| numbers | share of the length | " + " | ".join(f"among {count} | worst" for count in AMONG) + " |")
        print(f"|---|---|{'---|---|' * len(AMONG)}")
        for less in range(NARROWER, -1, -1):
            narrower = Projection(projection.axes[:, : projection.width - 1 - less * STEP])
            print(f"| {' | '.join(without_a_graph(rows, asked, narrower))} |", flush=True)
        print()
    print("| rows | breadth built with | build s cpu | breadth | recall | worst | query ms cpu |")
    print("|---|---|---|---|---|---|---|")
    for shorter in (None, projection) if projection else (None,):
        for line in measured(rows, asked, shorter):
            print(f"| {' | '.join(line)} |", flush=True)


def passages(path: Path, model: Embedder, *, most: int) -> NDArray[np.float32]:
    """Return the vectors of a model in a cache, shape ``(n, dimension)``, in an order that means nothing."""
    with contextlib.closing(open_vector_cache(path)) as cache:
        number = model_number(cache, model.identity)
        values = [value for (value,) in cache.rows("SELECT value FROM vector WHERE model = ?", (number,))]
    rows = as_rows(values, model.dimension)
    return rows[np.random.default_rng(5).permutation(len(rows))[: most or None]]


def questions(model: Embedder) -> NDArray[np.float32]:
    """Return the vectors of intents and of lines of documentation."""
    intents = [json.loads(line)["query"] for line in INTENTS.read_text("utf-8").splitlines()]
    lines = first_lines(standard_library(is_whole=True))
    chosen = np.random.default_rng(0).permutation(len(lines))[:DOCUMENTATION_LINES]
    return np.stack([model.embed_query(text) for text in (*intents, *(lines[place] for place in chosen))])


def without_a_graph(rows: NDArray[np.float32], asked: NDArray[np.float32], projection: Projection) -> Iterator[str]:
    """Yield what one projection keeps, and what share of the ten nearest is among the nearest by its short rows."""
    short = projection.passages(rows)
    found = np.empty((len(asked), len(AMONG)))
    for number, query in enumerate(asked):
        scores, nearness = rows @ query, short @ projection.query(query)
        # By score, not by name: which of two equal vectors is found does not matter.
        least = -np.partition(-scores, 9)[9] - 1e-6
        for place, count in enumerate(AMONG):
            near = np.argpartition(-nearness, count)[:count]
            found[number, place] = min(10, (scores[near] >= least).sum()) / 10
    yield from (str(projection.width), f"{kept_shares(short).mean():.3f}")
    for recalls in found.T:
        yield from (f"{recalls.mean():.4f}", f"{recalls.min():.1f}")


def measured(
    rows: NDArray[np.float32], asked: NDArray[np.float32], projection: Projection | None
) -> Iterator[tuple[str, ...]]:
    """Build a graph with each breadth, and yield a line for each breadth of a search."""
    held = rows_of(rows, projection)
    proposed = int(OVERSAMPLING * POOL) if projection else POOL
    for m, ef_construction in (SMALL, LARGE):
        graph = hnswlib.Index("ip", held.shape[1])
        graph.init_index(len(held), M=m, ef_construction=ef_construction)
        began = time.process_time()
        graph.add_items(held)
        built = f"{time.process_time() - began:.0f}"

        def nearest(query: NDArray[np.float32]) -> NDArray[np.int64]:
            short = projection.query(query) if projection else query
            near = graph.knn_query(short, proposed, num_threads=1)[0][0].astype(np.int64)  # noqa: B023
            best: NDArray[np.int64] = near[np.argsort(-(rows[near] @ query))[:10]]
            return best

        for ef in EF:
            graph.set_ef(ef)
            found = answers(nearest, rows, asked)
            kind = f"{held.shape[1]} numbers"
            yield kind, str(ef_construction), built, str(ef), found["recall"], found["worst"], found["query ms cpu p50"]


if __name__ == "__main__":
    main()
