"""``python -m bench.reliability``: runs the tests that cause faults, and prints how many were caused and survived.

``--kills``, ``--faults`` and ``--storm-files`` as of pytest; a bad input is a named case of one of the files below. The
soak is a program of its own, ``bench.soak``.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

BAD_INPUTS = (
    "tests/index/test_bad_queries.py", "tests/server/test_bad_queries.py", "tests/index/test_hostile_sources.py",
    "tests/index/test_files.py", "tests/index/test_git_index.py", "tests/server/test_settings.py",
)  # fmt: skip
STORMS = ("tests/server/test_storms.py", "tests/server/test_watch_limits.py", "tests/server/test_root_life.py")
DAMAGE = (
    "tests/index/test_damage.py", "tests/index/test_generations.py", "tests/index/test_graph_links.py",
    "tests/index/test_inspection.py", "tests/index/test_storage.py",
)  # fmt: skip
FOREIGNERS = ("tests/server/test_service_life.py", "-k", "another_user")


@dataclass(frozen=True, slots=True)
class Ran:
    """Tests that were run: how many there were, how many passed, and what they printed."""

    count: int
    passed: int
    printed: str

    def __str__(self) -> str:
        """Return the figures as the table shows them."""
        return f"{self.passed} of {self.count}"


def ran(*arguments: str) -> Ran:
    """Run pytest and count; skipped tests count for nothing."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-s", f"--junitxml={report}", *arguments],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        suite = ET.parse(report).getroot().find("testsuite")
    assert suite is not None
    failed, skipped = int(suite.get("failures", 0)) + int(suite.get("errors", 0)), int(suite.get("skipped", 0))
    count = int(suite.get("tests", 0)) - skipped
    if failed:
        print(done.stdout[-4000:], file=sys.stderr)
    return Ran(count, count - failed, done.stdout)


def main() -> int:
    """Run everything and print the table; returns 1 where something was not survived."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--kills", type=int, default=60)
    words.add_argument("--faults", type=int, default=25)
    words.add_argument("--storm-files", type=int, default=500)
    chosen = words.parse_args()
    kills = ran("tests/index/test_kills.py", "--kills", str(chosen.kills))
    faults = ran("tests/index/test_faults.py", "--faults", str(chosen.faults))
    injected = re.search(r"(\d+) faults injected, .*?(\d+) survived", faults.printed)
    others = {"damage to databases and graphs": ran(*DAMAGE), "bad inputs, each answered or refused in a sentence":
              ran(*BAD_INPUTS), "storms of changes and lost folders":
              ran(*STORMS, "--storm-files", str(chosen.storm_files))}  # fmt: skip
    foreign = ran(*FOREIGNERS)
    survived = chosen.kills if kills.passed == kills.count else "not all"
    rows = {
        "kills of a writer (SIGKILL)": f"{survived} of {chosen.kills}",
        "faults of the disk (ENOSPC, EIO, EMFILE, torn writes)":
            f"{injected[2]} of {injected[1]}" if injected else "none",
        **{name: str(counted) for name, counted in others.items()},
        "processes of other users let in": f"{foreign.count - foreign.passed} of {foreign.count}",
    }  # fmt: skip
    print("\n".join(["| caused | survived |", "|---|--:|", *(f"| {name} | {value} |" for name, value in rows.items())]))
    return int(any(counted.passed < counted.count for counted in (kills, faults, foreign, *others.values())))


if __name__ == "__main__":
    sys.exit(main())
