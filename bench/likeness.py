"""Which overlap tells copies from functions that are only related: sets the numbers of `index/likeness.py`.

    python -m bench.likeness FOLDER HOME

Reads Python source only; changes nothing. Copies are made: every parameter and local variable gets another name, and of
every third copy the name is changed too, one line is left out and another is added. Related functions are each
function's nearest by meaning, from the index of FOLDER in HOME.
"""

from __future__ import annotations

import ast
import random
import re
import sys
from pathlib import Path

import numpy as np

from funcseek.index.catalogue import open_catalogue
from funcseek.index.home import Home
from funcseek.index.likeness import LEAST_TOKENS, code_of, overlap
from funcseek.index.vector_cache import as_rows

SAMPLE = 1_500
NEIGHBOURS = 20
DIMENSION = 384
SEED = 6


def renamed(source: str, doc: str, *, is_edited: bool) -> tuple[str, str] | None:
    """Return a function with other variables, and its documentation; None where it has none or cannot be read alone."""
    try:
        (tree,) = ast.parse(source).body
    except (SyntaxError, ValueError):
        return None
    names = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names -= {"self", "cls"}
    if not names:
        return None
    for number, name in enumerate(sorted(names)):
        source, doc = (re.sub(rf"(?<![\w.]){name}\b", f"other{number}", text) for text in (source, doc))
    return (_edited(source), doc) if is_edited else (source, doc)


def _edited(source: str) -> str:
    lines = source.split("\n")
    lines[0] = re.sub(r"def (\w+)", "def elsewhere", lines[0])
    if len(lines) > 4:
        del lines[len(lines) // 2]
        lines.insert(len(lines) - 1, "        log.debug('done with %s', other0)")
    return "\n".join(lines)


def shares(values: list[float]) -> str:
    """Return how many of the values reach each step from 0.3 to 0.9."""
    return " ".join(f"{np.mean(np.array(values) >= step):8.4f}" for step in np.arange(0.3, 0.95, 0.05))


def main() -> None:
    """Print both distributions, and the related pairs with the most overlap to be looked at."""
    folder, home = Path(sys.argv[1]).resolve(), Home(Path(sys.argv[2]))
    catalogue = open_catalogue(home.catalogue_of(folder), home.vector_cache)
    rows = catalogue.rows(
        "SELECT CAST(path AS TEXT), qualified_name, start, end, doc, vector.value, name FROM function"
        " JOIN file ON file.id = function.file JOIN passage ON passage.label = function.label"
        " JOIN cache.vector ON vector.digest = passage.digest"
        " WHERE file.language = 'python' AND function.enclosing = ''"
    )
    texts = {path: (folder / path).read_bytes() for path in {row[0] for row in rows}}
    sources = [texts[path][start:end].decode("utf-8", "replace") for path, _, start, end, *_ in rows]
    codes = [code_of(source, row[4], name=row[6]) for source, row in zip(sources, rows, strict=True)]
    vectors = as_rows([row[5] for row in rows], DIMENSION)
    long = [place for place, code in enumerate(codes) if len(code.tokens) >= LEAST_TOKENS]
    chosen = random.Random(SEED).sample(long, min(SAMPLE, len(long)))
    copies: dict[bool, list[float]] = {False: [], True: []}
    for number, place in enumerate(chosen):
        if (copy := renamed(sources[place], rows[place][4], is_edited=number % 3 == 0)) is not None:
            copies[number % 3 == 0].append(
                overlap(codes[place], code_of(*copy, name="elsewhere" if number % 3 == 0 else rows[place][6]))
            )
    related = [
        (overlap(codes[place], codes[other]), place, int(other))
        for place in chosen
        for other in np.argsort(-(vectors @ vectors[place]))[: NEIGHBOURS + 1]
        if other != place and len(codes[other].tokens) >= LEAST_TOKENS
    ]
    print("          " + " ".join(f"{step:8.2f}" for step in np.arange(0.3, 0.95, 0.05)))
    print("renamed   " + shares(copies[False]))
    print("edited too" + shares(copies[True]))
    print("related   " + shares([value for value, *_ in related]))
    for value, place, other in sorted(related, reverse=True):
        print(f"{value:.3f} {rows[place][0]}:{rows[place][1]} {rows[other][0]}:{rows[other][1]}")


if __name__ == "__main__":
    main()
