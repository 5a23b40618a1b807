"""``python -m bench.endpoint [--functions N] [--callers N] [--clients N] [--rounds N]``: the endpoint beside its model.

Real functions of the standard library, the same ones both ways and in turns. Offline is ``embed_passages`` of them all
at once, in this process. Through HTTP they come in requests of 1 to 16 texts from callers that each send their next
request as soon as they have an answer, with the official client, in so many processes
(one of Python cannot ask as fast as a GPU answers). Then queries, one after another. Prints a Markdown table with the
machine's load. Takes the model that funcseek uses.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import islice, repeat
from multiprocessing import get_context
from typing import TYPE_CHECKING

import numpy as np
from openai import OpenAI

from funcseek.index.machine import usable_cores
from funcseek.server.models import load_model
from funcseek.server.places import places

from .vector_sets import standard_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

MOST_TEXTS = 16
QUERIES = 300
# In bfloat16 a vector depends a little on how many texts are beside it.
SAME = 0.999


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--functions", type=int, default=1500)
    parser.add_argument("--callers", type=int, default=32)
    parser.add_argument("--clients", type=int, default=1, metavar="N", help="processes of the callers (default: 1)")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    texts = [text for _, text in islice(standard_library(), chosen.functions)]
    requests = _requests(texts)
    loaded = load_model(places())
    print(f"{loaded.embedder.name}, {loaded.reason}; {len(texts)} functions in {len(requests)} requests,")
    print(f"{chosen.callers} callers in {chosen.clients} processes, {usable_cores()} cores,", end=" ")
    print(f"load {os.getloadavg()[0]:.1f} before\n")
    offline, online = [], []
    with served() as url, ProcessPoolExecutor(chosen.clients, get_context("spawn")) as clients:
        list(clients.map(_import, range(chosen.clients)))
        for _ in range(chosen.rounds):
            began = time.perf_counter()
            exact = loaded.embedder.embed_passages(texts)
            offline.append(time.perf_counter() - began)
            began = time.perf_counter()
            each = [requests[number :: chosen.clients] for number in range(chosen.clients)]
            answers = list(clients.map(_through_http, repeat(url), each, repeat(chosen.callers // chosen.clients)))
            online.append(time.perf_counter() - began)
            rows = [answers[number % chosen.clients][number // chosen.clients] for number in range(len(requests))]
            assert (np.concatenate(rows) * exact).sum(axis=1).min() > SAME
        alone = [_query_seconds(loaded.embedder.embed_query, texts), _http_query_seconds(url, texts)]
    _print(len(texts), offline, online, queries=alone)
    print(f"\nLoad {os.getloadavg()[0]:.1f} after")


@contextlib.contextmanager
def served() -> Iterator[str]:
    """Run the endpoint at a free port and give its URL."""
    command = [sys.executable, "-P", "-m", "funcseek.server", "embeddings", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        ready = re.search(r"ready at (\S+),", line)
        assert ready, line
        try:
            yield f"{ready[1]}/v1"
        finally:
            process.terminate()


def _requests(texts: Sequence[str]) -> list[list[str]]:
    """Return the texts in order, in requests of 1 to 16."""
    sizes, left = np.random.default_rng(0), list(texts)
    requests = []
    while left:
        size = int(sizes.integers(1, MOST_TEXTS + 1))
        requests.append(left[:size])
        left = left[size:]
    return requests


def _import(number: int) -> int:
    """Have a process of clients start, and import what it asks with."""
    return number


def _through_http(url: str, requests: Sequence[Sequence[str]], callers: int) -> list[NDArray[np.float32]]:
    """Return the rows of each request."""
    with OpenAI(base_url=url, api_key="none") as client, ThreadPoolExecutor(callers) as pool:
        model = client.models.list().data[0].id

        def ask(texts: Sequence[str]) -> NDArray[np.float32]:
            found = client.embeddings.create(model=model, input=list(texts))
            return np.array([one.embedding for one in found.data], np.float32)

        return list(pool.map(ask, requests))


def _http_query_seconds(url: str, texts: Sequence[str]) -> list[float]:
    with OpenAI(base_url=url, api_key="none") as client:
        model = client.models.list().data[0].id
        return _query_seconds(
            lambda text: client.embeddings.create(model=model, input=text, extra_body={"input_type": "query"}), texts
        )


def _query_seconds(embed: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    taken = []
    for text in texts[: QUERIES + 1]:
        began = time.perf_counter()
        embed(text[:60])
        taken.append(time.perf_counter() - began)
    return taken[1:]


def _print(count: int, offline: Sequence[float], online: Sequence[float], *, queries: Sequence[list[float]]) -> None:
    share = statistics.median(plain / full for plain, full in zip(offline, online, strict=True))
    print("| offline functions/s | through HTTP | of offline | query offline ms p50 | p99 | through HTTP p50 | p99 |")
    print(f"|{'--:|' * 7}")
    cells = [f"{1e3 * float(np.quantile(taken, level)):.2f}" for taken in queries for level in (0.5, 0.99)]
    print(
        f"| {count / statistics.median(offline):,.1f} | {count / statistics.median(online):,.1f} | {100 * share:.0f} %"
        f" | {' | '.join(cells)} |"
    )


if __name__ == "__main__":
    main()
