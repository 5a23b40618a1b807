"""What a root's worker is doing, as one value, and what it means for an answer. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .results import nothing_to_search

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class State:
    """One root's state. ``revision`` rises with every change of anything else but ``synced``.

    ``phase`` is opening, scanning, embedding, paused, ready, gone, failed or closed; ``problem`` says why it is gone or
    failed. ``synced`` is the newest cookie whose changes are applied. ``eta_seconds`` is the time the present phase
    still takes at the measured rate. ``model_problem`` says why nothing is embedded though there is work.
    ``throttled`` says why embedding holds back, ``watch_problem`` why changes are
    found by looking and not told.
    """

    phase: str = "opening"
    revision: int = 0
    files: int = 0
    files_done: int = 0
    files_total: int = 0
    functions: int = 0
    embedded: int = 0
    pending_files: int = 0
    passages_per_second: float = 0.0
    eta_seconds: float | None = None
    synced: int = 0
    is_paused: bool = False
    throttled: str | None = None
    watch_problem: str | None = None
    model_problem: str | None = None
    problem: str | None = None

    @property
    def is_searchable(self) -> bool:
        """Whether every file has been looked at once, so that an answer by words is complete."""
        return self.phase in ("embedding", "paused", "ready", "gone")

    @property
    def is_busy(self) -> bool:
        """Whether there is work that must not be cut off by leaving."""
        return self.phase in ("opening", "scanning", "embedding")


def shortcomings(state: State, root: Path) -> list[str]:
    """Return what an answer about a root in this state lacks, each a sentence."""
    lacking = []
    if state.phase == "gone" and state.problem:
        lacking.append(state.problem)
    elif not state.is_searchable:
        read = f"{state.files_done} of {state.files_total} files"
        lacking.append(f"{root} is still being read ({read}); results are incomplete.")
    elif not state.files:
        lacking.append(nothing_to_search(root))
    if state.phase == "paused":
        lacking.append(f"{root} is paused; `funcseek resume` has the rest of it found by meaning too.")
    return lacking
