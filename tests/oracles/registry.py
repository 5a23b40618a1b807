"""Every oracle by the language it judges: each module beside this one that has an ``ORACLE``."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .comparison import Oracle


@cache
def oracles() -> dict[str, Oracle]:
    """Return the oracles by language."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith(("_", "test_")))
    modules = [importlib.import_module(f"{__package__}.{name}") for name in names if name != "registry"]
    found = [module.ORACLE for module in modules if hasattr(module, "ORACLE")]
    return {oracle.language: oracle for oracle in found}
