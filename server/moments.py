"""Times as people type them on the command line: so long ago, or a date. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from reprlib import repr as shortened

from ..index.errors import QueryError

_AGO = re.compile(r"(?P<count>[0-9]{1,6})(?P<unit>[mhdw])")
_SECONDS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def moment(text: str, *, now: float) -> float:
    """Return a time in seconds since the epoch: ``30m``, ``12h``, ``2d`` or ``3w`` before ``now``, or an ISO date.

    A date without a zone is in local time, and begins at midnight. Raises QueryError.
    """
    if ago := _AGO.fullmatch(text.strip()):
        return now - int(ago["count"]) * _SECONDS[ago["unit"]]
    try:
        return datetime.fromisoformat(text.strip()).timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise QueryError(
            f"{shortened(text)} is no time; give 30m, 12h, 2d or 3w for so long ago, or a date such as 2026-11-25 or"
            " 2026-11-25T18:30."
        ) from error
