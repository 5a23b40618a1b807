"""The inside of a model's process: loads it on torch and answers until the parent is gone. Runs nowhere else.

Passages and questions come by pipes of their own, so that no question waits behind a batch.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ..index.errors import FuncseekError, ModelError, ModelMissing

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from ..index.model_folder import ModelFolder
    from ..index.transformer import TransformerEncoder

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model in a folder and how it is to run, None for what suits the machine; ``precision`` is one that has a name.

    Where ``needs_gpu`` it is not loaded on anything else.
    """

    folder: ModelFolder
    device: str | None = None
    precision: str | None = None
    needs_gpu: bool = False


class About(NamedTuple):
    """What a loaded model is, the same in every process that loads it so."""

    name: str
    identity: str
    dimension: int
    device: str
    precision: str


class Pipes(NamedTuple):
    """What parent and child talk by: two of requests, and one by which the child tells what it is and what it logs."""

    passages: Connection
    questions: Connection
    news: Connection


def load(wanted: Wanted) -> TransformerEncoder:
    """Load a model into this process; raises ModelMissing where it needs a GPU and there is none, ModelError."""
    # Imported here: a parent is none that has torch in it.
    from ..index.transformer import PRECISIONS, best_device
    from ..index.transformer import load as load_folder

    if wanted.needs_gpu and best_device() != "cuda":
        raise ModelMissing(f"{wanted.folder.name} needs a GPU; there is none.")
    dtype = PRECISIONS[wanted.precision] if wanted.precision else None
    return load_folder(wanted.folder, device=wanted.device, dtype=dtype)


def serve(wanted: Wanted, pipes: Pipes) -> None:
    """Load, tell what was loaded or why it cannot be, and answer until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle; it ends us
    logging.basicConfig(level=logging.INFO, handlers=[Telling(pipes.news)], force=True)
    try:
        encoder = load(wanted)
    except FuncseekError as error:
        pipes.news.send(error)
        return
    except Exception:
        _logger.exception("The model failed while it was loaded")
        return
    pipes.news.send(About(encoder.name, encoder.identity, encoder.dimension, str(encoder.device), encoder.precision))
    threading.Thread(target=_answer, args=(pipes.questions, encoder.embed_query), name="questions").start()
    _answer(pipes.passages, encoder.embed_passages)


def _answer(pipe: Connection, embed: Callable[[Any], object]) -> None:
    """Answer one pipe, then end the process: one half of it is of no use, and what compiles in it cannot be stopped."""
    status = 1
    try:
        with contextlib.suppress(EOFError, OSError):
            while True:
                pipe.send(_embedded(embed, pipe.recv()))
        status = 0
    except BaseException:
        _logger.exception("The model failed")
    finally:
        os._exit(status)


def _embedded(embed: Callable[[Any], object], asked: object) -> object:
    try:
        return embed(asked)
    except ModelError as error:
        return error


class Telling(logging.Handler):
    """Hands what is logged to the parent, which has the log."""

    def __init__(self, news: Connection) -> None:
        """Tell by this pipe."""
        super().__init__()
        # The sentence alone: the parent adds where and when.
        self.setFormatter(logging.Formatter())
        self._news = news

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one record, as text."""
        line = logging.LogRecord(
            record.name, record.levelno, record.pathname, record.lineno, self.format(record), (), None
        )
        with contextlib.suppress(OSError):
            self._news.send(line)
