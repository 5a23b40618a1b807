"""``funcseek service``: runs the background service, or asks the running one to leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .client import ask_to_leave
from .places import places

if TYPE_CHECKING:
    import argparse


def run(chosen: argparse.Namespace) -> int:
    """Run the command; a second service leaves at once and that is no failure."""
    if chosen.stop:
        print("The service has left." if ask_to_leave(places()) else "No service runs.")
        return 0
    from .service import IDLE_SECONDS, serve

    idle_seconds = IDLE_SECONDS if chosen.idle_seconds is None else chosen.idle_seconds
    runs = serve(places(), idle_seconds=idle_seconds, is_foreground=chosen.foreground, is_polled=chosen.poll)
    if not runs and chosen.foreground:
        print("Another service runs already.")
    return 0
