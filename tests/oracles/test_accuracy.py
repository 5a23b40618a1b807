"""What compilers' own parsers find in trees of real code is what we find.

Runs over source that packages brought to the machine; ``install.sh`` beside this file brings both. A missing compiler
is a failure where everything must be there (CI), elsewhere a skip that says what to install.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .comparison import compare
from .registry import oracles

if TYPE_CHECKING:
    from .comparison import Comparison, Oracle

LEAST_EXACT_ENDS = 0.995
LEAST_EXACT_DOCS = 0.995


def ready(oracle: Oracle) -> Oracle:
    if missing := [need for need in oracle.needs if shutil.which(need) is None and not Path(need).exists()]:
        explanation = f"{', '.join(missing)} not found: run tests/oracles/install.sh"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(explanation)
    return oracle


def check(oracle: Oracle, seen: Comparison) -> None:
    told = "\n".join(f"{kind}: {text}" for kind, texts in seen.examples.items() for text in texts)
    assert seen.known >= oracle.least_functions, "the oracle found next to nothing"
    assert seen.recall >= oracle.least_recall, told
    assert seen.precision >= oracle.least_precision, told
    assert seen.exact_starts == 1.0, told
    assert seen.exact_ends >= LEAST_EXACT_ENDS, told
    assert seen.exact_docs >= LEAST_EXACT_DOCS, told


@pytest.mark.parametrize("name", oracles())
def test_functions_are_those_of_the_compiler(name: str) -> None:
    oracle = ready(oracles()[name])
    check(oracle, compare(oracle))
