"""What people listed by reading real packages is what we find, for languages that few or no compilers judge.

``audited.sh`` beside this file brings the packages. A missing file is a failure where everything must be there (CI),
elsewhere a skip that says what to run.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from .audit import audits, compare_audit, listed
from .registry import oracles

if TYPE_CHECKING:
    from .audit import Audit
    from .comparison import Comparison

LEAST_LISTED = 100


def compared(audit: Audit) -> Comparison:
    if missing := audit.missing():
        explanation = f"{len(missing)} audited files, {missing[0]} first, are not there: run tests/oracles/audited.sh"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(explanation)
    seen = compare_audit(audit)
    assert seen is not None
    return seen


def check(seen: Comparison) -> None:
    told = "\n".join(f"{kind}: {text}" for kind, texts in seen.examples.items() for text in texts)
    assert seen.recall == 1.0, told
    assert seen.precision == 1.0, told


@pytest.mark.parametrize("language", audits())
def test_functions_are_those_that_were_listed(language: str) -> None:
    check(compared(audits()[language]))


@pytest.mark.parametrize("language", sorted(audits().keys() - oracles().keys()))
def test_lists_that_stand_in_for_a_compiler_are_long(language: str) -> None:
    assert sum(map(len, listed(language)[1].values())) >= LEAST_LISTED
