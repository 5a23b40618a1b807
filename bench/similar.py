"""How well functions like a given one are found, by the share that words have: sets `index/resemblance.LEXICAL_SHARE`.

    python -m bench.similar FOLDER HOME

Asked about: functions whose name 2 to 4 files of FOLDER define; right: those of that name in other files, which were
written for the same purpose. Copies are the easy half; the second line leaves them out.
"""

from __future__ import annotations

import random
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import mean, quantiles
from typing import TYPE_CHECKING
from unittest import mock

from funcseek.index import resemblance
from funcseek.index.code_index import CodeIndex
from funcseek.index.home import Home
from funcseek.index.positions import Bytes
from funcseek.index.similar import InFile, SimilarQuery, similar
from funcseek.server.models import load_model
from funcseek.server.places import Places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funcseek.index.reader import Reader

SAMPLE = 400
SHARES = (0.0, 0.1, 0.2, 0.3, 0.5, 1.0)
SEED = 6


def main() -> None:
    """Print hit@1, hit@5 and MRR@10 for each share, with and without copies, and the time an answer takes."""
    folder, cache = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    loaded = load_model(Places(cache, cache / "run", cache))
    with CodeIndex(folder, Home(cache)) as index:
        index.adopt(loaded.embedder)
        reader = index.reader()
        files: dict[str, set[str]] = defaultdict(set)
        rows = reader.words().catalogue.rows(
            "SELECT name, CAST(path AS TEXT), start FROM function JOIN file ON file.id = function.file"
            " WHERE end_line - start_line >= 5 AND name NOT LIKE '\\_\\_%' ESCAPE '\\'"
        )
        for name, path, _ in rows:
            files[name].add(path)
        asked = [row for row in rows if 2 <= len(files[row[0]]) <= 4]
        chosen = random.Random(SEED).sample(asked, min(SAMPLE, len(asked)))
        for share in SHARES:
            with mock.patch.object(resemblance, "LEXICAL_SHARE", share):
                _report(reader, chosen, share)
        reader.close()


def _report(reader: Reader, chosen: Sequence[tuple[str, str, int]], share: float) -> None:
    ranks: list[int] = []
    related: list[int] = []
    seconds: list[float] = []
    for name, path, start in chosen:
        began = time.perf_counter()
        answer = similar([(reader, "")], SimilarQuery(InFile(reader, path, Bytes(start, start)), limit=50)).answer
        seconds.append(time.perf_counter() - began)
        ranks.append(_rank([hit.function.name == name and hit.path != path for hit in answer.hits]))
        others = [hit for hit in answer.hits if hit.likeness == "related"]
        if any(hit.function.name == name and hit.path != path for hit in others):
            related.append(_rank([hit.function.name == name and hit.path != path for hit in others]))
    for label, found in (("all", ranks), ("not copies", related)):
        hits = [mean(0 < rank <= cut for rank in found) for cut in (1, 5)]
        mrr = mean(1 / rank if 0 < rank <= 10 else 0.0 for rank in found)
        print(
            f"share {share:.1f}  {label:10} n={len(found):3}  hit@1 {hits[0]:.3f}  hit@5 {hits[1]:.3f}  MRR {mrr:.3f}"
        )
    times = quantiles(seconds, n=100)
    print(f"           p50 {1000 * times[49]:.1f} ms  p99 {1000 * times[98]:.1f} ms", flush=True)


def _rank(right: list[bool]) -> int:
    return right.index(True) + 1 if True in right else 0


if __name__ == "__main__":
    main()
