"""Linear layers whose products are of whole numbers: what makes a large encoder bearable on a processor.

Weights have a step for each output, values one for each token, both symmetric. So a text's vector does not depend on
the texts beside it, which the usual form, one step for a whole batch, would have it do: vectors are cached for good.
"""

from __future__ import annotations

import torch

_LIMIT = 127
# A row of zeros has no step.
_LEAST_STEP = 1e-12


class Int8Linear(torch.nn.Module):
    """A linear layer in eight bits, made of one in float32."""

    weights: torch.Tensor
    steps: torch.Tensor

    def __init__(self, layer: torch.nn.Linear) -> None:
        """Round the weights."""
        super().__init__()
        exact = layer.weight.detach()
        steps = (exact.abs().amax(dim=1) / _LIMIT).clamp_min(_LEAST_STEP)
        self.register_buffer("weights", (exact / steps[:, None]).round().to(torch.int8).t(), persistent=False)
        self.register_buffer("steps", steps, persistent=False)
        self.bias = layer.bias

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return the products, in float32."""
        flat = values.reshape(-1, values.shape[-1])
        steps = (flat.abs().amax(dim=1, keepdim=True) / _LIMIT).clamp_min_(_LEAST_STEP)
        whole = (flat / steps).round_().to(torch.int8)
        products = torch._int_mm(whole, self.weights) * steps  # noqa: SLF001 (there is no other)
        products *= self.steps
        if self.bias is not None:
            products += self.bias
        return products.reshape(*values.shape[:-1], -1)


def quantise(network: torch.nn.Module) -> None:
    """Replace every linear layer of a network in float32, one after the other."""
    for name, part in list(network.named_children()):
        if isinstance(part, torch.nn.Linear):
            setattr(network, name, Int8Linear(part))
        else:
            quantise(part)
