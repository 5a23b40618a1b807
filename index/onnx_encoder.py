"""The embedded default: MiniLM on the CPU by ONNX Runtime, no torch. The only importer of onnxruntime.

Downloads and builds nothing: it loads what ``installation`` put on the disk.
"""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import InvalidArgument
from tokenizers import Tokenizer

from .errors import ModelError
from .installation import BUILDER_VERSION, MODEL, TOKENIZER
from .machine import usable_cores
from .token_batches import batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .installation import Installed

# Where the model was trained. Ranks better on code than 256 (CodeSearchNet-like MRR .669 against .646) and is 1.4 times
# as fast.
MAX_PASSAGE_TOKENS = 128
# The text of 128 tokens is rarely longer than 600 characters; the tokenizer would read a megabyte to its end.
MAX_PASSAGE_CHARACTERS = 16_384
DIMENSION = 384

# Small batches stay in the processor's caches. Functions/s on two cores at 256, 384, 512 and 768 tokens, one batch for
# each core at a time: 103, 100, 97, 88; with both cores on one batch of 768: 85 (medians of one run).
BATCH_TOKENS = 256
# More batches at a time would only press each other out of the shared caches.
MAX_BATCHES_AT_ONCE = 8
# It would join again what `minilm_graph` keeps apart. Without it and its operator, and with biases in the products:
# 10.6 ms of a core for a function of 83 tokens, before 15.3; a query of 13 tokens 2.5 ms, before 3.1 (medians of one
# run, side by side).
_HARMFUL_OPTIMIZERS = ("SkipLayerNormFusion",)


def load(model: Installed) -> OnnxEncoder:
    """Load an installed model in 0.2 s; raises ModelError when its files cannot be used."""
    try:
        tokenizer = Tokenizer.from_file(str(model.folder / TOKENIZER))
        session = onnxruntime.InferenceSession(
            model.folder / MODEL,
            _session_options(),
            providers=["CPUExecutionProvider"],
            disabled_optimizers=_HARMFUL_OPTIMIZERS,
        )
    except Exception as error:
        # Both libraries raise bare Exception or RuntimeError subclasses of their own.
        raise ModelError(
            f"{model.folder} cannot be loaded; run `funcseek model install` to install it again."
        ) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PASSAGE_TOKENS)
    lanes = ThreadPoolExecutor(min(usable_cores(), MAX_BATCHES_AT_ONCE), thread_name_prefix="embed")
    return OnnxEncoder(model.preset.name, _identity(model), DIMENSION, tokenizer, session, lanes)


@dataclass(frozen=True, slots=True)
class OnnxEncoder:
    """An Embedder whose one session serves passages and queries.

    A second session would hold the weights again (55 MB) and answer a query no sooner (both 3 ms on a busy machine).
    Passages run in ``lanes``, a query in the thread that asks, so passages under way do not hold it up.
    """

    name: str
    identity: str
    dimension: int
    tokenizer: Tokenizer
    session: onnxruntime.InferenceSession
    lanes: ThreadPoolExecutor

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows of shape ``(len(texts), 384)``; what lies beyond 128 tokens of a text is not read."""
        return self.embed_tokens(list(self.lanes.map(self._tokens, texts)))

    def embed_tokens(self, tokens: Sequence[list[int]]) -> NDArray[np.float32]:
        """Return unit rows of shape ``(len(tokens), 384)``."""
        rows = np.empty((len(tokens), self.dimension), np.float32)
        places = list(batches([len(row) for row in tokens], BATCH_TOKENS))
        runs = self.lanes.map(lambda batch: self._run([tokens[position] for position in batch]), places)
        for batch, found in zip(places, runs, strict=True):
            rows[batch] = found
        return rows

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector of shape ``(384,)``; this model reads queries and passages alike."""
        vector: NDArray[np.float32] = self._run([self._tokens(text)])[0]
        return vector

    def give_memory_back(self) -> None:
        """Have the session keep what one short text needs, 19 MB less than batches do. Takes a millisecond."""
        options = onnxruntime.RunOptions()
        options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        ids, mask = _padded([self._tokens("")])
        # A runtime that was built to keep nothing refuses, and has nothing to give.
        with contextlib.suppress(InvalidArgument):
            self.session.run(["vectors"], {"input_ids": ids, "attention_mask": mask}, options)

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text are read."""
        return MAX_PASSAGE_TOKENS

    @property
    def vocabulary_size(self) -> int:
        """Every id of a token is below it."""
        return self.tokenizer.get_vocab_size()

    def passage_tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text. Works in the thread that asks: the lanes may be busy with other texts."""
        return [self._tokens(text) for text in texts]

    def query_tokens(self, text: str) -> list[int]:
        """Return the ids of one text."""
        return self._tokens(text)

    def _tokens(self, text: str) -> list[int]:
        # The tokenizer refuses lone surrogates. One text at a time: tokenizing is a fiftieth of the work, and its own
        # threads would come on top of ours.
        clean = text[:MAX_PASSAGE_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
        return self.tokenizer.encode(clean).ids

    def _run(self, tokens: Sequence[list[int]]) -> NDArray[np.float32]:
        ids, mask = _padded(tokens)
        rows = np.asarray(self.session.run(["vectors"], {"input_ids": ids, "attention_mask": mask})[0], np.float32)
        if not np.isfinite(rows).all():
            raise ModelError(f"{self.name} returned no numbers; run `funcseek model verify` to check its files.")
        return rows


def _identity(model: Installed) -> str:
    parts = (
        model.preset.weights.sha256, model.preset.tokenizer.sha256, f"builder {BUILDER_VERSION}",
        f"first {MAX_PASSAGE_TOKENS} tokens", "mean", str(DIMENSION),
    )  # fmt: skip
    return sha256("\n".join(parts).encode()).hexdigest()


def _session_options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    # One core for a batch, many batches at once: threads that share a batch wait for each other at every layer.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Errors only: they are raised as well, and a language server's streams are not for advice.
    options.log_severity_level = 3
    return options


def _padded(tokens: Sequence[list[int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return ids and mask of shape ``(len(tokens), longest)``, padded on the right, as the graph needs."""
    ids = np.zeros((len(tokens), max(map(len, tokens))), np.int32)
    mask = np.zeros_like(ids)
    for row, text in enumerate(tokens):
        ids[row, : len(text)] = text
        mask[row, : len(text)] = 1
    return ids, mask
