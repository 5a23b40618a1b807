"""The embedded default answers as well as the committed page says. Brings sources and the model; takes minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.quality.golden import PAGE, differing_rows, drops, measured
from funcseek.index.installation import install
from funcseek.index.weights import local

if TYPE_CHECKING:
    from pathlib import Path


# pip, in whose session sources are fetched, warns of parts of its own.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_no_figure_of_the_golden_page_has_dropped(
    model_cache: Path, published: Path, request: pytest.FixtureRequest
) -> None:
    cache = model_cache / "quality"
    install(cache / "models", source=local(published), report=lambda _line: None)
    present, missing = measured(cache)
    if request.config.getoption("--update"):
        assert not missing
        PAGE.write_text(present, encoding="utf-8")
    committed = PAGE.read_text(encoding="utf-8")
    assert list(drops(committed, present)) == [], "rewrite tests/quality/golden.md with --update if this is meant"
    if missing:
        pytest.skip(f"not all was compared: {' '.join(missing)}")
    assert differing_rows(committed, present) == [], "other questions are asked now; rewrite the page with --update"
