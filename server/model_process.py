"""A model on torch in a process of its own: what imports and compiles for many seconds must not hold up who searches.

Python lets one thread run at a time, and torch's compiler is Python; a GPU that fails takes its process with it, and
its memory goes back with it. Computes nothing itself.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import threading
import time
import weakref
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, cast

from ..index.errors import FuncseekError, ModelError
from .model_serving import About, Pipes, Wanted, serve

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    import numpy as np
    from numpy.typing import NDArray

_logger = logging.getLogger(__name__)

# A process that ended is begun again this long after the last one began, so that one that cannot live costs little.
RESTART_SECONDS = 10.0
# The longest that one waits for a process that it has killed.
END_SECONDS = 2.0


class ModelProcess:
    """An Embedder over a process that ends with the last who holds it, and is begun again where it ended by itself."""

    is_apart: Literal[True] = True

    def __init__(self, wanted: Wanted) -> None:
        """Wait until the model is loaded; raises ModelError where it cannot be."""
        self._began = time.monotonic()
        self._child: _Child | None = _begun(wanted)
        self.name, self.identity, self.dimension, self.device, self.precision = self._child.about
        # As it runs now, so that its vectors stay those of its identity.
        self._wanted = replace(wanted, device=self.device, precision=self.precision)
        self._beginning = threading.Lock()
        self._problem = ""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows of shape ``(len(texts), dimension)``; raises ModelError, also where its process is gone."""
        child = self._running()
        return self._answer(child.passages, list(texts))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector of shape ``(dimension,)``; raises as ``embed_passages`` does."""
        child = self._running()
        return self._answer(child.questions, text)

    def _running(self) -> _Child:
        """Return the process; one that has ended is begun again beside whoever asks, who is told so."""
        child = self._child
        if child is not None and child.process.is_alive():
            return child
        if time.monotonic() >= self._began + RESTART_SECONDS and self._beginning.acquire(blocking=False):
            self._began = time.monotonic()
            threading.Thread(target=self._begin_again, name="load model", daemon=True).start()
        raise ModelError(self._problem or self._gone)

    def _begin_again(self) -> None:
        try:
            self._child, self._problem = None, ""
            self._child = _begun(self._wanted)
        except ModelError as error:
            self._problem = str(error)
        finally:
            self._beginning.release()

    def _answer(self, line: _Line, asked: object) -> NDArray[np.float32]:
        with line.turn:
            try:
                line.pipe.send(asked)
                # Only our own process writes into it.
                made = line.pipe.recv()
            except (EOFError, OSError) as error:
                raise ModelError(self._gone) from error
        if isinstance(made, ModelError):
            raise made
        return cast("NDArray[np.float32]", made)

    @property
    def _gone(self) -> str:
        return f"The process of {self.name} has ended; it is started again."


@dataclass(slots=True, eq=False)
class _Line:
    """A pipe that one caller at a time asks by."""

    pipe: Connection
    turn: threading.Lock = field(default_factory=threading.Lock)


@dataclass(slots=True, weakref_slot=True, eq=False)
class _Child:
    """A process that has loaded its model."""

    process: BaseProcess
    about: About
    passages: _Line
    questions: _Line


def _begun(wanted: Wanted) -> _Child:
    """Start a process and wait until it has loaded its model."""
    # Spawned, not forked: the caller has threads, and a fork would copy their locks.
    context = multiprocessing.get_context("spawn")
    ours, theirs = zip(*(context.Pipe() for _ in Pipes._fields), strict=True)
    pipes = Pipes(*ours)
    process = context.Process(target=serve, args=(wanted, Pipes(*theirs)), name="funcseek-model", daemon=True)
    process.start()
    for pipe in theirs:
        pipe.close()
    try:
        about = _told(pipes.news, wanted)
    except BaseException:
        _end(process, pipes)
        raise
    child = _Child(process, about, _Line(pipes.passages), _Line(pipes.questions))
    weakref.finalize(child, _end, process, pipes)
    threading.Thread(target=log, args=(pipes.news,), name="log of the model", daemon=True).start()
    return child


def _told(news: Connection, wanted: Wanted) -> About:
    """Return what a process says of itself; raises what it could not do."""
    while True:
        try:
            told = news.recv()
        except (EOFError, OSError) as error:
            raise ModelError(
                f"{wanted.folder.name} cannot be loaded: its process has ended; see the log, or free some memory."
            ) from error
        if isinstance(told, FuncseekError):
            raise told
        if isinstance(told, About):
            return told
        logging.getLogger(told.name).handle(told)


def log(news: Connection) -> None:
    """Log what a process tells until it has ended."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            record = news.recv()
            logging.getLogger(record.name).handle(record)
    _logger.info("A model's process has ended")


def _end(process: BaseProcess, pipes: Pipes) -> None:
    # Not the news: whoever logs them reads to their end.
    pipes.passages.close()
    pipes.questions.close()
    process.kill()
    process.join(END_SECONDS)
