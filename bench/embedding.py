"""``python -m bench.embedding [--functions N] [--layers N] [--rounds N]``: every road to a vector, in one run.

Real functions of the standard library, from strings to vectors, tokenisation included. Qwen3-Embedding has random
weights in its exact shape, which is as fast as the published ones; ``--layers`` makes it smaller for a machine without
a GPU. Beside each stands sentence-transformers as its own documentation shows, on the same weights and texts, in turns.
Prints a Markdown table. Needs the extra ``gpu`` and sentence-transformers; nothing is fetched but MiniLM, where it is
not installed.
"""

from __future__ import annotations

import argparse
import gc
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from funcseek.index import transformer
from funcseek.index.installation import installed
from funcseek.index.model_folder import Wishes, read_folder
from funcseek.index.onnx_encoder import load as load_onnx
from funcseek.server.places import places

from .shapes import operations_per_token, qwen3
from .vector_sets import standard_library

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

# Dense bfloat16 of one H100 at the clock that it holds, in operations a second.
PEAK_OPERATIONS = 790e12
QUERIES = 200
COMPARED = 64
HEADINGS = (
    "road", "functions/s", "tokens/s", "of the peak", "against the one above", "query ms p50", "p99", "start s",
    "peak memory MB", "cosine to fp32",
)  # fmt: skip


class Road(Protocol):
    """What is measured."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""


class Usual:
    """sentence-transformers with its defaults."""

    def __init__(self, folder: Path, device: str, dtype: torch.dtype) -> None:
        """Load a folder."""
        self._model = SentenceTransformer(str(folder), device=device, model_kwargs={"dtype": dtype})

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts."""
        return np.asarray(self._model.encode(list(texts), show_progress_bar=False), np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        found: NDArray[np.float32] = self.embed_passages([text])[0]
        return found


@dataclass(frozen=True, slots=True)
class Measured:
    """One road: seconds of each round, of queries, of the start; bytes; the least cosine to exact vectors."""

    name: str
    rounds: list[float]
    queries: list[float]
    start: float
    peak_bytes: int
    cosine: float | None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--functions", type=int, default=13_000)
    parser.add_argument("--layers", type=int, default=28)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    texts = [text for _, text in islice(standard_library(), chosen.functions)]
    device = transformer.best_device()
    print(f"{len(texts)} functions; torch {torch.__version__} on {_hardware(device)}; {chosen.layers} layers\n")
    with tempfile.TemporaryDirectory(prefix="fs-bench-") as scratch:
        folder = qwen3(Path(scratch, "qwen3"), texts, layers=chosen.layers)
        lengths = _lengths(folder, texts)
        work = operations_per_token(chosen.layers, lengths)
        print(f"Lengths: mean {statistics.mean(lengths):.0f}, median {statistics.median(lengths):.0f} tokens\n")
        _print_table(_qwen3_roads(folder, texts, chosen.rounds, device=device), lengths, work=work)
    if (model := installed(places().models)) is not None:
        print(f"\nMiniLM, int8 by ONNX Runtime: {len(texts)} functions\n")
        _print_table(
            [measured("funcseek, onnx", lambda: load_onnx(model), texts, rounds=chosen.rounds)], lengths, work=0
        )


def _hardware(device: str) -> str:
    return torch.cuda.get_device_name() if device == "cuda" else f"{device}, {torch.get_num_threads()} threads"


def _lengths(folder: Path, texts: Sequence[str]) -> list[int]:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(512)
    return [len(encoding) for encoding in tokenizer.encode_batch_fast(list(texts))]


def _qwen3_roads(folder: Path, texts: Sequence[str], rounds: int, *, device: str) -> list[Measured]:
    card = read_folder(folder, Wishes(pooling="last"))
    exact = transformer.load(card, device=device, dtype=torch.float32).embed_passages(texts[:COMPARED])
    _forget()
    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    return [
        measured("sentence-transformers", lambda: Usual(folder, device, dtype), texts, rounds=rounds, exact=exact),
        measured("funcseek", lambda: transformer.load(card, device=device), texts, rounds=rounds, exact=exact),
    ]


def measured(
    name: str,
    load: Callable[[], Road],
    texts: Sequence[str],
    *,
    rounds: int,
    exact: NDArray[np.float32] | None = None,
) -> Measured:
    """Load a road, warm it up, and measure it."""
    print(f"{name} …", file=sys.stderr, flush=True)
    _forget()
    began = time.perf_counter()
    road = load()
    road.embed_query("open a file")
    start = time.perf_counter() - began
    cosine = float((road.embed_passages(texts[:COMPARED]) * exact).sum(axis=1).min()) if exact is not None else None
    taken = [_seconds(lambda: road.embed_passages(texts)) for _ in range(rounds)]
    queries = [_seconds(lambda text=text: road.embed_query(text[:60])) for text in texts[:QUERIES]]  # type: ignore[misc]
    return Measured(name, taken, queries, start, _peak_bytes(), cosine)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _forget() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


def _peak_bytes() -> int:
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _print_table(found: Sequence[Measured], lengths: Sequence[int], *, work: float) -> None:
    print(f"| {' | '.join(HEADINGS)} |\n|---|{'--:|' * (len(HEADINGS) - 1)}")
    before: float | None = None
    for one in found:
        seconds = statistics.median(one.rounds)
        rate = sum(lengths) / seconds
        cells = [
            one.name, f"{len(lengths) / seconds:,.0f}", f"{rate:,.0f}",
            f"{100 * rate * work / PEAK_OPERATIONS:.1f} %" if work and torch.cuda.is_available() else "",
            f"{before / seconds:.1f} times" if before else "",
            f"{1e3 * statistics.median(one.queries):.2f}", f"{1e3 * float(np.quantile(one.queries, 0.99)):.2f}",
            f"{one.start:.1f}", f"{one.peak_bytes / 1e6:,.0f}", f"{one.cosine:.5f}" if one.cosine is not None else "",
        ]  # fmt: skip
        before = seconds
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
