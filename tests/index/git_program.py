"""The real git as an oracle, run on repositories of our own and without any configuration of this machine or user."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_IDENTITY = ("-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "core.fsmonitor=false")


def git(root: Path, *arguments: str, given: str = "", excludes: str = "") -> str:
    """Return what git prints; ``excludes`` is the user's ignore file."""
    environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "HOME": str(root)}
    done = subprocess.run(
        ["git", *_IDENTITY, "-c", f"core.excludesFile={excludes}", *arguments],
        cwd=root,
        input=os.fsencode(given),
        capture_output=True,
        env=environment,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return os.fsdecode(done.stdout)


def plant(root: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def counted_by_git(root: Path, excludes: str = "") -> set[str]:
    """Return every file that git tracks or would add, in nested repositories and submodules too."""
    listed = git(root, "ls-files", "-z", "-co", "--exclude-standard", "--deduplicate", excludes=excludes).split("\0")
    counted = set()
    for path in filter(None, listed):
        place = root / path
        if (place / ".git").exists():
            counted |= {f"{path.rstrip('/')}/{inner}" for inner in counted_by_git(place, excludes)}
        elif place.is_file():
            counted.add(path)
    return counted
