"""Qwen3's layers over texts that lie end to end, without padding: the form for a GPU. Loads nothing, knows no text.

The numbers are those of transformers' Qwen3Model; what differs is how often memory is walked through. One product makes
queries, keys and values, one makes both halves of the gate; all between one attention and the next is a plain function
over tensors (`_continued`), which `torch.compile` turns into four products and four kernels, the same for every layer.
In the last layer the last token of each text goes on behind the attention, and nothing is computed for the others.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch.nn.functional import linear, silu

# What no configuration of Qwen3-Embedding or Qwen3-Reranker has, and this form does not compute.
_EXPECTED = {"model_type": "qwen3", "hidden_act": "silu", "attention_bias": False, "use_sliding_window": False}
_PLAIN_ROTATION = "default"
# Any number would do but one, which compilers treat apart.
_SOME_TOKENS = 64


class Layer(NamedTuple):
    """The weights of one layer."""

    norm_before: torch.Tensor
    queries_keys_values: torch.Tensor
    head_norms: torch.Tensor
    signs: torch.Tensor
    attention_out: torch.Tensor
    norm_behind: torch.Tensor
    gate_and_up: torch.Tensor
    down: torch.Tensor


class Shape(NamedTuple):
    """What all layers have in common: heads of queries, those of keys and values, what norms add to a square."""

    heads: int
    shared: int
    epsilon: float


class Packed(NamedTuple):
    """Texts end to end: ids and places in their text, int64; where texts begin and end, int32, one more than texts."""

    ids: torch.Tensor
    positions: torch.Tensor
    bounds: torch.Tensor
    last: torch.Tensor
    longest: int


_States = Sequence[torch.Tensor]
_Rotation = tuple[torch.Tensor, torch.Tensor]


def is_packable(network: Any) -> bool:
    """Say whether this form computes a network of transformers, and has a kernel for it where the network is."""
    config = network.config
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    rotation = (getattr(config, "rope_parameters", None) or {}).get("rope_type", _PLAIN_ROTATION)
    expected = all(getattr(config, name, None) == value for name, value in _EXPECTED.items())
    return expected and kinds == {"full_attention"} and rotation == _PLAIN_ROTATION and _has_kernel(network)


def _has_kernel(network: Any) -> bool:
    """Try it: it is missing for float32, for older GPUs and in some builds of torch."""
    if network.device.type != "cuda":
        return False
    config = network.config
    queries = torch.zeros(1, config.num_attention_heads, config.head_dim, device=network.device, dtype=network.dtype)
    shared = queries[:, : config.num_key_value_heads]
    try:
        _varlen_attention()((queries, shared, shared), packed([[0]], lambda values: values.to(network.device)))
    except (ImportError, RuntimeError, TypeError):
        return False
    return True


def packed(tokens: Sequence[Sequence[int]], move: Callable[[torch.Tensor], torch.Tensor]) -> Packed:
    """Lay texts end to end; ``move`` brings each tensor to the device."""
    lengths = torch.tensor([len(text) for text in tokens])
    ends = lengths.cumsum(0)
    bounds = torch.cat([torch.zeros(1, dtype=torch.int64), ends])
    positions = torch.arange(int(ends[-1])) - bounds[:-1].repeat_interleave(lengths)
    ids = torch.tensor([one for text in tokens for one in text])
    return Packed(move(ids), move(positions), move(bounds.int()), move(ends - 1), int(lengths.max()))


class PackedQwen3:
    """A decoder that takes over the weights of a Qwen3Model, whose own products it must not be asked for any more."""

    def __init__(self, network: Any) -> None:
        """Fuse the weights layer by layer, each freed before the next, so that no two copies of all exist."""
        config = network.config
        self.embedding: torch.Tensor = network.embed_tokens.weight
        self._norm: torch.Tensor = network.norm.weight
        self._shape = Shape(config.num_attention_heads, config.num_key_value_heads, config.rms_norm_eps)
        self._frequencies: torch.Tensor = network.rotary_emb.inv_freq.float()
        self._layers = [_fused(layer, self._shape) for layer in network.layers]
        self._attention = _varlen_attention() if self.embedding.is_cuda else _attention_by_text
        self._steps: tuple[Callable[..., Any], ...] = (_projected, _continued, _left)

    def __call__(self, texts: Packed) -> torch.Tensor:
        """Return the hidden state at the last token of each text, of shape ``(texts, width)``."""
        entered, continued, left = self._steps
        rotation = _rotation(texts.positions, self._frequencies, self.embedding.dtype)
        hidden = torch.nn.functional.embedding(texts.ids, self.embedding)
        states = entered(hidden, self._layers[0], rotation, self._shape)
        for layer, following in pairwise(self._layers):
            seen = self._attention(states, texts).flatten(1)
            hidden, *states = continued((hidden, seen), (layer, following), rotation, self._shape)
        seen = self._attention(states, texts).flatten(1)
        hidden = left((hidden[texts.last], seen[texts.last]), self._layers[-1], self._shape)
        return _normed(hidden, self._norm, self._shape.epsilon).to(self.embedding.dtype)

    def compile_steps(self, backend: str | Callable[..., Any] = "inductor") -> None:
        """Compile what lies between one attention and the next, and go over to it; raises what the compiler raises.

        Once for any number of tokens, and what comes last once more for a text alone, which compilers treat apart.
        """
        entered, continued, left = (torch.compile(step, fullgraph=True, backend=backend) for step in self._steps)
        # Two of them: the compiler would take one that is given twice for a promise.
        layer, other = self._layers[0], self._layers[-1]
        hidden = _any_number(self.embedding.new_zeros(_SOME_TOKENS, layer.norm_before.numel()))
        seen = _any_number(hidden.new_zeros(_SOME_TOKENS, layer.attention_out.shape[1]))
        cosines, sines = _rotation(torch.arange(_SOME_TOKENS, device=hidden.device), self._frequencies, hidden.dtype)
        rotation = _any_number(cosines), _any_number(sines)
        entered(hidden, layer, rotation, self._shape)
        continued((hidden, seen), (layer, other), rotation, self._shape)
        left((hidden, seen), layer, self._shape)
        left((hidden[:1].clone(), seen[:1].clone()), layer, self._shape)
        self._steps = entered, continued, left


def _any_number(rows: torch.Tensor) -> torch.Tensor:
    torch._dynamo.mark_dynamic(rows, 0)  # noqa: SLF001 (documented under this name)
    return rows


def _fused(layer: Any, shape: Shape) -> Layer:
    attention, gate = layer.self_attn, layer.mlp
    fused = Layer(
        layer.input_layernorm.weight,
        torch.cat([attention.q_proj.weight, attention.k_proj.weight, attention.v_proj.weight]),
        torch.cat([attention.q_norm.weight.expand(shape.heads, -1), attention.k_norm.weight.expand(shape.shared, -1)]),
        attention.q_norm.weight.new_tensor([[-1.0], [1.0]]),
        attention.o_proj.weight,
        layer.post_attention_layernorm.weight,
        torch.cat([gate.gate_proj.weight, gate.up_proj.weight]),
        gate.down_proj.weight,
    )
    for part in (attention.q_proj, attention.k_proj, attention.v_proj, gate.gate_proj, gate.up_proj):
        part.weight = None
    return fused


def _normed(values: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Return rows brought to a root mean square of one, in float32."""
    exact = values.float()
    return exact * torch.rsqrt(exact.square().mean(-1, keepdim=True) + epsilon) * weight.float()


