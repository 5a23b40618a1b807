"""An Embedder over torch and transformers: Qwen3-Embedding and any encoder in a local folder.

With `yes_no_reranker`, which loads and batches by what is here, their only importer. Downloads nothing and runs no code
of the model's: safetensors of an architecture that transformers knows. Texts are sorted by length into batches of a
budget of tokens and padded on the right. Where a token sees only those before it, padding behind it needs no mask,
which is what lets the fast attention kernels in.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import transformers
from tokenizers import Tokenizer

from .errors import ModelError
from .int8_layers import quantise
from .model_folder import digest_of
from .token_batches import batches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from numpy.typing import NDArray

    from .model_folder import ModelFolder

# Padding real functions to the longest of their batch adds 1.9 % of tokens at 16k, 6.7 % at 65k. On a processor small
# batches stay in its caches, see `onnx_encoder`.
BATCH_TOKENS = {"cuda": 16_384, "mps": 4_096, "cpu": 512}
# Texts made into tokens at a time, while the device works on those before them.
WINDOW_TEXTS = 16_384
# The text of 512 tokens is rarely longer than 2,400 characters; the tokenizer would read a megabyte to its end.
CHARACTERS_PER_TOKEN = 32
# How the weights are kept and multiplied, by the name that people give.
PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "int8": torch.int8}
# Weights that no pooling here reads; many folders leave them out.
_UNUSED = ("pooler.", "lm_head.")


def best_device() -> str:
    """Return ``cuda``, ``mps`` or ``cpu``, the first that this machine and this build of torch have."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def load(folder: ModelFolder, *, device: str | None = None, dtype: torch.dtype | None = None) -> TransformerEncoder:
    """Load a model onto a device, by default the best, in bfloat16 on a GPU that has it, else in float32.

    In int8 the linear layers are, and a processor is all that it is for. Raises ModelError where that cannot be done.
    """
    place = device or best_device()
    if dtype == torch.int8 and place != "cpu":
        raise ModelError(f"int8 is for processors; leave --precision out on {place}, or add --device cpu.")
    tokenizer = load_tokenizer(folder.path)
    tokenizer.enable_truncation(folder.max_tokens)
    loaded = torch.float32 if dtype == torch.int8 else dtype
    network = load_network(transformers.AutoModel, folder.path, device=place, dtype=loaded, unused=_UNUSED)
    if dtype == torch.int8:
        quantise(network)
    return TransformerEncoder(folder, tokenizer, network, dtype=dtype or next(network.parameters()).dtype)


