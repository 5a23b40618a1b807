"""``python -m bench.quality``: any systems on any labelled questions, as tables, a file of all answers and a picture.

Systems: bm25, dense:MODEL, hybrid:MODEL, plain:MODEL, endpoint:URL#MODEL, rerank:MODEL, command:TEMPLATE, ripgrep,
ctags, semble; MODEL is "default" (of a reranker "qwen3"), a folder, one of the hub or URL#MODEL.
The first is the one that the others are compared with.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from .corpora import cache_folder
from .loaders import load
from .questions import SPLITS
from .runs import run_all
from .sets import KINDS, Wanted, built_in, from_file
from .tables import as_values, report

if TYPE_CHECKING:
    from .sets import Case

SYSTEMS = ("hybrid:default", "dense:default", "bm25", "plain:default")


def main(arguments: list[str] | None = None) -> int:
    """Ask, and print the tables; 1 where nothing could be asked, 2 for options that mean nothing."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.plot and not find_spec("matplotlib"):
        parser.error('--plot needs matplotlib: pip install "funcseek[bench]".')
    try:
        cases, missing = _cases(options)
    except ValueError as wrong:
        parser.error(str(wrong))
    questions = [case.question for case in cases]
    runs, absent = run_all(options.system or SYSTEMS, cases, options.cache) if cases else ([], [])
    print("\n".join([*missing, *absent]), file=sys.stderr)
    if not runs:
        print("There was nothing to ask, or nobody to be asked.", file=sys.stderr)
        return 1
    print("\n".join(report(questions, runs)))
    if options.json:
        values = as_values(questions, runs) | {"left out": [*missing, *absent]}
        options.json.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    if options.plot:
        from .plot import draw

        draw(questions, runs, options.plot)
    return 0


def _cases(options: argparse.Namespace) -> tuple[list[Case], list[str]]:
    """Return what is asked: what the user brings, and the built-in sets unless only that is wanted."""
    cases: list[Case] = []
    missing: list[str] = []
    for file in options.questions:
        found, left_out = from_file(file, options.cache)
        cases, missing = cases + found, missing + left_out
    for argument in options.load:
        cases += load(argument, options.cache)
    if options.sets or not (options.questions or options.load):
        split = "" if options.split == "all" else options.split
        wanted = Wanted(_listed(options.sets) or KINDS, split, _listed(options.corpora))
        found, left_out = built_in(wanted, options.cache)
        cases, missing = cases + found, missing + left_out
    return cases, missing


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m bench.quality", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--system", action="append", metavar="NAME", help=f"may be given several times (default: {', '.join(SYSTEMS)})")
    add("--sets", default="", metavar="A,B", help=f"built-in sets (default: {','.join(KINDS)})")
    add("--split", choices=(*SPLITS, "all"), default="report", help="of the built-in sets (default: %(default)s)")
    add("--corpora", default="", metavar="A,B", help="packages of the table (default: all)")
    add("--questions", type=Path, action="append", default=[], metavar="FILE", help="labelled questions in JSON lines")
    add("--load", action="append", default=[], metavar="KIND:PATH", help="codesearchnet, cosqa, coir, repoqa or csv")
    add("--json", type=Path, metavar="FILE", help="write everything that was measured")
    add("--plot", type=Path, metavar="FILE.png", help="draw NDCG@10 against response time")
    add("--cache", type=Path, default=cache_folder(), help="where sources and indexes are kept (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
