"""``python -m bench.calibrate_minilm FOLDER``: prints ``ACTIVATION_STEPS`` of ``index/minilm_graph.py``.

FOLDER holds MiniLM's published files. Takes five minutes; needed only when the graph or the passages change in kind.
"""

from __future__ import annotations

import ast
import random
import sys
import sysconfig
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from funcseek.index.onnx_encoder import MAX_PASSAGE_TOKENS
from tests.index.bert_reference import LAYERS, reference_vector
from tests.index.model_texts import QUESTIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

FUNCTIONS = 200
# Every 17th value is enough for a squared error, and the search is over more than a thousand ranges.
STRIDE = 17
SHARES = np.linspace(0.1, 1, 46)
# Ends of a range that shrink far apart were never the best, and are most of the work.
LARGEST_APART = 0.3
# What GELU can reach below zero: such a range shrinks only from above.
GELU_FLOOR = -0.5


def main() -> None:
    """Run the float32 reference over the texts and print one line for each layer."""
    folder = Path(sys.argv[1])
    weights = load_file(folder / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PASSAGE_TOKENS)
    seen: dict[tuple[int, int], list[NDArray[np.float32]]] = defaultdict(list)
    chance = random.Random(0)

    def see(layer: int, which: int, values: NDArray[np.float32]) -> None:
        # A fixed start would always meet the same channels of a text's first token, where the largest values are.
        seen[layer, which].append(values.ravel()[chance.randrange(STRIDE) :: STRIDE])

    for text in [*standard_functions(), *QUESTIONS]:
        reference_vector(weights, tokenizer.encode(text).ids, see)
    for layer in range(LAYERS):
        print(tuple(best_step(np.concatenate(seen[layer, which])) for which in range(4)))


def standard_functions() -> list[str]:
    """Return the same functions of the standard library on every run of one Python."""
    found = []
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        source = path.read_text("utf-8")
        functions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
        found += [ast.get_source_segment(source, node) or "" for node in functions]
    return random.Random(0).sample(found, FUNCTIONS)


def best_step(values: NDArray[np.float32]) -> tuple[float, int]:
    """Return step and zero point of the uint8 range with the smallest squared error."""
    low, high = min(values.min(), 0), max(values.max(), 0)
    lows = SHARES if low < GELU_FLOOR else [1.0]
    ranges = [(low * a, high * b) for a in lows for b in SHARES if len(lows) == 1 or abs(a - b) <= LARGEST_APART]
    low, high = min(ranges, key=lambda ends: squared_error(values, *ends))
    step = (high - low) / 255
    return round(float(step), 5), int(np.rint(-low / step))


def squared_error(values: NDArray[np.float32], low: float, high: float) -> float:
    """Return what it costs to write values with 256 steps between two ends."""
    step = (high - low) / 255
    zero_point = np.rint(-low / step)
    restored = (np.clip(np.rint(values / step) + zero_point, 0, 255) - zero_point) * step
    return float(((restored - values) ** 2).mean())


if __name__ == "__main__":
    main()
