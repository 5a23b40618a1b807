"""The form in which any network of transformers runs: texts padded on the right to the longest of their batch.

Where a token sees only those before it, padding behind it needs no mask, which is what lets the fast attention kernels
in. Pooled by length: the token that closes a text of Qwen3 is also the one that pads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from .device_batches import moved

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray


class Padded:
    """One network, and how its hidden states become rows."""

    def __init__(
        self, network: Any, finish: Callable[[torch.Tensor], torch.Tensor], *, pooling: str, is_causal: bool
    ) -> None:
        """Take a network on its device; ``pooling`` is ``cls``, ``last`` or ``mean``.

        ``finish`` makes rows of the pooled hidden states, of shape ``(texts, width)``.
        """
        self._network = network
        self._finish = finish
        self._pooling = pooling
        self._is_causal = is_causal
        self._device: torch.device = next(network.parameters()).device

    def __call__(self, tokens: Sequence[Sequence[int]]) -> torch.Tensor:
        """Return the rows of some texts, on the device; within inference mode."""
        ids, lengths = _padded(tokens, self._device)
        is_even = self._is_causal or len({len(text) for text in tokens}) == 1
        mask = None if is_even else (torch.arange(ids.shape[1], device=ids.device) < lengths[:, None]).long()
        # An encoder knows no cache, and says so by an error.
        named = {"use_cache": False} if self._is_causal else {}
        hidden = self._network(input_ids=ids, attention_mask=mask, **named).last_hidden_state
        return self._finish(self._pooled(hidden, lengths))

    def alone(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """Return the row of one text; within inference mode."""
        row: NDArray[np.float32] = self([ids])[0].cpu().numpy()
        return row

    def wait(self) -> None:
        """Return at once: it is as fast as it will be."""

    def _pooled(self, hidden: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        if self._pooling == "cls":
            return hidden[:, 0]
        if self._pooling == "last":
            return hidden[torch.arange(len(hidden), device=hidden.device), lengths - 1]
        real = torch.arange(hidden.shape[1], device=hidden.device) < lengths[:, None]
        return (hidden.float() * real[:, :, None]).sum(dim=1) / lengths[:, None]


def _padded(tokens: Sequence[Sequence[int]], device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids, of shape ``(texts, tokens)``, and the length of each text, on a device."""
    lengths = [len(ids) for ids in tokens]
    ids = np.zeros((len(tokens), max(lengths)), np.int64)
    for row, (text, length) in enumerate(zip(tokens, lengths, strict=True)):
        ids[row, :length] = text
    return moved(torch.from_numpy(ids), device), moved(torch.tensor(lengths), device)
