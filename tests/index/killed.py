"""The program that is killed: changes a root, indexes it, and acknowledges each change once its commit has returned.

Everything heavy is loaded once, by a nursery that forks an indexer for each seed it reads; both speak on one pipe.
"""

from __future__ import annotations

import functools
import json
import os
import random
import re
import sys
import traceback
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from funcseek.index import upkeep
from funcseek.index.code_index import CodeIndex, Home
from tests.doubles import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

FILES = 12
FUNCTIONS = 900
MOST_FUNCTIONS_A_FILE = 40
DIMENSION = 128
# Small enough that graphs are published every few changes and rebuilt in every round.
EXACT_LABELS = 60
CHANGES_PER_GENERATION = 60
WORDS = tuple(
    f"{first}{last}" for first in ("ba", "do", "ke", "li", "mu", "ro", "sa") for last in "bcdfghjklmnprstvwxz"
)


def described(number: int) -> str:
    """Return the words that only this function has together."""
    return " ".join(random.Random(number).sample(WORDS, 7))


def file_name(number: int) -> str:
    return f"file{number}.py"


def source(numbers: Iterable[int]) -> str:
    return "".join(f'def f{number}():\n    "{described(number)}"\n    return {number}\n\n' for number in numbers)


def names_on_disk(root: Path) -> dict[str, list[str]]:
    """Return the names of the functions in each file of a root, in their order."""
    return {path.name: re.findall(r"^def (\w+)", path.read_text(), re.MULTILINE) for path in root.glob("*.py")}


def passage_key(passage: str) -> str:
    return blake2b(passage.encode(), digest_size=8).hexdigest()


class WordEmbedder(HashingEmbedder):
    """The sum of a random vector for each word: hardly ever are two texts equally near, so that answers are exact."""

    def __init__(self) -> None:
        super().__init__(dimension=DIMENSION)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector = np.sum([direction(word) for word in ("", *re.findall("[a-z]+|[0-9]+", text.lower()))], axis=0)
        unit: NDArray[np.float32] = (vector / np.linalg.norm(vector)).astype(np.float32)
        return unit


@functools.cache
def direction(word: str) -> NDArray[np.float64]:
    return np.random.default_rng(list(word.encode())).standard_normal(DIMENSION)


def fill(index: CodeIndex) -> WordEmbedder:
    """Bring an index up to date and save its graph."""
    embedder = WordEmbedder()
    index.adopt(embedder)
    for _ in index.scan():
        pass
    while index.embed():
        pass
    index.save()
    return embedder


def tell(**what: object) -> None:
    """Write one line at once: shorter than a pipe takes as a whole, so that a kill cuts none in two."""
    os.write(1, json.dumps(what, separators=(",", ":")).encode() + b"\n")


class Tree:
    """A root that somebody works on."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root = root
        self.chance = chance
        self.past = [self._numbers()]

    def _numbers(self) -> list[int]:
        return self.chance.sample(range(FUNCTIONS), self.chance.randrange(1, MOST_FUNCTIONS_A_FILE))

    def change(self) -> list[str]:
        """Write, undo, rename or delete and return the paths that were touched."""
        kind = self.chance.random()
        if kind < 0.1:
            path = self._name()
            (self.root / path).unlink(missing_ok=True)
            return [path]
        if kind < 0.2 and (known := sorted(self.root.glob("*.py"))):
            old, new = self.chance.choice(known).name, self._name()
            (self.root / old).replace(self.root / new)
            return [old, new]
        return [self._write() for _ in range(1 if kind < 0.8 else 3)]

    def _write(self) -> str:
        path = self._name()
        numbers = self.chance.choice(self.past) if self.chance.random() < 0.3 else self._numbers()
        self.past.append(numbers)
        # As editors save: a kill leaves no half of a file.
        unfinished = self.root / "unfinished"
        unfinished.write_text(source(numbers))
        unfinished.replace(self.root / path)
        return path

    def _name(self) -> str:
        return file_name(self.chance.randrange(FILES))


def index_until_killed(root: Path, home: Home, seed: int) -> None:
    """Bring a root up to date, then change it and follow, without an end."""
    chance = random.Random(seed)
    tree = Tree(root, chance)
    embedder = WordEmbedder()
    with CodeIndex(root, home, exact_labels=EXACT_LABELS) as index:
        index.adopt(embedder)
        tell(opened=seed)
        for _ in index.scan():
            pass
        acknowledge_files(root, map(file_name, range(FILES)))
        while True:
            touched = tree.change()
            for _ in index.update(touched):
                pass
            acknowledge_files(root, touched)
            if chance.random() < 0.6:
                embed(index, embedder, batch=chance.choice((5, 32)))
            if chance.random() < 0.3:
                index.save()
                tell(saved=len(list(home.graphs_of(root).glob("*"))))


def acknowledge_files(root: Path, paths: Iterable[str]) -> None:
    names = names_on_disk(root)
    tell(files={path: names.get(path) for path in paths})


def embed(index: CodeIndex, embedder: WordEmbedder, *, batch: int) -> None:
    while index.embed(batch):
        tell(embedded=[passage_key(text) for text in embedder.embedded])
        embedder.embedded.clear()


def nursery(arguments: Sequence[str]) -> None:
    """Fork an indexer for each seed on standard input; tell its process, and in the end what ended it."""
    root, home = Path(arguments[0]), Home(Path(arguments[1]))
    upkeep.CHANGES_PER_GENERATION = CHANGES_PER_GENERATION
    upkeep.SHARE_PER_GENERATION = 0.0
    for line in sys.stdin:
        process = os.fork()
        if not process:
            try:
                index_until_killed(root, home, int(line))
            finally:
                traceback.print_exc()
                os._exit(1)
        tell(process=process)
        tell(ended=os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
