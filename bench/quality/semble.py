"""semble as a system, in a virtual environment of its own in the cache and a process of its own for each root.

Its model is on a hub; it runs with one distilled from the embedded default instead, see `distilled`.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from .commands import Place, functions_at
from .corpora import Unavailable
from .distilled import static_model
from .outlines import Outline
from .ranker import ASKED_HITS, Ranker, Response, System

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = "0.7.0"
NOTE = (
    f"semble {VERSION} ran with a static model distilled from all-MiniLM-L6-v2, because its own model is on a hub"
    " that is out of reach here; a chunk counts as the functions it overlaps, in their order."
)
_PROGRAM = Path(__file__).with_name("semble_program.py")


def semble(cache: Path) -> System:
    """Return the system; installs it on first use and raises Unavailable where that fails."""
    python, model = _installed(cache / "peers" / f"semble-{VERSION}"), static_model(cache)

    @contextlib.contextmanager
    def opened(root: Path) -> Iterator[Ranker]:
        outline = Outline(root)
        environment = os.environ | {"SEMBLE_CACHE_LOCATION": str(cache / "peers" / "semble-cache")}
        with _started([python, "-I", _PROGRAM, root, model], environment) as process:

            def ask(query: str) -> Response:
                return Response(functions_at(outline, _answer(process, query)))

            yield Ranker(ask, process.pid)

    return System("semble", opened, NOTE)


@contextlib.contextmanager
def _started(command: list[str | Path], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    ) as process:
        try:
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise Unavailable("semble is left out: it did not start, see above.")
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()


def _answer(process: subprocess.Popen[str], query: str) -> list[Place]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps([query, ASKED_HITS]) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise Unavailable("semble is left out: it ended over a query, see above.")
    return [Place(*found) for found in json.loads(line)]


def _installed(folder: Path) -> Path:
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        try:
            venv.create(folder, clear=True, with_pip=True)
            subprocess.run(
                [python, "-m", "pip", "install", "--quiet", f"semble=={VERSION}"], check=True, stdout=sys.stderr
            )
        except (OSError, subprocess.CalledProcessError) as failed:
            raise Unavailable(f"semble is left out: it cannot be installed ({failed}).") from failed
        (folder / "ready").touch()
    return python