def load_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer of a folder, which neither pads nor cuts; raises ModelError."""
    try:
        if (path / "tokenizer.json").is_file():
            return _bare(Tokenizer.from_file(str(path / "tokenizer.json")))
        made = transformers.AutoTokenizer.from_pretrained(path, local_files_only=True, trust_remote_code=False)
        backend = getattr(made, "backend_tokenizer", None)
    except Exception as error:
        # Both libraries raise bare Exception subclasses of their own.
        raise ModelError(f"The tokenizer in {path} cannot be loaded ({error}).") from error
    if not isinstance(backend, Tokenizer):
        raise ModelError(f"{path} has a tokenizer without a fast form; use a folder with a tokenizer.json.")
    return _bare(backend)


def _bare(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def load_network(
    kind: Any,
    path: Path,
    *,
    device: str | None = None,
    dtype: torch.dtype | None = None,
    unused: Sequence[str] = (),
) -> torch.nn.Module:
    """Load the network of a folder as one of transformers' ``Auto…`` kinds; device and dtype are as for `load`.

    Raises ModelError, also where a weight is missing that is none of the ``unused`` ones.
    """
    place = device or best_device()
    if dtype is None:
        dtype = torch.bfloat16 if place.startswith("cuda") and torch.cuda.is_bf16_supported() else torch.float32
    # It writes advice to the streams, which belong to a protocol.
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    try:
        network, told = kind.from_pretrained(
            path, dtype=dtype, attn_implementation="sdpa", use_safetensors=True,
            local_files_only=True, trust_remote_code=False, output_loading_info=True,
        )  # fmt: skip
        moved = network.to(place).eval().requires_grad_(requires_grad=False)
    except Exception as error:
        raise ModelError(f"The model in {path} cannot be loaded on {place} ({error}).") from error
    if missing := [key for key in told["missing_keys"] if not any(part in key for part in unused)]:
        raise ModelError(
            f"{path} lacks {len(missing)} of the model's weights, such as {missing[0]}; download it again."
        )
    return moved  # type: ignore[no-any-return]


def cleaned(texts: Sequence[str], max_tokens: int) -> list[str]:
    """Return texts as a tokenizer takes them, which refuses lone surrogates, cut far behind so many tokens."""
    longest = CHARACTERS_PER_TOKEN * max_tokens
    return [text[:longest].encode("utf-8", "replace").decode("utf-8") for text in texts]


def padded(tokens: Sequence[Sequence[int]], device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids padded on the right, of shape ``(texts, tokens)``, and the length of each text, on a device."""
    lengths = [len(ids) for ids in tokens]
    ids = np.zeros((len(tokens), max(lengths)), np.int64)
    for row, (text, length) in enumerate(zip(tokens, lengths, strict=True)):
        ids[row, :length] = text
    return _moved(torch.from_numpy(ids), device), _moved(torch.tensor(lengths), device)


def _moved(values: torch.Tensor, device: torch.device) -> torch.Tensor:
    if device.type == "cuda":
        return values.pin_memory().to(device, non_blocking=True)
    return values.to(device)


class Batches:
    """What a network makes of many texts, batch by batch; ``budget`` is in tokens and halves where memory runs out."""

    def __init__(self, name: str, device: torch.device) -> None:
        """Take what errors call the network, and where it is."""
        self._name = name
        self._device = device
        self.budget = BATCH_TOKENS[device.type]

    def run(
        self, tokens: Sequence[list[int]], compute: Callable[[Sequence[list[int]]], torch.Tensor]
    ) -> list[tuple[list[int], torch.Tensor]]:
        """Return the places of each batch with what was computed of it; the device gets all before any is waited for.

        Raises ModelError where one text alone does not fit the memory.
        """
        done: list[tuple[list[int], torch.Tensor]] = []
        waiting = deque(batches([len(ids) for ids in tokens], self.budget))
        with torch.inference_mode():
            while waiting:
                places = waiting.popleft()
                try:
                    done.append((places, compute([tokens[place] for place in places])))
                except torch.OutOfMemoryError as error:
                    waiting.extendleft(reversed(self._halved(places, error)))
        return done

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


