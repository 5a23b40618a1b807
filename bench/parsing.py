"""``python -m bench.parsing [--write]``: how exact and how fast extraction is, language by language, as Markdown.

Exactness is measured against compilers' own parsers and against lists read by hand, see ``tests/oracles``; speed over
the same source. Throughput through the workers is compared with tree-sitter's bare parse and query, one process for
each core, on the same files in turns. With ``--write`` the table goes into the README's language section.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from funcseek.parsers import LANGUAGES, language_for
from tests.oracles.audit import audits, compare_audit
from tests.oracles.comparison import compare
from tests.oracles.registry import oracles

from .throughput import Throughput, measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.oracles.comparison import Comparison

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- languages: from bench.parsing -->", "<!-- end of languages -->"
# Enough source for a steady rate in a few seconds.
CORPUS_BYTES = 1_500_000
STARTS = 5
HEADINGS = (
    "language", "held against", "functions", "recall", "precision", "ends", "docs", "start", "MB/s",
    "of bare tree-sitter",
)  # fmt: skip
_START = """
import sys, time
from funcseek.parsers import extract, language_named
begin = time.perf_counter()
extract(b"", language_named(sys.argv[1]))
print(time.perf_counter() - begin)
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured for one language; None where there is nothing to compare with."""

    language: str
    against: str
    seen: Comparison | None
    start_seconds: float
    speed: Throughput | None


def main() -> None:
    """Measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="put the table into the README")
    parser.add_argument("languages", nargs="*", help="only these")
    chosen = parser.parse_args()
    names = chosen.languages or [language.name for language in LANGUAGES if not language.host]
    table = "\n".join(rendered([measured(name) for name in names]))
    print(table)
    if chosen.write:
        text = README.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        README.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def measured(name: str) -> Row:
    """Measure one language."""
    print(f"{name} …", file=sys.stderr, flush=True)
    oracle = oracles().get(name)
    if oracle is not None:
        paths = oracle.paths()
        return Row(name, oracle.judge, compare(oracle), start_seconds(name), speed_of(name, paths))
    audit = audits().get(name)
    if audit is not None and (seen := compare_audit(audit)) is not None:
        return Row(name, "read by hand", seen, start_seconds(name), speed_of(name, audit.sources()))
    return Row(name, "", None, start_seconds(name), None)


def start_seconds(name: str) -> float:
    """Return how long the first file of a language takes in a fresh process, the median of some."""
    command = [sys.executable, "-c", _START, name]
    return statistics.median(float(subprocess.check_output(command, text=True)) for _ in range(STARTS))


def speed_of(name: str, paths: Iterable[Path]) -> Throughput | None:
    """Measure throughput over copies of some source files of one language."""
    with tempfile.TemporaryDirectory(prefix="fs-bench-") as scratch:
        for number, path in enumerate(_some(name, paths)):
            shutil.copyfile(path, Path(scratch) / f"{number}{path.suffix}")
        return measure(Path(scratch))


def _some(name: str, paths: Iterable[Path]) -> Iterator[Path]:
    left = CORPUS_BYTES
    for path in paths:
        language = language_for(path.name)
        if language is not None and language.name == name and left > 0:
            left -= path.stat().st_size
            yield path


def rendered(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield f"| {' | '.join(HEADINGS)} |"
    yield f"|---|---|{'--:|' * (len(HEADINGS) - 2)}"
    for row in rows:
        cells = [row.language, row.against or "its sample", *_exactness(row.seen), f"{1000 * row.start_seconds:.0f} ms"]
        speed = row.speed
        cells += [f"{speed.megabytes_per_second:.1f}", f"{100 * speed.share:.0f} %"] if speed else ["", ""]
        yield f"| {' | '.join(cells)} |"


def _exactness(seen: Comparison | None) -> list[str]:
    if seen is None:
        return [""] * 5
    ends = f"{seen.exact_ends:.4f}" if seen.ends else ""
    docs = f"{seen.exact_docs:.4f}" if seen.docs else ""
    return [f"{seen.known:,}", f"{seen.recall:.4f}", f"{seen.precision:.4f}", ends, docs]


if __name__ == "__main__":
    main()
