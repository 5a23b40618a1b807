"""The inside of a worker process: answers batches of jobs until the parent is gone. Runs nowhere else.

What crosses the pipe is plain tuples: objects take twenty times as long to pack.
"""

from __future__ import annotations

import contextlib
import gc
import mmap
import pickle
import signal
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from ..parsers import Function
from .entries import Text, Words
from .errors import IndexFailure
from .extraction import Outcome, process
from .extraction_cache import open_extraction_cache, stored_extraction

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from .extraction import Job, Remembered

# 9 KB of hostile source can ask for over 3 GB; real files stay below 300 MB.
WORKER_MEMORY_BYTES = 1200 << 20
# Nothing an extraction makes refers back to itself, but for the frames of a rare error: garbage is looked for this
# seldom. Looking for it at every allocation, as is the default, takes a tenth of the time.
BATCHES_PER_COLLECTION = 20


def serve(orders: Connection, outcomes: Connection, root: Path, cache: Path | None) -> None:
    """Answer batches until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle; it ends us
    _limit_memory()
    gc.freeze()
    gc.disable()
    remembered = _remembered(cache)
    batches = 0
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            for job in orders.recv():
                outcomes.send_bytes(_sent(process(root, job, remembered)))
            batches += 1
            if batches % BATCHES_PER_COLLECTION == 0:
                gc.collect()


def _remembered(cache: Path | None) -> Remembered | None:
    """Return a look-up in the extraction cache, which finds nothing in one that cannot be read; None for no cache."""
    if cache is None:
        return None
    try:
        database = open_extraction_cache(cache)
    except IndexFailure:
        return lambda _key: None

    def look_up(key: bytes) -> bytes | None:
        try:
            return stored_extraction(database, key)
        except IndexFailure:
            return None

    return look_up


def _sent(outcome: Outcome) -> bytes:
    functions = None if outcome.functions is None else list(map(tuple, outcome.functions))
    texts = [(text.passage, text.digest, tuple(text.words), text.words_digest, text.windows) for text in outcome.texts]
    rest = (outcome.digest, outcome.problem, outcome.is_gone, outcome.fresh)
    return pickle.dumps((functions, texts, rest, (_held_bytes(), time.process_time())), pickle.HIGHEST_PROTOCOL)


class Wear(NamedTuple):
    """What a worker has used up: the memory that it holds (0 where that is not known), and time of the processor."""

    held_bytes: int = 0
    cpu_seconds: float = 0.0


def received(message: bytes, job: Job) -> tuple[Outcome, Wear]:
    """Return the outcome that a worker sent, and what it has used up."""
    # Only our own worker writes into this pipe.
    functions, texts, (digest, problem, is_gone, fresh), wear = pickle.loads(message)  # noqa: S301
    outcome = Outcome(
        job,
        digest,
        None if functions is None else tuple(map(Function._make, functions)),
        tuple(Text(passage, key, Words._make(words), *rest) for passage, key, words, *rest in texts),
        problem,
        is_gone,
        fresh,
    )
    return outcome, Wear(*wear)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY_BYTES, WORKER_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _held_bytes() -> int:
    # Not ru_maxrss, which on Linux begins with the peak of the process that started this one; nor the peak, which takes
    # a tenth of a small file's time to read.
    with contextlib.suppress(OSError), open("/proc/self/statm", "rb", buffering=0) as numbers:
        return int(numbers.read().split()[1]) * mmap.PAGESIZE
    with contextlib.suppress(ImportError):
        import resource

        # macOS counts in bytes.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << (0 if sys.platform == "darwin" else 10)
    return 0
