"""Names that were nearly typed."""

from __future__ import annotations

import pytest

from funcseek.index.asked import squeeze
from funcseek.index.slips import near_names

NAMES = ("parse_header", "parseHeaders", "ParseHeader", "write_body", "get", "set", "open_file")


def check(typed: str, expected: dict[str, int]) -> None:
    assert {name: slips for name, (slips, _) in near_names(squeeze(typed), NAMES).items()} == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("parse_haeder", {"parseheader": 1, "parseheaders": 2}),
        ("pars_header", {"parseheader": 1, "parseheaders": 2}),
        ("wrtie_body", {"writebody": 1}),
        ("opn_file", {"openfile": 1}),
        ("opn_fil", {}),
        ("gte", {}),
        ("write_body", {}),
        ("", {}),
    ],
)
def test_one_slip_in_a_name_two_in_a_long_one(typed: str, expected: dict[str, int]) -> None:
    check(typed, expected)


def test_every_spelling_of_a_near_name_is_told() -> None:
    assert near_names("parsehaeder", NAMES)["parseheader"] == (1, ["parse_header", "ParseHeader"])
