"""LASER 2 with random weights, tiny, in a folder with the files of the published one. Made, never fetched."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import sentencepiece
import torch
from nano_laser.models import LaserLstmEncoder

from tests.index.model_texts import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

VOCABULARY = 300
WIDTH = 32
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


def make(folder: Path) -> Path:
    """Write a model, with layers that change what goes in, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces = _pieces()
    (folder / "laser2.spm").write_bytes(pieces)
    known = sentencepiece.SentencePieceProcessor(model_proto=pieces)
    words = [*_SPECIAL, *(known.id_to_piece(number) for number in range(3, known.get_piece_size()))]
    # The package's own pipeline looks for it, although LASER 2 keeps its words with its weights.
    (folder / "laser2.cvocab").write_text("".join(f"{word} 1\n" for word in words[len(_SPECIAL) :]))
    shape: dict[str, Any] = {
        "num_embeddings": len(words), "padding_idx": 1, "embed_dim": 24, "hidden_size": WIDTH // 2, "num_layers": 3,
        "bidirectional": True,
    }  # fmt: skip
    with torch.random.fork_rng():
        torch.manual_seed(7)
        network = LaserLstmEncoder(**shape)
    for values in network.lstm.parameters():
        values.data *= 4
    dictionary = {word: number for number, word in enumerate(words)}
    torch.save({"params": shape, "model": network.state_dict(), "dictionary": dictionary}, folder / "laser2.pt")
    return folder


def _pieces() -> bytes:
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(line for text in TEXTS for line in text.splitlines()), model_writer=written,
        vocab_size=VOCABULARY, hard_vocab_limit=False, minloglevel=2,
    )  # fmt: skip
    return written.getvalue()
