"""What the fuzzer has found so far, tried again: what once crashed a target, and what reaches its corners."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, seeds

HERE = Path(__file__).parent


@pytest.mark.parametrize("target", TARGETS)
def test_no_target_breaks_on_what_was_found_before(target: str) -> None:
    found = [path for folder in ("crashes", "corpus") for path in sorted((HERE / folder / target).glob("*"))]
    for data in (b"", b"\0", b"{}", *seeds(target), *(path.read_bytes() for path in found)):
        TARGETS[target](data)
