"""``funcseek functions``: lists what the parsers find, without an index, and why a file gave nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..index.extraction import Job
from ..index.files import FoundFile, examine, scan
from ..index.workers import Pool
from .display import escaped, listed
from .protocol import FunctionsJson, SkippedJson, shown
from .results import function_json
from .roots import locate

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from ..index.extraction import Outcome

FOUND, NOT_FOUND = 0, 1


def run(chosen: argparse.Namespace) -> int:
    """Run the command; returns 0 where there is a function, 1 where there is none."""
    found = FunctionsJson(functions=[], skipped=[])
    for root, parts in _by_root(chosen.paths).items():
        jobs, skipped = _jobs(root, parts)
        found["skipped"] += skipped
        for outcome in _extracted(root, jobs):
            path = outcome.job.file.path
            found["functions"] += [function_json(function, path) for function in outcome.functions or ()]
            if outcome.problem:
                found["skipped"].append(SkippedJson(path=shown(path), reason=outcome.problem))
    if chosen.json:
        print(json.dumps(found, indent=2))
    else:
        _print(found)
    return FOUND if found["functions"] else NOT_FOUND


def _by_root(paths: Sequence[str]) -> dict[Path, list[str]]:
    grouped: dict[Path, list[str]] = {}
    for path in paths:
        root, below = locate(str(Path(path).absolute()))
        grouped.setdefault(root, []).append(below)
    return grouped


def _jobs(root: Path, parts: Sequence[str]) -> tuple[list[Job], list[SkippedJson]]:
    """Return the files below some paths of a root, and the paths that hold none for a reason of their own."""
    whole = [part for part in parts if (root / part).is_dir()]
    files = [file for file in scan(root) if any(_is_below(file.path, part) for part in whole)] if whole else []
    skipped = []
    for part in parts:
        found = None if part in whole else examine(root, part)
        if isinstance(found, FoundFile):
            files.append(found)
        elif found:
            skipped.append(SkippedJson(path=shown(part), reason=found))
    unique = {file.path: file for file in files}
    return [Job(file, wants_texts=False) for file in unique.values()], skipped


def _is_below(path: str, part: str) -> bool:
    return not part or path == part or path.startswith(f"{part}/")


def _extracted(root: Path, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """Yield the outcomes in the order of paths."""
    pool = Pool(root)
    try:
        yield from sorted(pool.run(jobs), key=lambda outcome: outcome.job.file.path)
    finally:
        pool.close()


def _print(found: FunctionsJson) -> None:
    for function in found["functions"]:
        for line in listed(function):
            print(line)
    for skipped in found["skipped"]:
        print(f"funcseek: {escaped(skipped['path'])} {escaped(skipped['reason'])}.", file=sys.stderr)
