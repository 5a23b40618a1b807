"""``python -m bench.reranking [--queries N] [--layers N] [--model FOLDER]``: how long a reranker takes for one query.

Thirty real functions of the standard library, as a search hands them over, drawn anew for each query. Without a folder
the model has random weights in the shape of Qwen3-Reranker-0.6B, which are as fast as the published ones and know
nothing: how well a reranker orders is what `python -m bench.quality --system rerank:MODEL` says. Prints a Markdown
table. Needs the extra ``gpu``; nothing is fetched.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from funcseek.index.documents import MAX_DOCUMENT_CHARACTERS, document
from funcseek.index.files import Content, read, scan
from funcseek.index.reranker_folder import read_reranker
from funcseek.index.reranking import RERANKED
from funcseek.index.yes_no_reranker import load
from funcseek.parsers import extract, language_named

from .shapes import operations_per_token, qwen3_reranker

if TYPE_CHECKING:
    from collections.abc import Iterator

QUERIES = ("retry a request with exponential backoff", "parse a date that a person has typed", "quote a shell argument")
# Enough to draw from; reading all of the standard library would take longer than a query.
FUNCTIONS = 3_000
HEADINGS = (
    "device",
    "layers",
    "documents",
    "tokens",
    "seconds, median",
    "fastest",
    "slowest",
    "CPU seconds",
    "TFLOP/s",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--queries", type=int, default=3)
    parser.add_argument("--layers", type=int, default=28)
    parser.add_argument("--model", type=Path)
    chosen = parser.parse_args()
    known = list(functions())
    short = sum(length <= MAX_DOCUMENT_CHARACTERS for length, _ in known) / len(known)
    print(f"{len(known)} functions, {100 * short:.1f} % of them have {MAX_DOCUMENT_CHARACTERS} characters at most\n")
    with tempfile.TemporaryDirectory(prefix="fs-bench-") as scratch:
        texts = [text for _, text in known]
        folder = chosen.model or qwen3_reranker(Path(scratch, "reranker"), texts, layers=chosen.layers)
        measure(folder, texts, chosen.queries, layers=chosen.layers)


def functions() -> Iterator[tuple[int, str]]:
    """Yield the length of functions of the standard library with what is read of each."""
    root = Path(sysconfig.get_path("stdlib"))
    count = 0
    for file in scan(root):
        content, language = read(root, file.path), language_named(file.language)
        if not isinstance(content, Content) or language is None or "/test/" in f"/{file.path}":
            continue
        extraction = extract(content.data, language)
        for number, function in enumerate(extraction.functions):
            source = extraction.text(number)
            yield len(source), document(function, source, file.path)
            count += 1
        if count >= FUNCTIONS:
            return


def measure(folder: Path, texts: list[str], queries: int, *, layers: int) -> None:
    """Print one row: a query after the other, the first one to warm up."""
    reranker = load(read_reranker(folder))
    drawn = random.Random(0)
    taken, lengths = [], []
    cpu = 0.0
    for number in range(queries + 1):
        query, documents = QUERIES[number % len(QUERIES)], drawn.sample(texts, RERANKED)
        began, began_cpu = time.perf_counter(), time.process_time()
        tokens = reranker.pair_tokens(query, documents)
        reranker.judge(tokens if number else tokens[:1])
        if number:
            taken.append(time.perf_counter() - began)
            cpu += time.process_time() - began_cpu
            lengths.append([len(ids) for ids in tokens])
    flat = [length for query in lengths for length in query]
    work = operations_per_token(layers, flat) * sum(flat) / sum(taken)
    threads = f", {torch.get_num_threads()} threads" if reranker.device.type == "cpu" else ""
    cells = [
        f"{reranker.device}{threads}", str(layers), str(RERANKED), f"{statistics.median(map(sum, lengths)):,.0f}",
        f"{statistics.median(taken):.3f}", f"{min(taken):.3f}", f"{max(taken):.3f}", f"{cpu / queries:.1f}",
        f"{work / 1e12:.3f}",
    ]  # fmt: skip
    print(f"| {' | '.join(HEADINGS)} |\n|---|{'--:|' * (len(HEADINGS) - 1)}\n| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
