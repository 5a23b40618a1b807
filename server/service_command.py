"""``funcseek service``: runs the background service, asks the running one to leave, or asks it whether it is well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..index.errors import ServiceError
from .client import ask_to_leave, service_health
from .places import places
from .solitude import alone

if TYPE_CHECKING:
    import argparse


def run(chosen: argparse.Namespace) -> int:
    """Run the command; a second service leaves at once and that is no failure."""
    if chosen.stop:
        print("The service has left." if ask_to_leave(places()) else "No service runs.")
        return 0
    if chosen.health:
        return _tell_health()
    # Before anything heavy is loaded: most of those that start at once find another.
    lock = alone(places())
    if lock is None:
        if chosen.foreground:
            print("Another service runs already.")
        return 0
    with lock:
        from .service import IDLE_SECONDS, serve

        idle_seconds = IDLE_SECONDS if chosen.idle_seconds is None else chosen.idle_seconds
        serve(places(), idle_seconds=idle_seconds, is_foreground=chosen.foreground, is_polled=chosen.poll)
    return 0


def _tell_health() -> int:
    """Print one line about the running service; raises ServiceError where none answers."""
    health = service_health(places())
    if health is None:
        raise ServiceError(f"No service answers; its log is {places().log}.")
    failed = [root["root"] for root in health["roots"] if root["phase"] == "failed"]
    state = f"{len(failed)} of them failed, see `funcseek status`" if failed else "all well"
    print(f"funcseek {health['version']}, process {health['pid']}: {len(health['roots'])} folders open, {state}.")
    return 0
