"""The program whose disk fails: brings an index up to date under a fault, and may end only as the errors say.

Everything heavy is loaded once, by a nursery that forks an indexer for each line it reads, as in ``killed``.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from funcseek.index import upkeep
from funcseek.index.code_index import CodeIndex, Home
from funcseek.index.errors import FuncseekError
from tests.index.killed import EXACT_LABELS, fill, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

# As `faults.c` numbers them.
COUNT = 1
FAULTS = {"ENOSPC": 2, "EIO on write": 3, "EIO on read": 4, "EMFILE": 5, "torn write": 6}
# What a torn write ends its process with.
TORN = 9
FINE, REFUSED, WRONG = 0, 1, 2


def bring_up_to_date(root: Path, home: Home, kind: int, *, after: int, calls: int) -> int:
    """Index a root under a fault; return how it ended."""
    library = ctypes.CDLL(None)
    library.arm(kind, ctypes.c_long(after), ctypes.c_long(calls), os.fsencode(home.folder))
    status, said = FINE, ""
    try:
        with CodeIndex(root, home, exact_labels=EXACT_LABELS) as index:
            fill(index)
    except FuncseekError as error:
        status, said = REFUSED, f"{type(error).__name__}: {error}"
    except BaseException:
        status, said = WRONG, traceback.format_exc()
    seen = library.calls_seen()
    library.arm(0, ctypes.c_long(0), ctypes.c_long(0), b"")
    tell(calls=seen, said=said[-3000:])
    return status


def nursery(arguments: Sequence[str]) -> None:
    """Fork an indexer for each line of standard input, a fault with its numbers, and tell how it ended."""
    root, home = Path(arguments[0]), Home(Path(arguments[1]))
    upkeep.CHANGES_PER_GENERATION, upkeep.SHARE_PER_GENERATION = 60, 0.0
    for line in sys.stdin:
        kind, after, calls = json.loads(line)
        process = os.fork()
        if not process:
            with contextlib.suppress(BaseException):
                os._exit(bring_up_to_date(root, home, kind, after=after, calls=calls))
            os._exit(WRONG)
        tell(ended=os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
