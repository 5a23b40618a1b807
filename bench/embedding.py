"""``python -m bench.embedding [--functions N] [--layers N] [--minilm N] [--rounds N]``: every road to a vector.

Real functions of the standard library, from strings to vectors, tokenisation included, the roads in turns. Qwen3-
Embedding has random weights in its exact shape, which is as fast as the published ones; ``--layers`` makes it smaller
for a machine without a GPU. Beside it stands sentence-transformers as its own documentation shows, on the same weights
and texts. all-MiniLM-L6-v2 runs on the processor, with its published weights, if they can be fetched. Prints Markdown.
Needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from tokenizers import Tokenizer

from funcseek.index import transformer
from funcseek.index.errors import ModelError
from funcseek.index.machine import usable_cores
from funcseek.index.model_folder import MAX_TOKENS
from funcseek.index.onnx_encoder import MAX_PASSAGE_TOKENS

from .embedding_roads import Measured, minilm, qwen3, run, times
from .shapes import operations_per_token
from .shapes import qwen3 as write_qwen3
from .vector_sets import standard_library

if TYPE_CHECKING:
    from collections.abc import Sequence

# Dense bfloat16 of one H100 at the clock that it holds, in operations a second.
PEAK_OPERATIONS = 790e12
HEADINGS = (
    "road", "functions/s", "tokens/s", "of the peak", "times the first", "query ms p50", "p99", "start s",
    "memory MB", "cosine to float32",
)  # fmt: skip


def main() -> None:
    """Measure and print."""
    chosen = _chosen()
    texts = [text for _, text in islice(standard_library(is_whole=True), max(chosen.functions, chosen.minilm))]
    device = transformer.best_device()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {_hardware(device)}, torch {torch.__version__},", end=" ")
    print(f"load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory(prefix="fs-bench-") as name:
        if chosen.functions:
            _qwen3(Path(name), texts[: chosen.functions], chosen, device=device)
        if chosen.minilm:
            _minilm(Path(name), texts[: chosen.minilm], chosen)
    print(f"\nLoad {os.getloadavg()[0]:.1f} after")


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--functions", type=int, default=13_000, help="for Qwen3-Embedding (default: 13000)")
    parser.add_argument("--layers", type=int, default=28, help="of its 28")
    parser.add_argument("--minilm", type=int, default=1_000, metavar="N", help="functions for MiniLM (default: 1000)")
    known = list(transformer.PRECISIONS)
    parser.add_argument("--precisions", nargs="+", choices=known, default=known, help="on a processor (default: all)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--queries", type=int, default=200)
    return parser.parse_args()


def _hardware(device: str) -> str:
    if device == "cuda":
        return torch.cuda.get_device_name()
    lines = Path("/proc/cpuinfo").read_text().splitlines() if sys.platform == "linux" else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{device}, {names[0] if names else platform.processor()}, {usable_cores()} cores"


def _qwen3(scratch: Path, texts: Sequence[str], chosen: argparse.Namespace, *, device: str) -> None:
    folder = write_qwen3(scratch / "qwen3", texts, layers=chosen.layers)
    lengths = _lengths(folder, texts, MAX_TOKENS)
    print(f"\nQwen3-Embedding-0.6B's shape, {chosen.layers} of 28 layers, random weights: {_told(lengths)}\n")
    roads = qwen3(folder, texts, device=device, precisions=chosen.precisions)
    run(roads, texts, rounds=chosen.rounds, queries=chosen.queries)
    _print_table(roads, lengths, work=operations_per_token(chosen.layers, lengths) if device == "cuda" else 0)


def _minilm(scratch: Path, texts: Sequence[str], chosen: argparse.Namespace) -> None:
    try:
        roads = minilm(scratch, texts)
    except ModelError as error:
        print(f"\nall-MiniLM-L6-v2 was not measured: {error}")
        return
    lengths = _lengths(scratch / "minilm", texts, MAX_PASSAGE_TOKENS)
    print(f"\nall-MiniLM-L6-v2 on the processor: {_told(lengths)}\n")
    run(roads, texts, rounds=chosen.rounds, queries=chosen.queries)
    _print_table(roads, lengths, work=0)


def _lengths(folder: Path, texts: Sequence[str], most: int) -> list[int]:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(most)
    return [len(encoding) for encoding in tokenizer.encode_batch_fast(list(texts))]


def _told(lengths: Sequence[int]) -> str:
    mean, median = statistics.mean(lengths), statistics.median(lengths)
    return f"{len(lengths)} functions of {mean:.0f} tokens in the mean, {median:.0f} in the median"


def _print_table(found: Sequence[Measured], lengths: Sequence[int], *, work: float) -> None:
    print(f"| {' | '.join(HEADINGS)} |\n|---|{'--:|' * (len(HEADINGS) - 1)}")
    for one in found:
        seconds = statistics.median(one.rounds)
        rate = sum(lengths) / seconds
        cells = [
            one.name, f"{len(lengths) / seconds:,.1f}", f"{rate:,.0f}",
            f"{100 * rate * work / PEAK_OPERATIONS:.1f} %" if work else "",
            f"{times(one, found[0]):.2f}",
            f"{1e3 * statistics.median(one.queries):.2f}", f"{1e3 * float(np.quantile(one.queries, 0.99)):.2f}",
            f"{one.start:.1f}", f"{one.peak_bytes / 1e6:,.0f}", f"{one.cosine:.5f}",
        ]  # fmt: skip
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
