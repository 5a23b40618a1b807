"""``funcseek pause`` and ``funcseek resume``: the expensive part of indexing stopped, and gone on with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .client import connect
from .display import escaped
from .places import places

if TYPE_CHECKING:
    import argparse


def run(chosen: argparse.Namespace) -> int:
    """Run the command; pausing what is paused is no failure."""
    is_paused = chosen.command == "pause"
    path = None if chosen.all else str(Path(chosen.path).absolute())
    with connect(places()) as client:
        client.pause(path, is_paused=is_paused)
        if path is not None and not is_paused and client.open(path)["is_paused"]:
            print("Every folder is paused; `funcseek resume --all` goes on.")
            return 0
    what = escaped(path) if path else "Every folder"
    if is_paused:
        print(f"{what} is paused: what is saved is still found by words. Go on with `funcseek resume`.")
    else:
        print(f"{what} is embedded again.")
    return 0
