"""What `funcseek doctor` finds: a sentence for each thing that it looked at, and the repair. Looks at nothing.

A check that fails on an error of ours is a finding too: the errors are sentences that say what to do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..index.errors import FuncseekError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What is well; what works, and could be better; what is wrong; what was wrong and is repaired.
OK, NOTE, PROBLEM, REPAIRED = "ok", "note", "problem", "repaired"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``repair`` mends it and says what it did; None where only a person can."""

    check: str
    state: str
    told: str
    repair: Callable[[], str] | None = None


def ok(check: str, told: str) -> Finding:
    """Return that something is well."""
    return Finding(check, OK, told)


def note(check: str, told: str) -> Finding:
    """Return that something works, and what would make it better."""
    return Finding(check, NOTE, told)


def problem(check: str, told: str, repair: Callable[[], str] | None = None) -> Finding:
    """Return that something is wrong, and what to do."""
    return Finding(check, PROBLEM, told, repair)


def found_by(check: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield what a look finds; an error that it ends with is the last finding."""
    try:
        yield from look()
    except FuncseekError as error:
        yield problem(check, str(error))


def repaired(finding: Finding) -> Finding:
    """Return what became of a finding once its repair was tried; one without a repair stays as it is."""
    if finding.state != PROBLEM or finding.repair is None:
        return finding
    try:
        return replace(finding, state=REPAIRED, told=finding.repair(), repair=None)
    except FuncseekError as error:
        return replace(finding, told=f"{finding.told} It could not be repaired: {error}")
