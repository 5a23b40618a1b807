"""Turns MiniLM's published float32 weights into an int8 ONNX graph, without torch. Only an install uses it.

Activations are quantised with fixed ranges, not with the range of the batch they happen to be in (which is what
``quantize_dynamic`` builds): a text's vector must not depend on its neighbours, because vectors are cached for good.
Measured on 200 functions, AVX2 without VNNI: cosine to float32 .993 (dynamic .993), batch against one by one 1.00000
(dynamic .9917, minimum .984), 1.5 times the speed of float32 (dynamic: the same).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_HEADS = 12
_EPSILON = 1e-12
_CONTRIB = "com.microsoft"
_OPSETS = {"": 17, _CONTRIB: 1}
# The oldest format that holds this opset, so that every onnxruntime we allow can read it.
_IR_VERSION = 8

# (step, zero point) of the uint8 values at the four matrix products of each layer, in order: query, key and value in
# one; attention output; intermediate; output. The range with the smallest squared error over some 200 functions of the
# standard library and a few questions, which clips outliers; `bench/calibrate_minilm.py` prints this table.
ACTIVATION_STEPS = (
    ((0.03262, 69), (0.01798, 164), (0.1242, 39), (0.08554, 2)),
    ((0.04281, 76), (0.01756, 115), (0.13006, 36), (0.07724, 2)),
    ((0.04512, 92), (0.01424, 126), (0.14118, 67), (0.05561, 3)),
    ((0.05125, 78), (0.01284, 122), (0.1514, 72), (0.04144, 4)),
    ((0.05727, 82), (0.01707, 112), (0.12007, 82), (0.02347, 7)),
    ((0.05501, 87), (0.01982, 131), (0.09011, 127), (0.0183, 9)),
)

# Symmetric, with a step of its own for each output channel: one step for a whole matrix costs .045 of cosine. All eight
# bits, although AVX2 can saturate when it adds two products: seven bits (`reduce_range`) measured no better, .9918.
_WEIGHT_LIMIT = 127


def build(weights: Path, target: Path) -> None:
    """Write the graph: int32 ``input_ids`` and ``attention_mask`` (n, tokens) in, float32 unit rows (n, 384) out.

    Masks must be ones followed by zeros: the fused attention takes only lengths.
    """
    onnx.save(_model(load_file(weights)), target)


class _Graph:
    """The nodes and constants of a graph under construction; each method adds one node and returns its output."""

    def __init__(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: NDArray[np.generic]) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(self.weights[name])

    def node(self, operation: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        outputs = [f"{operation}_{len(self.nodes)}"]
        self.nodes.append(helper.make_node(operation, inputs, outputs, outputs[0], domain=domain, **attributes))
        return outputs[0]


def _model(weights: dict[str, NDArray[np.float32]]) -> onnx.ModelProto:
    graph = _Graph(weights)
    hidden, lengths = _embeddings(graph)
    for layer in range(len(ACTIVATION_STEPS)):
        hidden = _layer(graph, layer, hidden, lengths=lengths)
    pooled = _mean_over_tokens(graph, hidden)
    graph.nodes.append(helper.make_node("LpNormalization", [pooled], ["vectors"], axis=-1, p=2))
    inputs = [_tensor(name, TensorProto.INT32, "tokens") for name in ("input_ids", "attention_mask")]
    outputs = [_tensor("vectors", TensorProto.FLOAT, weights["embeddings.LayerNorm.bias"].size)]
    opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS.items()]
    proto = helper.make_graph(graph.nodes, "minilm", inputs, outputs, graph.constants)
    return helper.make_model(proto, opset_imports=opsets, ir_version=_IR_VERSION)


def _tensor(name: str, kind: int, width: str | int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, ["texts", width])


def _embeddings(graph: _Graph) -> tuple[str, str]:
    """Add the first hidden states, and the length of each text, which the operator derives from the mask."""
    # One text has one segment, so the segment's row is part of every position.
    positions = (
        graph.weights["embeddings.position_embeddings.weight"]
        + graph.weights["embeddings.token_type_embeddings.weight"][0]
    )
    inputs = (
        "input_ids", "", graph.weight("embeddings.word_embeddings.weight"), graph.constant(positions), "",
        graph.weight("embeddings.LayerNorm.weight"), graph.weight("embeddings.LayerNorm.bias"), "attention_mask",
    )  # fmt: skip
    outputs = ["embedded", "lengths"]
    graph.nodes.append(
        helper.make_node("EmbedLayerNormalization", inputs, outputs, "embed", domain=_CONTRIB, epsilon=_EPSILON)
    )
    return outputs[0], outputs[1]


def _layer(graph: _Graph, layer: int, hidden: str, *, lengths: str) -> str:
    name, steps = f"encoder.layer.{layer}.", ACTIVATION_STEPS[layer]
    attended = _attention(graph, f"{name}attention.self.", hidden, lengths=lengths, step=steps[0])
    projected = _product(graph, f"{name}attention.output.dense", attended, step=steps[1])
    middle = _add_and_normalise(graph, f"{name}attention.output.LayerNorm", projected, residual=hidden)
    widened = _product(graph, f"{name}intermediate.dense", middle, step=steps[2])
    bent = graph.node("Gelu", widened, domain=_CONTRIB)
    narrowed = _product(graph, f"{name}output.dense", bent, step=steps[3])
    return _add_and_normalise(graph, f"{name}output.LayerNorm", narrowed, residual=middle)


def _attention(graph: _Graph, name: str, hidden: str, *, lengths: str, step: tuple[float, int]) -> str:
    parts = [f"{name}{part}" for part in ("query", "key", "value")]
    matrix = np.concatenate([graph.weights[f"{part}.weight"].T for part in parts], axis=1)
    bias = np.concatenate([graph.weights[f"{part}.bias"] for part in parts])
    weight, weight_steps = _quantised_weight(graph, matrix)
    values, value_step, zero_point = _quantised_values(graph, hidden, step)
    weight_zero_points = graph.constant(np.zeros(matrix.shape[1], np.int8))
    inputs = (values, weight, graph.constant(bias), value_step, weight_steps, lengths, zero_point, weight_zero_points)
    return graph.node("QAttention", *inputs, domain=_CONTRIB, num_heads=_HEADS)


def _product(graph: _Graph, name: str, left: str, *, step: tuple[float, int]) -> str:
    """Add a matrix product and its bias, which costs nothing where the product is written anyway."""
    weight, weight_steps = _quantised_weight(graph, graph.weights[f"{name}.weight"].T)
    values, value_step, zero_point = _quantised_values(graph, left, step)
    inputs = (values, weight, value_step, weight_steps, zero_point, "", graph.weight(f"{name}.bias"))
    return graph.node("MatMulIntegerToFloat", *inputs, domain=_CONTRIB)


def _quantised_values(graph: _Graph, values: str, step: tuple[float, int]) -> tuple[str, str, str]:
    step_name = graph.constant(np.array(step[0], np.float32))
    zero_point = graph.constant(np.array(step[1], np.uint8))
    return graph.node("QuantizeLinear", values, step_name, zero_point), step_name, zero_point


def _quantised_weight(graph: _Graph, matrix: NDArray[np.float32]) -> tuple[str, str]:
    steps = np.abs(matrix).max(axis=0) / np.float32(_WEIGHT_LIMIT)
    return graph.constant(np.rint(matrix / steps).astype(np.int8)), graph.constant(steps)


def _add_and_normalise(graph: _Graph, name: str, values: str, *, residual: str) -> str:
    # Two operators: the one that does both, SkipLayerNormalization, is scalar code and took 3.5 times as long (498
    # tokens, onnxruntime 1.32). BiasGelu against a bias in the product and Gelu: 2.7 times.
    total = graph.node("Add", values, residual)
    weights = [graph.weight(f"{name}.{part}") for part in ("weight", "bias")]
    return graph.node("LayerNormalization", total, *weights, axis=-1, epsilon=_EPSILON)


def _mean_over_tokens(graph: _Graph, hidden: str) -> str:
    """Add the sum over real tokens: unit length follows, which makes it the same as the mean."""
    mask = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    masked = graph.node("Mul", hidden, graph.node("Unsqueeze", mask, graph.constant(np.array([2]))))
    return graph.node("ReduceSum", masked, graph.constant(np.array([1])), keepdims=0)