class TransformerEncoder:
    """One model on one device. Queries run in the thread that asks, on a GPU before the passages that wait."""

    def __init__(
        self, folder: ModelFolder, tokenizer: Tokenizer, network: torch.nn.Module, *, dtype: torch.dtype
    ) -> None:
        """Take a loaded model; ``dtype`` is that of its linear layers."""
        self.folder = folder
        self.name = folder.name
        self.dimension = folder.dimension
        self._tokenizer = tokenizer
        self._network = network
        self.device, self.dtype = next(network.parameters()).device, dtype
        self.identity = sha256(f"{digest_of(folder)} {self.dtype}".encode()).hexdigest()
        self.batches = Batches(folder.name, self.device)
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="tokenize")
        self._urgent = torch.cuda.Stream(priority=-1) if self.device.type == "cuda" else None

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows of shape ``(len(texts), dimension)``; what lies beyond ``max_tokens`` is not read.

        Raises ModelError where the model returns no numbers, or where one text alone does not fit the memory.
        """
        rows = np.empty((len(texts), self.dimension), np.float32)
        starts = range(0, len(texts), WINDOW_TEXTS)
        windows = deque(self._ahead.submit(self.passage_tokens, texts[:WINDOW_TEXTS]) for _ in starts[:1])
        for start in starts:
            tokens = windows.popleft().result()
            following = start + WINDOW_TEXTS
            if following < len(texts):
                windows.append(self._ahead.submit(self.passage_tokens, texts[following : following + WINDOW_TEXTS]))
            self._fill(rows[start:following], tokens)
        return self._checked(rows)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector of shape ``(dimension,)``."""
        tokens = self.query_tokens(text)
        with self._first(), torch.inference_mode():
            vector: NDArray[np.float32] = self._run([tokens]).cpu().numpy()[0]
        return self._checked(vector)

    def embed_tokens(self, tokens: Sequence[list[int]]) -> NDArray[np.float32]:
        """Return unit rows of shape ``(len(tokens), dimension)``; raises as ``embed_passages`` does."""
        rows = np.empty((len(tokens), self.dimension), np.float32)
        self._fill(rows, tokens)
        return self._checked(rows)

    @property
    def precision(self) -> str:
        """What people call its ``dtype``."""
        return str(self.dtype).removeprefix("torch.")

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text are read."""
        return self.folder.max_tokens

    @property
    def vocabulary_size(self) -> int:
        """Every id of a token is below it."""
        return self._tokenizer.get_vocab_size()

    def query_tokens(self, text: str) -> list[int]:
        """Return the ids of a question behind its prompt."""
        return self._encoded([self.folder.query_prompt + text])[0]

    def passage_tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text, behind the prompt of passages where there is one."""
        prompt = self.folder.passage_prompt
        return self._encoded([prompt + text for text in texts] if prompt else texts)

    def _first(self) -> AbstractContextManager[object]:
        return torch.cuda.stream(self._urgent) if self._urgent else nullcontext()

    def _encoded(self, texts: Sequence[str]) -> list[list[int]]:
        found = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(cleaned(texts, self.max_tokens))]
        # A model without special tokens makes nothing of an empty text, and nothing can be pooled of it.
        return [ids or [0] for ids in found]

    def _fill(self, rows: NDArray[np.float32], tokens: Sequence[list[int]]) -> None:
        """Compute the rows of one window."""
        for places, vectors in self.batches.run(tokens, self._run):
            rows[places] = vectors.cpu().numpy()

    def _run(self, tokens: Sequence[list[int]]) -> torch.Tensor:
        """Return unit rows on the device, float32."""
        ids, counts = padded(tokens, self.device)
        hidden = self._hidden(ids, counts, is_even=len({len(text) for text in tokens}) == 1)
        pooled = self._pooled(hidden, counts)[:, : self.dimension].float()
        return torch.nn.functional.normalize(pooled, dim=-1)

    def _hidden(self, ids: torch.Tensor, lengths: torch.Tensor, *, is_even: bool) -> torch.Tensor:
        """Return the last hidden states, of shape ``(texts, tokens, width)``."""
        if self.folder.is_causal:
            return self._network(input_ids=ids, use_cache=False).last_hidden_state  # type: ignore[no-any-return]
        mask = None if is_even else (torch.arange(ids.shape[1], device=ids.device) < lengths[:, None]).long()
        return self._network(input_ids=ids, attention_mask=mask).last_hidden_state  # type: ignore[no-any-return]

    def _pooled(self, hidden: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        if self.folder.pooling == "cls":
            return hidden[:, 0]
        if self.folder.pooling == "last":
            # By length: the token that closes a text of Qwen3 is also the one that pads.
            return hidden[torch.arange(len(hidden), device=hidden.device), lengths - 1]
        real = torch.arange(hidden.shape[1], device=hidden.device) < lengths[:, None]
        return (hidden.float() * real[:, :, None]).sum(dim=1) / lengths[:, None]

    def _checked(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        if not np.isfinite(rows).all():
            raise ModelError(f"{self.name} returned no numbers on {self.device}; its weights are damaged.")
        return rows
