"""The command line as a test runs it: a process of its own, in a home and a folder of the test's."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from funcseek.server.places import HOME_VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

# Runs a program so that modes keep it out, as they do not keep root out.
BOUND_BY_MODES = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


class Commands:
    """Runs ``funcseek`` in a home, from a folder."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {HOME_VARIABLE: str(home)}
        self.prefix: tuple[str, ...] = ()

    def __call__(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.prefix, sys.executable, "-P", "-m", "funcseek.server", *arguments],
            cwd=self.folder, env=self.environment, input=text, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
