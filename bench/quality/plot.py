"""A picture of quality against response time, a panel for each kind of question. The only importer of matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from .measures import mean_of
from .questions import NONSENSE
from .tables import kinds_of, milliseconds, scores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .questions import Question
    from .runs import Run

_PANEL_INCHES = (5.0, 4.0)
# A logarithm needs some.
_LEAST_MS = 1e-3


def draw(questions: Sequence[Question], runs: Sequence[Run], file: Path) -> None:
    """Write a PNG: NDCG@10 over the median response time in milliseconds."""
    kinds = [kind for kind in kinds_of(questions) if kind != NONSENSE]
    width, height = _PANEL_INCHES
    figure, panels = plt.subplots(1, max(1, len(kinds)), figsize=(width * max(1, len(kinds)), height), squeeze=False)
    for kind, panel in zip(kinds, panels[0], strict=False):
        asked = [one for one in questions if one.kind == kind]
        for run in runs:
            point = (max(milliseconds(asked, run)[0], _LEAST_MS), mean_of(scores(asked, run)).ndcg_at_10)
            panel.scatter(*point, label=run.system)
        panel.set(title=f"{kind} ({len(asked)})", xlabel="median response, ms", ylabel="NDCG@10")
        panel.set(xscale="log", ylim=(0, 1.05))
        panel.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        panel.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        panel.xaxis.set_minor_formatter(NullFormatter())
        panel.grid(visible=True, alpha=0.3)
    panels[0][0].legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(file, dpi=120, format="png")
    plt.close(figure)
