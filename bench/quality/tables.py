"""What was measured, as Markdown tables and as plain values for JSON. Pure.

Systems keep the order in which they were asked for; the first is the one that the others are compared with.
"""

from __future__ import annotations

from dataclasses import asdict, astuple
from typing import TYPE_CHECKING, Any

import numpy as np

from .measures import difference_of, mean_of, scores_of
from .questions import NONSENSE
from .sets import DERIVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .measures import Difference, Scores
    from .questions import Question
    from .runs import Run

_HEAD = ("HitRate@1", "HitRate@5", "Recall@10", "MRR@10", "NDCG@10", "p50 ms", "p99 ms", "memory MB", "n")
_PERCENTILES = (50, 99)
# What the systems are compared by.
COMPARED = {"ndcg_at_10": "NDCG@10", "hit_at_5": "HitRate@5"}


def report(questions: Sequence[Question], runs: Sequence[Run]) -> Iterator[str]:
    """Yield the lines of all tables, and what readers must know of the systems."""
    for kind in kinds_of(questions):
        yield from ("", f"## {kind}", "")
        asked = [one for one in questions if one.kind == kind]
        if kind == NONSENSE:
            yield from nonsense_table(asked, runs)
            continue
        yield from quality_table(asked, runs)
        if len(runs) > 1:
            yield from ("", *comparison_table(asked, runs))
    if languages := by_language(questions):
        yield from (
            "",
            "## By language",
            "",
            "HitRate@1 / HitRate@5 / MRR@10 of questions that describe a function.",
            "",
        )
        yield from language_table([one for found in languages.values() for one in found], runs)
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
    """Return a row for each system but the first: how far it leads the first one, in two measures."""
    if len(runs) < 2:
        return []
    rows = []
    for run in runs[1:]:
        cells = [run.system]
        for found in differences(questions, runs[0], run).values():
            cells += [f"{found.mean:+.3f}", f"[{found.low:+.3f}, {found.high:+.3f}]", f"{found.p:.4f}"]
        rows.append(cells)
    head = [name for what in COMPARED.values() for name in (what, "95 % interval", "p")]
    return table((f"against {runs[0].system}", *head), rows)


def differences(questions: Sequence[Question], first: Run, second: Run) -> dict[str, Difference]:
    """Return how far the second system leads the first by the names of the measures that are compared."""
    both = [scores(questions, run) for run in (first, second)]
    return {name: difference_of(*([getattr(one, name) for one in found] for found in both)) for name in COMPARED}


def nonsense_table(questions: Sequence[Question], runs: Sequence[Run]) -> list[str]:
    """Return how many questions that nothing answers each system answered all the same."""
    rows = []
    for run in runs:
        records = [run.records[one.id] for one in questions]
        answered = sum(bool(one.hits) and one.is_confident for one in records)
        rows.append((run.system, f"{answered / max(1, len(records)):.3f}", str(answered), str(len(records))))
    return table(("system", "share answered", "answered", "n"), rows)


def language_table(questions: Sequence[Question], runs: Sequence[Run]) -> list[str]:
    """Return a row for each language: HitRate@1, HitRate@5 and MRR@10 of each system.

    Over the questions that describe what is looked for; those that name it would hide the difference.
    """
    rows = []
    for language, asked in by_language(questions).items():
        means = [mean_of(scores(asked, run)) for run in runs]
        cells = (f"{one.hit_at_1:.3f} / {one.hit_at_5:.3f} / {one.mrr_at_10:.3f}" for one in means)
        rows.append((language, *cells, str(len(asked))))
    return table(("language", *(run.system for run in runs), "n"), rows)


def by_language(questions: Iterable[Question]) -> dict[str, list[Question]]:
    """Return the questions that describe what is looked for, by language."""
    described = [one for one in questions if one.kind not in (*DERIVED, NONSENSE)]
    return {
        name: [one for one in described if one.language == name] for name in sorted({o.language for o in described})
    }


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table whose columns line up; the first column is text."""
    clean = [[cell.replace("|", "\\|") for cell in row] for row in (head, *rows)]
    widths = [max(3, *(len(row[place]) for row in clean)) for place in range(len(head))]
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
    return [
        {"kind": kind, "first": runs[0].system, "second": run.system, "measure": measure, **asdict(found)}
        for kind in kinds_of(questions)
        if kind != NONSENSE
        for run in runs[1:]
        for measure, found in differences([one for one in questions if one.kind == kind], runs[0], run).items()
    ]
