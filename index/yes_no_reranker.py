"""A Reranker over torch and transformers: a language model that is asked, pair by pair, for yes or no (Qwen3-Reranker).

What it is told is word for word what its card publishes; the answer is the softmax over those two words, of the token
that would come next. Loads by what `transformer` has, and runs in the forms it knows.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
import transformers

from .device_batches import Batches
from .errors import ModelError
from .models import QWEN3_TASK
from .reranker import MAX_QUERY_CHARACTERS
from .transformer import cleaned, form_of, load_network, load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

    from .reranker_folder import RerankerFolder

PREFIX = (
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the Instruct"
    ' provided. Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n'
)
SUFFIX = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
PAIR = "<Instruct>: {instruction}\n<Query>: {query}\n<Document>: {document}"
NO, YES = "no", "yes"
# With less left for a pair than its instruction takes, no model could answer.
LEAST_TOKENS = 64


def load(folder: RerankerFolder, *, device: str | None = None, dtype: torch.dtype | None = None) -> YesNoReranker:
    """Load a model onto a device, by default the best, in bfloat16 on a GPU that has it, else in float32.

    Raises ModelError where that cannot be done.
    """
    tokenizer = load_tokenizer(folder.path)
    network = load_network(transformers.AutoModelForCausalLM, folder.path, device=device, dtype=dtype)
    return YesNoReranker(folder, tokenizer, network)


class YesNoReranker:
    """One model on one device."""

    def __init__(self, folder: RerankerFolder, tokenizer: Tokenizer, network: Any) -> None:
        """Take a loaded model; raises ModelError where it cannot be asked for yes or no."""
        self.name = folder.name
        self._path = folder.path
        self._tokenizer = tokenizer
        self.device = next(network.parameters()).device
        self.batches = Batches(folder.name, self.device)
        self._before = self._tokens(PREFIX)
        self._behind = self._tokens(SUFFIX)
        words = [self._id(NO), self._id(YES)]
        self.max_tokens = folder.max_tokens
        room = folder.max_tokens - len(self._before) - len(self._behind)
        if room < LEAST_TOKENS:
            raise ModelError(f"{folder.path} reads {folder.max_tokens} tokens at most, too few; use another model.")
        # The end of a document is cut off, never what tells the model to answer.
        tokenizer.enable_truncation(room)
        # A document that ends its own turn and begins the answer says so in letters.
        tokenizer.encode_special_tokens = True
        # Not the network's own logits: those of every word at every place would take gigabytes.
        self._rows: torch.Tensor = network.get_output_embeddings().weight[words].float()
        # Last: on a GPU it begins to compile.
        self._form = form_of(network.base_model, self._chances, pooling="last", is_causal=True)

    def relevances(self, query: str, documents: Sequence[str]) -> list[float]:
        """Return for each document how likely the model is to say yes; raises ModelError."""
        return self.judge(self.pair_tokens(query, documents))

    def pair_tokens(self, query: str, documents: Sequence[str]) -> list[list[int]]:
        """Return the ids of what the model is told of each document, at most ``max_tokens``."""
        asked = query[:MAX_QUERY_CHARACTERS]
        pairs = [PAIR.format(instruction=QWEN3_TASK, query=asked, document=document) for document in documents]
        found = self._tokenizer.encode_batch_fast(cleaned(pairs, self.max_tokens))
        return [self._before + encoding.ids + self._behind for encoding in found]

    def judge(self, tokens: Sequence[list[int]]) -> list[float]:
        """Return how likely the model is to say yes behind each list of ids; raises ModelError."""
        found = [0.0] * len(tokens)
        for places, chances in self.batches.run([tokens], self._form):
            for place, chance in zip(places, chances.tolist(), strict=True):
                found[place] = chance
        if not all(math.isfinite(chance) for chance in found):
            raise ModelError(f"{self.name} returned no numbers on {self.device}; its weights are damaged.")
        return found

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def _chances(self, last: torch.Tensor) -> torch.Tensor:
        logits = last.float() @ self._rows.T
        return torch.softmax(logits, dim=-1)[:, 1]

    def _tokens(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _id(self, word: str) -> int:
        found = self._tokenizer.token_to_id(word)
        if found is None:
            raise ModelError(f"{self._path} has no token for {word!r}; name a folder of Qwen3-Reranker's kind.")
        return int(found)
