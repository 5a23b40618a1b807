"""The ``funcseek`` command: parses, calls one command, turns errors into a sentence and an exit status.

Each command is imported when it is called, so that a search with a running service loads nothing heavy.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING

from ..index import errors
from .arguments import parser
from .display import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODULE_OF = {
    "search": "search_command", "similar": "similar_command",
    "index": "index_command", "status": "status_command", "model": "model_command",
    "functions": "functions_command", "files": "files_command", "clear": "clear_command",
    "doctor": "doctor_command", "pause": "pause_command", "resume": "pause_command",
    "embeddings": "embeddings_command", "service": "service_command", "lsp": "lsp",
}  # fmt: skip

WRONG_USE, IN_THE_WAY, FAILED, INTERRUPTED = 2, 3, 4, 130

_EXIT_CODES: tuple[tuple[type[errors.FuncseekError], int], ...] = (
    (errors.UsageError, WRONG_USE),
    (errors.QueryError, WRONG_USE),
    (errors.RootError, WRONG_USE),
    (errors.IndexBusy, IN_THE_WAY),
    (errors.ServiceError, IN_THE_WAY),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    chosen = parser().parse_args(arguments)
    # Whatever we write, or a program that we start, is the user's own: indexes, logs, models, sockets.
    os.umask(0o077)
    command = importlib.import_module(f".{_MODULE_OF[chosen.command]}", __package__)
    try:
        status = int(command.run(chosen))
        sys.stdout.flush()
    except errors.FuncseekError as error:
        print(f"funcseek: {escaped(str(error))}", file=sys.stderr)
        return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), FAILED)
    except KeyboardInterrupt:
        print("funcseek: interrupted; what was indexed so far is kept.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, a pager) has what it wanted; Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        from ..index.machine import exhaustion

        if told := exhaustion(error):
            print(f"funcseek: {told}", file=sys.stderr)
            return FAILED
        raise
    return status


if __name__ == "__main__":
    sys.exit(main())
