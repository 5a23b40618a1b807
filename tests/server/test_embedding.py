"""When a root's worker asks a model again that could not embed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.errors import ModelAway
from funcseek.server.embedding import RETRY_SECONDS, Embedding
from funcseek.server.throttle import Questions
from tests.doubles import HashingEmbedder, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


class Away(HashingEmbedder):
    """A model on a server that is not there."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise ModelAway(f"{len(texts)} texts find nobody.")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[CodeIndex]:
    root = lay_out(tmp_path / "root", "--- a.py\ndef one():\n    return 1\n")
    with CodeIndex(root, Home(tmp_path / "home")) as opened:
        opened.adopt(Away())
        for _ in opened.scan():
            pass
        yield opened


def test_model_that_is_away_is_left_alone_for_a_while(index: CodeIndex) -> None:
    embedding = Embedding(Questions(), rest=lambda _: None)
    assert not embedding.step(index)
    assert embedding.problem == "1 texts find nobody."
    assert 0 < embedding.seconds_left() <= RETRY_SECONDS


def test_root_that_is_paused_waits_for_no_retry(index: CodeIndex) -> None:
    embedding = Embedding(Questions(), rest=lambda _: None)
    embedding.step(index)
    embedding.stop()
    assert embedding.problem is None
    assert embedding.seconds_left() == math.inf
