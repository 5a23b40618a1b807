"""An Embedder over torch and transformers: Qwen3-Embedding and any encoder in a local folder.

With `yes_no_reranker`, which loads by what is here, the only importer of transformers. Downloads nothing and runs no
code of the model's: safetensors of an architecture that transformers knows. Chooses the form that a network runs in;
what the forms do is their own business.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import transformers
from tokenizers import Tokenizer

from .device_batches import Batches
from .errors import ModelError
from .gpu_form import GpuForm
from .int8_layers import quantise
from .model_folder import digest_of
from .packed_qwen3 import PackedQwen3, is_packable
from .padded import Padded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from contextlib import AbstractContextManager
    from pathlib import Path

    from numpy.typing import NDArray

    from .model_folder import ModelFolder

# Texts made into tokens at a time, while the device works on those before them; it waits for the first.
FIRST_TEXTS, WINDOW_TEXTS = 512, 4_096
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
        dtype = torch.bfloat16 if place.startswith("cuda") and _has_bfloat16() else torch.float32
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


def _has_bfloat16() -> bool:
    # GPUs before Ampere take it too, and are slower in it than in float32.
    return bool(torch.cuda.is_bf16_supported(including_emulation=False))


def cleaned(texts: Sequence[str], max_tokens: int) -> list[str]:
    """Return texts as a tokenizer takes them, which refuses lone surrogates, cut far behind so many tokens."""
    longest = CHARACTERS_PER_TOKEN * max_tokens
    return [text[:longest].encode("utf-8", "replace").decode("utf-8") for text in texts]


def form_of(
    network: Any, finish: Callable[[torch.Tensor], torch.Tensor], *, pooling: str, is_causal: bool
) -> Padded | GpuForm:
    """Return the fastest form that a network can run in where it is; the network must not be used beside it."""
    if pooling == "last" and is_packable(network):
        return GpuForm(PackedQwen3(network), finish)
    return Padded(network, finish, pooling=pooling, is_causal=is_causal)


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
        self.device, self.dtype = next(network.parameters()).device, dtype
        self.identity = sha256(f"{digest_of(folder)} {self.dtype}".encode()).hexdigest()
        self.batches = Batches(folder.name, self.device)
        self._form = form_of(network, self._finished, pooling=folder.pooling, is_causal=folder.is_causal)
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="tokenize")
        self._urgent = torch.cuda.Stream(priority=-1) if self.device.type == "cuda" else None

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows of shape ``(len(texts), dimension)``; what lies beyond ``max_tokens`` is not read.

        Raises ModelError where the model returns no numbers, or where one text alone does not fit the memory.
        """
        return self._rows(len(texts), self._windows(texts))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector of shape ``(dimension,)``."""
        return self._checked(self._alone(self.query_tokens(text)))

    def embed_tokens(self, tokens: Sequence[list[int]]) -> NDArray[np.float32]:
        """Return unit rows of shape ``(len(tokens), dimension)``; raises as ``embed_passages`` does."""
        return self._checked(self._alone(tokens[0])[None]) if len(tokens) == 1 else self._rows(len(tokens), [tokens])

    def wait(self) -> None:
        """Return when it is as fast as it will be."""
        self._form.wait()

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

    def _windows(self, texts: Sequence[str]) -> Iterator[list[list[int]]]:
        """Yield the ids of some texts at a time, while the next ones are made into ids."""
        bounds = [0, *range(FIRST_TEXTS, len(texts), WINDOW_TEXTS), len(texts)]
        underway: deque[Future[list[list[int]]]] = deque()
        for start, end in pairwise(bounds):
            underway.append(self._ahead.submit(self.passage_tokens, texts[start:end]))
            if len(underway) > 1:
                yield underway.popleft().result()
        yield underway.popleft().result()

    def _rows(self, count: int, windows: Iterable[Sequence[list[int]]]) -> NDArray[np.float32]:
        rows = np.empty((count, self.dimension), np.float32)
        for places, made in self.batches.run(windows, self._form):
            rows[places] = self._checked(made)
        return rows

    def _alone(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        try:
            with self._first(), torch.inference_mode():
                return self._form.alone(tokens)
        except torch.OutOfMemoryError:
            # What batches do about it, and say of it, holds for one text too.
            row: NDArray[np.float32] = self._rows(1, [[list(tokens)]])[0]
            return row

    def _finished(self, pooled: torch.Tensor) -> torch.Tensor:
        """Return unit rows, float32, cut to the dimension."""
        return torch.nn.functional.normalize(pooled[:, : self.dimension].float(), dim=-1)

    def _first(self) -> AbstractContextManager[object]:
        return torch.cuda.stream(self._urgent) if self._urgent else nullcontext()

    def _encoded(self, texts: Sequence[str]) -> list[list[int]]:
        found = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(cleaned(texts, self.max_tokens))]
        # A model without special tokens makes nothing of an empty text, and nothing can be pooled of it.
        return [ids or [0] for ids in found]

    def _checked(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        if not np.isfinite(rows).all():
            raise ModelError(f"{self.name} returned no numbers on {self.device}; its weights are damaged.")
        return rows
