"""What was measured, as Markdown tables and as plain values for JSON. Pure.

Systems keep the order in which they were asked for; the first is the one that the others are compared with.
"""

from __future__ import annotations

from dataclasses import asdict, astuple
from typing import TYPE_CHECKING, Any

import numpy as np

from .measures import difference_of, mean_of, scores_of
from .questions import NONSENSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .measures import Scores
    from .questions import Question
    from .runs import Run

_HEAD = ("HitRate@1", "HitRate@5", "Recall@10", "MRR@10", "NDCG@10", "p50 ms", "p99 ms", "memory MB", "n")
_PERCENTILES = (50, 99)


def report(questions: Sequence[Question], runs: Sequence[Run]) -> Iterator[str]:
    """Yield the lines of all tables, and what readers must know of the systems."""
    for kind in kinds_of(questions):
        yield from ("", f"## {kind}", "")
        asked = [one for one in questions if one.kind == kind]
        if kind == NONSENSE:
            yield from nonsense_table(asked, runs)
            continue
        yield from quality_table(asked, runs)
        yield from ("", f"NDCG@10 against {runs[0].system}, paired bootstrap:", "") if len(runs) > 1 else ()
        yield from comparison_table(asked, runs)
    yield from ("", "## By language", "")
    yield from language_table([one for one in questions if one.kind != NONSENSE], runs)
    yield from ("", *dict.fromkeys(run.note for run in runs if run.note))


def kinds_of(questions: Iterable[Question]) -> list[str]:
    """Return the kinds in the order of their first questions, nonsense last."""
    kinds = list(dict.fromkeys(one.kind for one in questions))
    return sorted(kinds, key=lambda kind: kind == NONSENSE)


def scores(questions: Iterable[Question], run: Run) -> list[Scores]:
    """Return a system's scores of the questions, in their order."""
    return [scores_of(one, run.records[one.id].hits) for one in questions]


def quality_table(questions: Sequence[Question], runs: Sequence[Run]) -> list[str]:
    """Return a row for each system."""
    rows = []
    for run in runs:
        means = [f"{value:.3f}" for value in astuple(mean_of(scores(questions, run)))]
        times = [f"{value:.1f}" for value in milliseconds(questions, run)]
        memory = f"{run.memory / 1e6:.0f}" if run.memory else "-"
        rows.append((run.system, *means, *times, memory, str(len(questions))))
    return table(("system", *_HEAD), rows)


def milliseconds(questions: Iterable[Question], run: Run) -> tuple[float, float]:
    """Return the median and the 99th percentile of the response times."""
    taken = [1e3 * run.records[one.id].seconds for one in questions]
    median, high = np.percentile(taken, _PERCENTILES) if taken else (0.0, 0.0)
    return float(median), float(high)


def comparison_table(questions: Sequence[Question], runs: Sequence[Run]) -> list[str]:
    """Return a row for each system but the first."""
    if len(runs) < 2:
        return []
    rows = []
    first = [one.ndcg_at_10 for one in scores(questions, runs[0])]
    for run in runs[1:]:
        found = difference_of(first, [one.ndcg_at_10 for one in scores(questions, run)])
        interval = f"[{found.low:+.3f}, {found.high:+.3f}]"
        rows.append((run.system, f"{found.mean:+.3f}", interval, f"{found.p:.4f}"))
    return table(("system", "difference", "95 % interval", "p"), rows)


def nonsense_table(questions: Sequence[Question], runs: Sequence[Run]) -> list[str]:
    """Return how many questions that nothing answers each system answered all the same."""
    rows = []
    for run in runs:
        records = [run.records[one.id] for one in questions]
        answered = sum(bool(one.hits) and one.is_confident for one in records)
        rows.append((run.system, f"{answered / max(1, len(records)):.3f}", str(answered), str(len(records))))
    return table(("system", "share answered", "answered", "n"), rows)


def language_table(questions: Sequence[Question], runs: Sequence[Run]) -> list[str]:
    """Return a row for each language and system, over all kinds of questions that have answers."""
    rows = []
    for language in sorted({one.language for one in questions}):
        asked = [one for one in questions if one.language == language]
        for run in runs:
            mean = mean_of(scores(asked, run))
            figures = (f"{value:.3f}" for value in (mean.hit_at_1, mean.hit_at_5, mean.mrr_at_10))
            rows.append((language, run.system, *figures, str(len(asked))))
    return table(("language", "system", "HitRate@1", "HitRate@5", "MRR@10", "n"), rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table whose columns line up; the first column is text."""
    clean = [[cell.replace("|", "\\|") for cell in row] for row in (head, *rows)]
    widths = [max(len(row[place]) for row in clean) for place in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    first, *others = [
        [
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in clean
    ]
    return [f"| {' | '.join(row)} |" for row in (first, rule, *others)]


def as_values(questions: Sequence[Question], runs: Sequence[Run]) -> dict[str, Any]:
    """Return everything that was measured, each answer included, as values for JSON."""
    return {
        "questions": [asdict(one) for one in questions],
        "systems": [_values(questions, run) for run in runs],
        "differences": _differences(questions, runs),
    }


def _values(questions: Sequence[Question], run: Run) -> dict[str, Any]:
    kinds = {}
    for kind in kinds_of(questions):
        asked = [one for one in questions if one.kind == kind]
        median, high = milliseconds(asked, run)
        kinds[kind] = asdict(mean_of(scores(asked, run))) | {"p50_ms": median, "p99_ms": high, "n": len(asked)}
    answers = {name: asdict(record) for name, record in run.records.items()}
    return {"name": run.system, "note": run.note, "memory": run.memory, "kinds": kinds, "answers": answers}


def _differences(questions: Sequence[Question], runs: Sequence[Run]) -> list[dict[str, Any]]:
    found = []
    for kind in kinds_of(questions):
        asked = [one for one in questions if one.kind == kind != NONSENSE]
        first = [one.ndcg_at_10 for one in scores(asked, runs[0])] if runs and asked else []
        for run in runs[1:] if asked else ():
            difference = difference_of(first, [one.ndcg_at_10 for one in scores(asked, run)])
            found.append({"kind": kind, "first": runs[0].system, "second": run.system, **asdict(difference)})
    return found