def _rotation(positions: torch.Tensor, frequencies: torch.Tensor, dtype: torch.dtype) -> _Rotation:
    """Return what `_projected` turns heads by, each of shape ``(tokens, head width / 2)``.

    Rounded as transformers rounds them. Every head reads them: twice as long they took longer than the heads.
    """
    angles = positions[:, None].float() * frequencies
    return angles.cos().to(dtype), angles.sin().to(dtype)


def _projected(hidden: torch.Tensor, layer: Layer, rotation: _Rotation, shape: Shape) -> tuple[torch.Tensor, ...]:
    """Return what a layer's attention takes: queries, keys, values, each of shape ``(tokens, heads, head width)``."""
    cosines, sines = (part[:, None, None].float() for part in rotation)
    normed = _normed(hidden, layer.norm_before, shape.epsilon).to(layer.down.dtype)
    states = linear(normed, layer.queries_keys_values).unflatten(1, (shape.heads + 2 * shape.shared, -1))
    turning, values = states.split([shape.heads + shape.shared, shape.shared], dim=1)
    halves = _normed(turning, layer.head_norms, shape.epsilon).unflatten(2, (2, -1))
    # The other half, by the order of reading.
    turned = halves * cosines + halves.flip(2) * sines * layer.signs
    queries, keys = turned.flatten(2).to(values.dtype).split([shape.heads, shape.shared], dim=1)
    return queries, keys, values


def _continued(
    before: tuple[torch.Tensor, torch.Tensor],
    layers: tuple[Layer, Layer],
    rotation: _Rotation,
    shape: Shape,
) -> tuple[torch.Tensor, ...]:
    """Return the hidden states behind the first layer's attention and gate, and what the second's attention takes."""
    hidden = _left(before, layers[0], shape)
    return hidden, *_projected(hidden, layers[1], rotation, shape)


def _left(before: tuple[torch.Tensor, torch.Tensor], layer: Layer, shape: Shape) -> torch.Tensor:
    """Return the hidden states behind a layer, from those before it and what its attention saw.

    Sums are made in float32. That also keeps the compiler from giving them to the product before, which would copy one
    of the two first.
    """
    hidden, seen = before
    hidden = (hidden.float() + linear(seen, layer.attention_out).float()).to(seen.dtype)
    normed = _normed(hidden, layer.norm_behind, shape.epsilon).to(seen.dtype)
    gate, up = linear(normed, layer.gate_and_up).chunk(2, dim=-1)
    return (hidden.float() + linear(silu(gate) * up, layer.down).float()).to(seen.dtype)


def _varlen_attention() -> Callable[[_States, Packed], torch.Tensor]:
    """Return torch's FlashAttention, causal within each text, which takes fewer heads of keys than of queries."""
    from torch.nn.attention import varlen

    kernel: Any = varlen.varlen_attn
    known = inspect.signature(kernel).parameters
    # torch 2.10 has a flag in place of a window, and since 2.12 the fewer heads must be announced.
    told: dict[str, Any] = {"window_size": (-1, 0)} if "window_size" in known else {"is_causal": True}
    if "enable_gqa" in known:
        told["enable_gqa"] = True

    def attend(states: _States, texts: Packed) -> torch.Tensor:
        found: torch.Tensor = kernel(*states, texts.bounds, texts.bounds, texts.longest, texts.longest, **told)
        return found

    return attend


def _attention_by_text(states: _States, texts: Packed) -> torch.Tensor:
    """Attend causally text by text, for devices that the kernel is not for."""
    bounds = texts.bounds.tolist()
    found = []
    for start, end in pairwise(bounds):
        queries, keys, values = (state[start:end].transpose(0, 1)[None] for state in states)
        attended = torch.nn.functional.scaled_dot_product_attention(
            queries, keys, values, is_causal=True, enable_gqa=True
        )
        found.append(attended[0].transpose(0, 1))
    return torch.cat(found)
