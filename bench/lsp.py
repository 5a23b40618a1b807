"""``python -m bench.lsp [DIR]``: what the language server costs an editor, printed as a Markdown table.

Start, memory, idle processor time, and how soon text that was just typed is found, by its name and by what it does.
Real processes in a fresh home folder; nothing is asserted. Without an argument it measures on a part of this
repository's own source. Figures of processes are read from /proc: Linux.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.spine import QUERIES, Figures, install_model, print_table
from funcseek.server.client import ask_to_leave, connect
from funcseek.server.places import HOME_VARIABLE, places
from tests.server.clients import VS_CODE
from tests.server.editor import Editor, editing

if TYPE_CHECKING:
    from collections.abc import Iterator

STARTS = 9
SEARCHES = 200
EDITS = 9
IDLE_SECONDS = 20.0
# Of what is typed, and a question that shares no word with it.
TYPED = """\
def f{number}(mass, radius):
    '''How long a satellite takes to go round its planet once.'''
    return {number}
"""
MEANT = "orbital period"


def main() -> None:
    """Measure one tree and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("tree", nargs="?", type=Path)
    chosen = parser.parse_args().tree
    with tempfile.TemporaryDirectory(prefix="fs-lsp-") as scratch:
        tree = Path(scratch) / "tree"
        _copy(chosen, tree)
        os.environ[HOME_VARIABLE] = str(Path(scratch) / "home")
        figures = Figures()
        install_model()
        try:
            _measure(tree, Path(scratch) / "home", figures)
        finally:
            ask_to_leave(places())
    figures.rows["load of the machine at the end"] = f"{os.getloadavg()[0]:.1f}"
    print_table({(chosen or Path("funcseek")).name: figures})


def _copy(chosen: Path | None, tree: Path) -> None:
    top = Path(__file__).parents[1]
    for folder in [chosen] if chosen else [top / name for name in ("index", "server")]:
        ignored = shutil.ignore_patterns("__pycache__", "sources", "node_modules", ".*")
        shutil.copytree(folder, tree / folder.name, ignore=ignored)


def _measure(tree: Path, home: Path, figures: Figures) -> None:
    with editing(home, tree) as editor:
        figures.add("functions", editor.status()["roots"][0]["functions"], "")
        _searches(editor, figures)
        _edits(editor, tree, figures)
        _idle(editor, figures)
        figures.add("language server: memory after all that", _megabytes(editor.process.pid, "VmRSS"), "MB")
        figures.add("language server: peak memory", _megabytes(editor.process.pid, "VmHWM"), "MB")
        began = time.perf_counter()
        editor.quit()
        figures.add("quit to the end of the process", 1e3 * (time.perf_counter() - began), "ms")
    _starts(tree, home, figures)


def _starts(tree: Path, home: Path, figures: Figures) -> None:
    seconds, worked = [], []
    for _ in range(STARTS):
        began = time.perf_counter()
        with Editor(home) as editor:
            named = [{"uri": tree.as_uri(), "name": tree.name}]
            editor.ask("initialize", {"capabilities": VS_CODE, "workspaceFolders": named})
            seconds.append(time.perf_counter() - began)
            worked.append(_processor_seconds(editor.process.pid))
            editor.notify("initialized", {})
            editor.status()
    figures.add("start of the process to the answer of `initialize`, median", 1e3 * statistics.median(seconds), "ms")
    figures.add("the same, processor time, median", 1e3 * statistics.median(worked), "ms")


def _searches(editor: Editor, figures: Figures) -> None:
    seconds = []
    for number in range(SEARCHES):
        began = time.perf_counter()
        editor.search(QUERIES[number % len(QUERIES)])
        seconds.append(time.perf_counter() - began)
    figures.add("`funcseek/search`, p50", 1e3 * statistics.median(seconds), "ms")
    figures.add("`funcseek/search`, p95", 1e3 * statistics.quantiles(seconds, n=20)[-1], "ms")


def _edits(editor: Editor, tree: Path, figures: Figures) -> None:
    """Time from a keystroke to the first answer that has the function."""
    path = tree / "typed.py"
    editor.open_document(path, "")
    by_name, by_meaning = [], []
    for number in range(EDITS):
        name = f"f{number}"
        began = time.perf_counter()
        editor.edit(path, {"text": TYPED.format(number=number)})
        by_name.append(_until_found(editor, name, name, began=began))
        by_meaning.append(_until_found(editor, MEANT, name, began=began))
    editor.close_document(path)
    figures.add("keystroke to found by name, median", 1e3 * statistics.median(by_name), "ms")
    figures.add("keystroke to found by meaning, median", 1e3 * statistics.median(by_meaning), "ms")


def _until_found(editor: Editor, query: str, name: str, *, began: float) -> float:
    while name not in editor.find(query, limit=5):
        pass
    return time.perf_counter() - began


def _idle(editor: Editor, figures: Figures) -> None:
    service = int(_health()["pid"])
    with _counted(editor.process.pid) as ours, _counted(service) as theirs:
        time.sleep(IDLE_SECONDS)
    figures.add("language server: processor time while idle", 100 * ours[0] / IDLE_SECONDS, "%")
    figures.add("service: processor time while idle", 100 * theirs[0] / IDLE_SECONDS, "%")


def _health() -> dict[str, Any]:
    with connect(places()) as client:
        return dict(client.health())


@contextlib.contextmanager
def _counted(process: int) -> Iterator[list[float]]:
    """Put the seconds of the processor that a process uses in a block into the list."""
    before, used = _processor_seconds(process), [0.0]
    yield used
    used[0] = _processor_seconds(process) - before


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(process: int, field: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


if __name__ == "__main__":
    main()
