"""Vectors like those of real code, at any size: bootstrapped from a few thousand real embeddings.

The base is the standard library embedded with the installed MiniLM. A new vector is a base vector plus a step along the
difference of two of its neighbours plus noise of the base's own spectrum; large topics stay large, and every seventh is
a near-duplicate. (Local intrinsic dimension 13.1 against 12.8 of the base.) Longer dimensions are the same mapped up,
with noise. Half of the queries are first lines of documentation, which lie apart from all passages; half are new
vectors of the same kind as the indexed ones.
Without an installed model the base is clustered noise, and the table says so.
"""

from __future__ import annotations

import ast
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from funcseek.index.entries import texts_of
from funcseek.index.errors import ModelMissing
from funcseek.parsers import extract, language_named
from funcseek.server.models import load_model
from funcseek.server.places import places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

BASE = 2_500
QUERIES = 200
NEIGHBOURS = 30
NEAR_DUPLICATES = 0.15
ROWS_PER_STEP = 20_000
_PASSED_OVER = {"site-packages", "dist-packages", "test", "tests"}


@dataclass(frozen=True, slots=True)
class Base:
    """Real vectors of passages and of documentation lines; ``origin`` says where they come from."""

    passages: NDArray[np.float32]
    questions: NDArray[np.float32]
    origin: str


def base() -> Base:
    """Embed the base set, some 30 s on two cores; clustered noise where no model is installed."""
    try:
        model = load_model(places()).embedder
    except ModelMissing:
        return _clustered()
    texts = list(standard_library())
    chosen = [texts[place] for place in np.random.default_rng(0).permutation(len(texts))[:BASE]]
    lines = first_lines(texts)[-QUERIES:]
    rows = model.embed_passages([text for _, text in chosen])
    return Base(
        rows, np.stack([model.embed_query(line) for line in lines]), f"bootstrapped from {BASE} of {model.name}"
    )


def first_lines(texts: Iterable[tuple[str, str]]) -> list[str]:
    """Return the first line of each documentation that says something, of pairs as `standard_library` yields them."""
    return [documentation.strip().partition("\n")[0] for documentation, _ in texts if len(documentation) > 30]


def standard_library(*, is_whole: bool = False) -> Iterator[tuple[str, str]]:
    """Yield documentation and passage of every function at the top of the standard library, or in all but its tests."""
    python = language_named("python")
    assert python is not None
    folder = Path(sysconfig.get_path("stdlib"))
    for path in sorted(folder.rglob("*.py") if is_whole else folder.glob("*.py")):
        if _PASSED_OVER.intersection(path.relative_to(folder).parts):
            continue
        source = path.read_bytes()
        try:
            ast.parse(source)
        except SyntaxError:
            continue
        extraction = extract(source, python)
        for function, text in zip(extraction.functions, texts_of(extraction, path.name), strict=True):
            yield function.doc, text.passage


def _clustered() -> Base:
    chance = np.random.default_rng(0)
    centres = chance.standard_normal((200, 384))
    rows = centres[chance.integers(0, 200, BASE + QUERIES)] + 0.8 * chance.standard_normal((BASE + QUERIES, 384))
    unit = _unit(rows.astype(np.float32))
    return Base(unit[:BASE], unit[BASE:], "clustered noise (no model is installed)")


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def vectors(base: Base, count: int, dimension: int, *, seed: int = 1) -> NDArray[np.float32]:
    """Return unit rows of shape ``(count, dimension)``, rounded to float16 as they are stored."""
    chance = np.random.default_rng(seed)
    real = base.passages
    near = np.argsort(-(real @ real.T), axis=1)[:, 1 : NEIGHBOURS + 1]
    _, singular, axes = np.linalg.svd(real - real.mean(0), full_matrices=False)
    spectrum = singular / np.sqrt(len(real))
    weight = 1 / np.sqrt(1 + np.random.default_rng(7).permutation(len(real)))
    rows = np.empty((count, dimension), np.float32)
    for start in range(0, count, ROWS_PER_STEP):
        size = min(ROWS_PER_STEP, count - start)
        at = chance.choice(len(real), size, p=weight / weight.sum())
        one, other = (near[at, chance.integers(0, NEIGHBOURS, size)] for _ in range(2))
        scale = np.where(chance.random((size, 1)) < NEAR_DUPLICATES, 0.25, 1.0)
        step = (real[one] - real[other]) * chance.random((size, 1))
        noise = 0.5 * (chance.standard_normal((size, len(spectrum))) * spectrum) @ axes
        part = _mapped_up(real[at] + scale * (step + noise), dimension)
        part += (
            _noise(chance, size, dimension, 0.15 * float(np.linalg.norm(spectrum)))
            if dimension > real.shape[1]
            else 0.0
        )
        rows[start : start + size] = _unit(part)
    return rows.astype(np.float16).astype(np.float32)


def _mapped_up(rows: NDArray[np.float32], dimension: int) -> NDArray[np.float32]:
    """Turn rows into a longer dimension; lengths and angles stay."""
    if dimension == rows.shape[1]:
        return rows
    turn = np.linalg.qr(np.random.default_rng(3).standard_normal((dimension, rows.shape[1])))[0].T
    mapped: NDArray[np.float32] = rows @ turn
    return mapped


def _noise(chance: np.random.Generator, count: int, dimension: int, length: float) -> NDArray[np.float64]:
    noise: NDArray[np.float64] = chance.standard_normal((count, dimension)) * (length / np.sqrt(dimension))
    return noise


def queries(base: Base, dimension: int) -> NDArray[np.float32]:
    """Return unit queries, half questions, half vectors like the indexed ones."""
    asked = _unit(_mapped_up(base.questions, dimension).astype(np.float32))
    return np.vstack([asked, vectors(base, len(asked), dimension, seed=9)]).astype(np.float32)
