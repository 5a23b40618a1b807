"""A picture of quality against response time, a panel for each kind of question. The only importer of matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt

from .measures import mean_of
from .questions import NONSENSE
from .tables import kinds_of, milliseconds, scores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .questions import Question
    from .runs import Run

_PANEL_INCHES = (5.0, 4.0)


def draw(questions: Sequence[Question], runs: Sequence[Run], file: Path) -> None:
    """Write a PNG: NDCG@10 over the median response time in milliseconds."""
    kinds = [kind for kind in kinds_of(questions) if kind != NONSENSE]
    width, height = _PANEL_INCHES
    figure, panels = plt.subplots(1, max(1, len(kinds)), figsize=(width * max(1, len(kinds)), height), squeeze=False)
    for kind, panel in zip(kinds, panels[0], strict=False):
        asked = [one for one in questions if one.kind == kind]
        for run in runs:
            point = (max(milliseconds(asked, run)[0], 1e-3), mean_of(scores(asked, run)).ndcg_at_10)
            panel.scatter(*point)
            panel.annotate(run.system, point, textcoords="offset points", xytext=(4, 4), fontsize=8)
        panel.set(
            title=f"{kind} ({len(asked)})", xlabel="median response, ms", ylabel="NDCG@10", xscale="log", ylim=(0, 1)
        )
        panel.grid(visible=True, alpha=0.3)
    figure.tight_layout()
    figure.savefig(file, dpi=120, format="png")
    plt.close(figure)
