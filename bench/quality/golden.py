"""``python -m bench.quality.golden [--write]``: how well the embedded default answers on a few small packages.

Prints the page ``tests/quality/golden.md``, or writes it. Every change of ranking shows there as a difference. Both
splits are asked: the page guards what is there, and fits and reports nothing.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .corpora import cache_folder
from .measures import mean_of
from .questions import NONSENSE
from .runs import run_system
from .sets import KINDS, Wanted, built_in
from .systems import system_named
from .tables import by_language, kinds_of, scores, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .questions import Question
    from .runs import Run

PAGE = Path(__file__).parents[2] / "tests" / "quality" / "golden.md"
# Eight languages in 3,900 functions. Half are from PyPI and npm, which keep every version; Debian's mirrors do not.
CORPORA = (
    "capacitor-ios", "guzzle-psr7", "hiredis", "lodash-es", "more-itertools", "nokogiri", "query-core", "rear",
)  # fmt: skip
SYSTEM = "hybrid:default"
# Points that a figure may drop. Where three questions weigh more, three may be lost: processors multiply bytes in
# different ways, and those without VNNI saturate.
MARGIN = 0.02
MARGIN_QUESTIONS = 3
_HEAD = ("HitRate@1", "HitRate@5", "MRR@10", "n")
_ROW = re.compile(r"\| ([\w-]+) +\| +([\d.]+) \| +([\d.]+) \| +([\d.]+) \| +(\d+) \|")
_INTRODUCTION = f"""# How well the embedded default answers

`{SYSTEM}` on the questions about {", ".join(CORPORA)}.
Languages count the questions that describe a function.
Written by `python -m bench.quality.golden --write` or `make quality UPDATE=--update`.
`tests/quality/test_golden.py` fails when a figure drops by more than {100 * MARGIN:g} points
and by more than {MARGIN_QUESTIONS} questions.
"""


class Figures(NamedTuple):
    """One row of the page."""

    hit_at_1: float
    hit_at_5: float
    mrr_at_10: float
    questions: int


def measured(cache: Path) -> tuple[str, list[str]]:
    """Return the page as it would be now, and a sentence for each corpus that cannot be had."""
    kinds = tuple(kind for kind in KINDS if kind != NONSENSE)
    cases, missing = built_in(Wanted(kinds, "", CORPORA), cache)
    run = run_system(system_named(SYSTEM, cache), cases)
    return page([case.question for case in cases], run), missing


def page(questions: list[Question], run: Run) -> str:
    """Return the page of one system's answers."""
    kinds = [(kind, [one for one in questions if one.kind == kind]) for kind in kinds_of(questions)]
    languages = by_language(questions).items()
    parts = [_INTRODUCTION, *_rows("kind", kinds, run), "", *_rows("language", languages, run)]
    return "\n".join(parts) + "\n"


def _rows(what: str, groups: Iterable[tuple[str, list[Question]]], run: Run) -> list[str]:
    rows = []
    for name, asked in groups:
        mean = mean_of(scores(asked, run))
        figures = (f"{value:.3f}" for value in (mean.hit_at_1, mean.hit_at_5, mean.mrr_at_10))
        rows.append((name, *figures, str(len(asked))))
    return table((what, *_HEAD), rows)


def figures_of(text: str) -> dict[str, Figures]:
    """Return the rows of a page by their names."""
    return {
        found[1]: Figures(float(found[2]), float(found[3]), float(found[4]), int(found[5]))
        for found in map(_ROW.fullmatch, text.splitlines())
        if found
    }


def drops(committed: str, present: str) -> Iterator[str]:
    """Yield a sentence for each figure of a page that has dropped by more than the margin.

    Rows over different numbers of questions are not compared: a corpus was not to be had, or the questions changed.
    """
    now = figures_of(present)
    for name, was in figures_of(committed).items():
        found = now.get(name)
        if found is None or found.questions != was.questions:
            continue
        allowed = max(MARGIN, MARGIN_QUESTIONS / was.questions) + 0.0005
        for what, before, after in zip(_HEAD, was[:3], found[:3], strict=False):
            if before - after > allowed:
                yield f"{what} of {name} dropped from {before:.3f} to {after:.3f}."


def differing_rows(committed: str, present: str) -> list[str]:
    """Return the names of rows that cannot be compared."""
    now = figures_of(present)
    return [
        name for name, was in figures_of(committed).items() if name not in now or now[name].questions != was.questions
    ]


def main() -> int:
    """Measure, and print or write the page; 1 where a corpus cannot be had."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write tests/quality/golden.md instead of printing it")
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="where sources are kept (%(default)s)")
    options = parser.parse_args()
    text, missing = measured(options.cache)
    print("\n".join(missing), end="\n" if missing else "", file=sys.stderr)
    if missing:
        return 1
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
