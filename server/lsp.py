"""``funcseek lsp``: the language server on standard input and output, one for each editor window.

Takes stdout away from everybody else, answers the greeting at once, and only then loads what is slow to load.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from .framing import FramingError, Incoming, Outgoing
from .greeting import greet

if TYPE_CHECKING:
    import argparse

DONE, ABANDONED, NOT_UNDERSTOOD = 0, 1, 4


def run(chosen: argparse.Namespace) -> int:
    """Serve one editor until it leaves, and end the process with 0, or with 1 where ``shutdown`` did not come first."""
    incoming, outgoing = Incoming(os.dup(0)), _stdout_for_the_protocol()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        greeting = greet(incoming, outgoing)
    except FramingError as error:
        print(f"funcseek: {error} Start `funcseek lsp` from an editor.", file=sys.stderr)
        return NOT_UNDERSTOOD
    if greeting is None:
        return ABANDONED
    from .connection import serve

    status = serve(greeting, incoming, outgoing, client_process=_number(chosen.clientProcessId))
    # At once: taking down an interpreter with the protocol's classes costs 0.1 s, and nothing is left to be saved.
    os._exit(status)


def _stdout_for_the_protocol() -> Outgoing:
    """Return the protocol's stream; what anything else prints from now on goes to stderr, children's output too."""
    outgoing = Outgoing(os.dup(1))
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return outgoing


def _number(text: str | None) -> int | None:
    try:
        return max(0, int(text or "")) or None
    except ValueError:
        return None
