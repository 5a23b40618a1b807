"""Batches of tokens through a network, on a processor or a GPU. Knows no model and no text.

Texts are sorted by length into batches of a budget of tokens. The device gets some batches in advance, and what it made
of them is fetched late, so that it never waits for this process.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import torch

from .errors import ModelError
from .token_batches import batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

# A GPU is done with 16k tokens before the next 16k are launched (an H200: 384k tokens/s, 419k at 32k, no more at 65k);
# where texts are padded to the longest of their batch, 32k adds some 3 % of tokens. On a processor small batches stay
# in its caches, see `onnx_encoder`.
BATCH_TOKENS = {"cuda": 32_768, "mps": 4_096, "cpu": 512}
# One is computed, one waits: a batch takes longer than to launch the next.
BATCHES_AHEAD = 2


def moved(values: torch.Tensor, device: torch.device) -> torch.Tensor:
    """Return a tensor of the processor's memory on a device, which is not waited for."""
    if device.type == "cuda":
        return values.pin_memory().to(device, non_blocking=True)
    return values.to(device)


class Leaving:
    """What a network made of one batch, on its way from the device."""

    def __init__(self, places: list[int], made: torch.Tensor) -> None:
        """Start to copy."""
        self.places = places
        self._copied = torch.cuda.Event() if made.is_cuda else None
        if self._copied is None:
            self._rows = made.cpu()
            return
        self._rows = torch.empty(made.shape, dtype=made.dtype, pin_memory=True)
        self._rows.copy_(made, non_blocking=True)
        self._copied.record()

    def arrived(self) -> tuple[list[int], NDArray[np.float32]]:
        """Wait, and return the places of the texts with what was made of them."""
        if self._copied is not None:
            self._copied.synchronize()
        return self.places, self._rows.numpy()


class Batches:
    """What a network makes of many texts, batch by batch; ``budget`` is in tokens and halves where memory runs out."""

    def __init__(self, name: str, device: torch.device) -> None:
        """Take what errors call the network, and where it is."""
        self._name = name
        self._device = device
        self.budget = BATCH_TOKENS[device.type]

    def run(
        self, windows: Iterable[Sequence[list[int]]], compute: Callable[[Sequence[list[int]]], torch.Tensor]
    ) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
        """Yield the places of each batch, counted over all windows, with what was computed of it, a row for each text.

        Raises ModelError where one text alone does not fit the memory.
        """
        underway: deque[Leaving] = deque()
        start = 0
        for tokens in windows:
            for places, made in self._computed(tokens, compute):
                underway.append(Leaving([start + place for place in places], made))
                if len(underway) > BATCHES_AHEAD:
                    yield underway.popleft().arrived()
            start += len(tokens)
        for leaving in underway:
            yield leaving.arrived()

    def _computed(
        self, tokens: Sequence[list[int]], compute: Callable[[Sequence[list[int]]], torch.Tensor]
    ) -> Iterator[tuple[list[int], torch.Tensor]]:
        waiting = deque(batches([len(ids) for ids in tokens], self.budget))
        while waiting:
            places = waiting.popleft()
            try:
                # Not around the whole: between two batches this thread belongs to the caller.
                with torch.inference_mode():
                    made = compute([tokens[place] for place in places])
            except torch.OutOfMemoryError as error:
                waiting.extendleft(reversed(self._halved(places, error)))
            else:
                yield places, made

    def _halved(self, places: list[int], error: Exception) -> list[list[int]]:
        """Go on with half the budget: what fitted once may not fit beside another program."""
        if len(places) == 1:
            raise ModelError(
                f"{self._name} does not fit the memory of {self._device}; choose another device."
            ) from error
        torch.cuda.empty_cache()
        self.budget = max(1, self.budget // 2)
        middle = len(places) // 2
        return [places[:middle], places[middle:]]
