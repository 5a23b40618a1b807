"""Times as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from funcseek.index.errors import QueryError
from funcseek.server.moments import moment

NOW = 1_800_000_000.0


def check(text: str, seconds: float) -> None:
    assert moment(text, now=NOW) == seconds


@pytest.mark.parametrize(
    ("text", "ago"), [("30m", 1_800), ("12h", 43_200), ("2d", 172_800), (" 3w ", 1_814_400), ("0m", 0)]
)
def test_so_long_ago(text: str, ago: int) -> None:
    check(text, NOW - ago)


def test_date_is_midnight_of_local_time() -> None:
    check("2026-11-25", datetime(2026, 11, 25).astimezone().timestamp())


def test_date_and_time_may_name_a_zone() -> None:
    check("2026-11-25T18:30Z", datetime(2026, 11, 25, 18, 30, tzinfo=UTC).timestamp())
    check("2026-11-25 18:30:15+02:00", datetime(2026, 11, 25, 16, 30, 15, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "text",
    ["", "d", "2", "2 days", "-2d", "1.5h", "2y", "2D", "٣d", "2026-13-01", "25.11.2026", "0001-01-01", "\0", "\ud800"],
)
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(QueryError, match="is no time; give 30m, 12h, 2d or 3w"):
        moment(text, now=NOW)
