"""A branch of thousands of files is switched to and back: how long until the index follows, and what it embeds.

The files are those of the installed packages; on the other branch every file has one more function. A stand-in gives
each text a vector at once, because what is measured is everything but the model.
"""

from __future__ import annotations

import sysconfig
import threading
import time
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.files import scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

DIMENSION = 384
TOPICS = 1_000


class StandIn:
    """Gives each text a fixed unit vector, and counts the texts."""

    name = "stand-in"
    identity = "stand-in"
    dimension = DIMENSION

    def __init__(self) -> None:
        """Begin at zero, with the topics that texts are about: no graph finds its way through pure noise."""
        self.embedded = 0
        self._topics = np.random.default_rng(0).standard_normal((TOPICS, DIMENSION))

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row for each text."""
        self.embedded += len(texts)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return one vector."""
        seed = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
        row = self._topics[seed % TOPICS] + 0.5 * np.random.default_rng(seed).standard_normal(DIMENSION)
        unit: NDArray[np.float32] = (row / np.linalg.norm(row)).astype(np.float32)
        return unit


def measure_checkout(count: int, folder: Path) -> dict[str, str]:
    """Index ``count`` files, switch to a branch that changes each of them, back, and there again."""
    root, home = folder / "root", Home(folder / "home")
    texts = dict(enumerate(_texts(count)))
    _write(root, texts, branch=False)
    embedder = StandIn()
    result = {"files": f"{len(texts):,}"}
    with CodeIndex(root, home, guard=threading.Lock()) as index:
        index.adopt(embedder)
        result["first index, by words"] = _followed(index)
        result["functions"] = f"{index.coverage().functions:,}"
        _embed(index)
        for name, branch in (
            ("switch to an unseen branch", True),
            ("switch back, warm", False),
            ("and there again, warm", True),
        ):
            _write(root, texts, branch=branch)
            before = embedder.embedded
            took = _followed(index)
            _embed(index)
            result[name] = f"{took}; {embedder.embedded - before:,} embedded"
    return result


def _texts(count: int) -> Iterator[bytes]:
    found = 0
    for top in (sysconfig.get_path("purelib"), sysconfig.get_path("stdlib"), np.__path__[0] + "/.."):
        for file in scan(Path(top).resolve()):
            if file.language == "python" and found < count:
                found += 1
                yield (Path(top) / file.path).read_bytes()


def _write(root: Path, texts: dict[int, bytes], *, branch: bool) -> None:
    for number, text in texts.items():
        path = root / f"package{number // 50}" / f"module{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        addition = f"\n\ndef only_on_the_branch_{number}():\n    return {number}\n".encode()
        path.write_bytes(text + addition if branch else text)


def _followed(index: CodeIndex) -> str:
    began, began_cpu = time.perf_counter(), time.process_time()
    for _ in index.scan():
        pass
    return f"{time.perf_counter() - began:.1f} s ({time.process_time() - began_cpu:.1f} s cpu of the writer)"


def _embed(index: CodeIndex) -> None:
    while index.embed():
        pass
    index.save()
