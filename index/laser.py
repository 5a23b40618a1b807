"""LASER 2, a multilingual encoder of sentences, through nano-laser. The only importer of it.

Its makers' own package, laser_encoders, needs fairseq, which fails to import on every Python that we run on. This one
gives the same vectors of the same files without it. Its weights are published as a pickle only, which torch reads as
tensors and nothing else. Downloads only what `obtained` is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest, sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nano_laser import LaserTokenizer, SentenceEncoder
    from numpy.typing import NDArray

NAME = "laser2"
WEIGHTS, PIECES = "laser2.pt", "laser2.spm"
MAX_TOKENS = 512
# The text of 512 tokens is rarely longer than 2,400 characters; the tokenizer would read a megabyte to its end.
MAX_CHARACTERS = 16_384
BATCH_TOKENS = 4_096
_CLOSING, _UNKNOWN = 2, 3


def cache() -> Path:
    """Return where both packages keep what they download."""
    return Path("~/.cache/laser_encoders").expanduser()


def is_laser(folder: Path) -> bool:
    """Say whether a folder holds the two files of LASER 2; imports nothing."""
    return (folder / WEIGHTS).is_file() and (folder / PIECES).is_file()


def check_library() -> None:
    """Raise ModelError where the extra that LASER needs is not installed; imports nothing."""
    if find_spec("nano_laser") is None:
        raise ModelError('LASER 2 needs nano-laser; install it: pip install "funcseek[laser]".')


def obtained(folder: Path) -> Path:
    """Return a folder with LASER 2, downloaded from its makers where it is not there.

    Its published hashes are not known, so nothing is compared. Raises ModelError.
    """
    check_library()
    from nano_laser.download_models import LaserModelDownloader

    try:
        folder.mkdir(parents=True, exist_ok=True)
        LaserModelDownloader(str(folder)).download_laser2()
    except OSError as error:
        raise ModelError(
            f"LASER 2 could not be downloaded ({type(error).__name__}); check the network, or name a folder that holds "
            f"{WEIGHTS} and {PIECES}."
        ) from error
    return folder


def load(folder: Path, *, device: str | None = None, max_tokens: int | None = None) -> LaserEncoder:
    """Load LASER 2 from its two files, on a GPU where there is one; raises ModelError."""
    check_library()
    from nano_laser import LaserTokenizer, SentenceEncoder

    try:
        tokenizer = LaserTokenizer(folder / PIECES)
        network = SentenceEncoder(
            folder / WEIGHTS, max_tokens=BATCH_TOKENS, cpu=device is not None and not device.startswith("cuda")
        )
    except Exception as error:
        # torch and sentencepiece raise bare Exception subclasses of their own.
        raise ModelError(
            f"LASER 2 in {folder} cannot be loaded ({type(error).__name__}); download it again."
        ) from error
    limit = max_tokens or MAX_TOKENS
    words = {number: piece for piece, number in network.dictionary.items()}
    return LaserEncoder(NAME, _identity(folder, limit), network.encoder.output_units, limit, words, tokenizer, network)


def _identity(folder: Path, max_tokens: int) -> str:
    digest = sha256(f"{NAME} {max_tokens}".encode())
    for name in (WEIGHTS, PIECES):
        with (folder / name).open("rb") as file:
            digest.update(file_digest(file, "sha256").digest())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class LaserEncoder:
    """LASER 2 on one device. It reads questions and passages alike; ``words`` are the pieces by their ids."""

    name: str
    identity: str
    dimension: int
    max_tokens: int
    words: dict[int, str]
    tokenizer: LaserTokenizer
    network: SentenceEncoder

    @property
    def device(self) -> str:
        """Where it runs."""
        return "cuda" if self.network.use_cuda else "cpu"

    @property
    def vocabulary_size(self) -> int:
        """Every id of a token is below it."""
        return len(self.words)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows of shape ``(len(texts), dimension)``; what lies beyond ``max_tokens`` is not read."""
        return self.embed_tokens(self.passage_tokens(texts))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return one unit vector of shape ``(dimension,)``."""
        vector: NDArray[np.float32] = self.embed_passages([text])[0]
        return vector

    def passage_tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text."""
        return [self.query_tokens(text) for text in texts]

    def query_tokens(self, text: str) -> list[int]:
        """Return the ids of one text, with the one that closes it."""
        clean = text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
        pieces = self.tokenizer.tokenize(clean).split()[: self.max_tokens - 1]
        return [self.network.dictionary.get(piece, _UNKNOWN) for piece in pieces] + [_CLOSING]

    def embed_tokens(self, tokens: Sequence[list[int]]) -> NDArray[np.float32]:
        """Return unit rows of shape ``(len(tokens), dimension)``; raises ModelError where they are no numbers."""
        if not tokens:
            return np.empty((0, self.dimension), np.float32)
        # It takes pieces, and closes each text itself.
        texts = [" ".join(self.words[number] for number in ids[:-1]) for ids in tokens]
        rows = self.network.encode_sentences(texts)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or not norms.all():
            raise ModelError(f"{self.name} returned no numbers on {self.device}; its weights are damaged.")
        unit: NDArray[np.float32] = (rows / norms).astype(np.float32)
        return unit
