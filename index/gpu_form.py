"""Qwen3 on a GPU: at once as torch runs it, and soon compiled, and recorded for single texts.

Compiling takes seconds and needs Triton with a C compiler, so it happens beside the work, in a thread of its own, and
where it fails everything goes on as before. A recording (a CUDA graph) is one launch in place of the hundreds that a
question takes otherwise. Both give the same numbers, up to the order of sums.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING

import torch

from .device_batches import moved
from .packed_qwen3 import Packed, packed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from .packed_qwen3 import PackedQwen3

_logger = logging.getLogger(__name__)

# A question is some 20 tokens with its prompt; a longer text than the last is worth its launches.
RECORDED_TOKENS = (32, 64, 128, 256)
# Passes before one is recorded, in which libraries choose their kernels and take their memory.
TRIALS = 3
# Compilers of their own for each core would take 300 MB each, for a handful of small kernels.
_COMPILERS = "TORCHINDUCTOR_COMPILE_THREADS"


class GpuForm:
    """A network, and how its hidden states become rows: ``finish`` is given those of shape ``(texts, width)``."""

    def __init__(self, network: PackedQwen3, finish: Callable[[torch.Tensor], torch.Tensor]) -> None:
        """Begin to compile."""
        self._network = network
        self._finish = finish
        self._device = network.embedding.device
        self._recordings: dict[int, _Recording] = {}
        self.state = "compiling"
        self._compiling = threading.Thread(target=self._compile_and_record, name="compile", daemon=True)
        self._compiling.start()

    def __call__(self, tokens: Sequence[Sequence[int]]) -> torch.Tensor:
        """Return the rows of some texts, on the device; within inference mode."""
        return self._finish(self._network(packed(tokens, lambda values: moved(values, self._device))))

    def alone(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """Return the row of one text; within inference mode."""
        length = next((length for length in RECORDED_TOKENS if length >= len(ids)), 0)
        recording = self._recordings.get(length)
        made = recording.replayed(ids) if recording else self([ids])[0].cpu()
        row: NDArray[np.float32] = made.numpy()
        return row

    def wait(self) -> None:
        """Return when it is as fast as it will be."""
        self._compiling.join()

    def _compile_and_record(self) -> None:
        with torch.inference_mode(), torch.cuda.device(self._device):
            self.state = "compiled" if _tried(self._compile, "a third of its speed") else "not compiled"
            _tried(self._record, "ten times the time for a question")

    def _compile(self) -> None:
        os.environ.setdefault(_COMPILERS, "1")
        self._network.compile_steps()

    def _record(self) -> None:
        for length in RECORDED_TOKENS:
            self._recordings[length] = _Recording(length, self._device, self._computed)

    def _computed(self, texts: Packed) -> torch.Tensor:
        return self._finish(self._network(texts))


def _tried(work: Callable[[], None], otherwise: str) -> bool:
    """Do what makes it faster, or say in the log what it goes on with."""
    began = time.monotonic()
    try:
        work()
    except Exception as error:
        # What compilers raise has no common kind, and the model runs without them.
        _logger.warning("The model goes on with %s (%s)", otherwise, error)
        return False
    _logger.info("%s took %.0f s", work.__name__.strip("_"), time.monotonic() - began)
    return True


class _Recording:
    """One pass over one text; a shorter one is padded behind its end, which none of its tokens sees."""

    def __init__(self, length: int, device: torch.device, compute: Callable[[Packed], torch.Tensor]) -> None:
        """Record it; within inference mode."""
        self._lock = threading.Lock()
        # The ids, and the place of the last one behind them, in one copy.
        self._given = torch.zeros(length + 1, dtype=torch.int64, pin_memory=True)
        self._taken = torch.zeros(length + 1, dtype=torch.int64, device=device)
        bounds = torch.tensor([0, length], dtype=torch.int32, device=device)
        positions = torch.arange(length, device=device)
        # Kept: the recording goes on reading what it was made with.
        self._texts = texts = Packed(self._taken[:-1], positions, bounds, self._taken[-1:], length)
        stream = torch.cuda.Stream(device)
        stream.wait_stream(torch.cuda.current_stream(device))
        with torch.cuda.stream(stream):
            for _ in range(TRIALS):
                compute(texts)
        self._graph = torch.cuda.CUDAGraph()
        # Only this thread must keep from what cannot be recorded: others embed meanwhile.
        with torch.cuda.graph(self._graph, stream=stream, capture_error_mode="thread_local"):
            self._made = compute(texts)

    def replayed(self, ids: Sequence[int]) -> torch.Tensor:
        """Return the row of a text, in the processor's memory."""
        with self._lock:
            self._given[: len(ids)] = torch.tensor(ids)
            self._given[-1] = len(ids) - 1
            self._taken.copy_(self._given, non_blocking=True)
            self._graph.replay()
            return self._made[0].cpu()
