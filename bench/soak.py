"""Simulated work for an hour: edits, renames, branch switches and kills of the service, with three clients asking.

``python -m bench.soak --minutes 60 [--model]`` prints a table, and exits with 1 where an invariant was broken. Each
saved function must be the first answer to its name after a synchronisation, no answer may name a function that is not
in its file, and after every kill and every switch the index must hold what is on the disk. The service is killed in the
first half only: the second is one life, over which its memory is watched. With ``--calm`` nothing is killed, memory is
watched from the first minutes on, and it ends after 10,000 edits and 100,000 queries.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from statistics import mean
from urllib.parse import unquote

from bench.soaked_tree import THINGS, VERBS, Tree, differences
from funcseek.index.errors import FuncseekError, ServiceError
from funcseek.index.home import Home
from funcseek.server.client import Client, ask_to_leave, connect
from funcseek.server.places import HOME_VARIABLE, Places, places
from funcseek.server.protocol import LocatedJson, SearchRequest

CLIENTS = 3
KILL_SECONDS, SWITCH_SECONDS = 20.0, 45.0
# As many files as "save all" may write.
MOST_SAVES_AT_ONCE = 5
# A synchronisation that follows a kill waits for the next service's first look.
PATIENCE_SECONDS = 60.0
ATTEMPTS = 5
# Whether memory grows without end shows in more than its beginning and its end.
FIFTHS = 5
# What a service is promised to live through without growing; the first edits fill its caches.
CALM_EDITS, CALM_QUERIES, CALM_SETTLED_EDITS = 10_000, 100_000, 500
# The kernel stamps files by the last tick of its clock, up to 10 ms ago.
CLOCK_TICK_NS = 20_000_000


class Soak:
    """One run: the work on the tree, the clients, and what was counted."""

    def __init__(self, here: Places, root: Path, seconds: float, *, is_calm: bool = False) -> None:
        """Lay out the tree; nothing runs yet."""
        self.here, self.root = here, root
        self.tree = Tree(root, 1)
        self.counts: Counter[str] = Counter()
        self.memory: list[float] = []
        self.seconds = seconds
        self.is_calm = is_calm
        self.start = time.monotonic()
        self._is_over = threading.Event()

    def run(self) -> None:
        """Work until the time is up."""
        self.start = time.monotonic()
        threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            self._work()
        finally:
            self._is_over.set()
            for thread in threads:
                thread.join()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.start

    def _work(self) -> None:
        next_kill, next_switch = KILL_SECONDS, SWITCH_SECONDS
        while not self._is_enough():
            self._change()
            if self.elapsed > next_kill and not (self.is_calm or self._is_watched()):
                next_kill = self.elapsed + KILL_SECONDS
                self._kill()
            if self.elapsed > next_switch:
                next_switch = self.elapsed + SWITCH_SECONDS
                self.tree.switch()
                self.counts["branch switches"] += 1
                self._compare()
            if self._is_watched():
                self.memory.append(self._resident())
        self._compare()

    def _is_enough(self) -> bool:
        if self.is_calm:
            return self.counts["edits"] >= CALM_EDITS and self.counts["queries"] >= CALM_QUERIES
        return self.elapsed >= self.seconds

    def _is_watched(self) -> bool:
        """Say whether the service is in the life over which its memory is watched."""
        if self.is_calm:
            return self.counts["edits"] >= CALM_SETTLED_EDITS
        return self.elapsed > self.seconds / 2

    def _change(self) -> None:
        kind = self.tree.chance.random()
        if kind < 0.1:
            gone = self.tree.delete()
            self._synchronise()
            self.counts["lost updates"] += any(self._first(name)[0] == name for name in gone[:2])
            self.counts["edits"] += 1
            return
        saves = 1 if kind < 0.25 else self.tree.chance.randint(1, MOST_SAVES_AT_ONCE)
        saved = dict(self.tree.rename() if kind < 0.25 else self.tree.edit() for _ in range(saves))
        self._synchronise()
        self.counts["lost updates"] += sum(self._first(name) != (name, path) for path, name in saved.items())
        self.counts["edits"] += saves

    def _synchronise(self) -> None:
        self._patiently(lambda client: client.sync(str(self.root), wait_seconds=PATIENCE_SECONDS))

    def _first(self, name: str) -> tuple[str, str]:
        request = SearchRequest(name, (str(self.root),), limit=1, wait_seconds=PATIENCE_SECONDS)
        results: list[LocatedJson] = []
        self._patiently(lambda client: results.extend(client.search(request)["results"]))
        return (results[-1]["name"], results[-1]["path"]) if results else ("", "")

    def _patiently(self, ask) -> None:  # type: ignore[no-untyped-def]
        """Ask, and again where the service was killed meanwhile."""
        for attempt in range(ATTEMPTS):
            try:
                with connect(self.here) as client:
                    ask(client)
                    return
            except ServiceError:
                if attempt == ATTEMPTS - 1:
                    raise

    def _kill(self) -> None:
        with connect(self.here) as client:
            process = client.health()["pid"]
        # In the middle of something: a change is under way.
        self.tree.edit()
        os.kill(process, signal.SIGKILL)
        self.counts["kills"] += 1
        self._synchronise()
        self._compare()

    def _compare(self) -> None:
        self._synchronise()
        self.counts["files that differ"] += differences(self.root, Home(self.here.cache))
        self.counts["comparisons"] += 1

    def _resident(self) -> float:
        with contextlib.suppress(FuncseekError), connect(self.here) as client:
            pages = Path(f"/proc/{client.health()['pid']}/statm").read_text("ascii").split()[1]
            return int(pages) * os.sysconf("SC_PAGESIZE") / 1e6
        return self.memory[-1] if self.memory else 0.0

    def _ask(self, number: int) -> None:
        chance = random.Random(number)
        while not self._is_over.is_set():
            try:
                with connect(self.here) as client:
                    while not self._is_over.is_set():
                        self._ask_once(client, f"{chance.choice(VERBS)} {chance.choice(THINGS)}")
            except ServiceError:
                self.counts["interrupted queries"] += 1

    def _ask_once(self, client: Client, query: str) -> None:
        begun = time.time_ns()
        answer = client.search(SearchRequest(query, (str(self.root),), wait_seconds=PATIENCE_SECONDS))
        self.counts["queries"] += 1
        self.counts["answers"] += len(answer["results"])
        self.counts["wrong answers"] += sum(is_wrong(result, begun) for result in answer["results"])


def is_wrong(result: LocatedJson, begun_ns: int) -> bool:
    """Say whether an answer that is not marked stale names what is not there, though nobody has touched its file."""
    path = Path(unquote(result["uri"].removeprefix("file://")))
    try:
        lines = path.read_text("utf-8").splitlines()
        status = path.stat()
        if result["is_stale"] or max(status.st_mtime_ns, status.st_ctime_ns) >= begun_ns - CLOCK_TICK_NS:
            return False
    except OSError:
        return False  # deleted or moved since
    is_there = lines[result["line"] - 1 : result["line"]] == [f"def {result['name']}(value):"]
    if not is_there:
        age = (begun_ns - status.st_ctime_ns) / 1e6
        print(f"wrong: {result['path']}:{result['line']} {result['name']}, {age:.0f} ms after the file changed")
    return not is_there


def table(soak: Soak) -> list[str]:
    """Return the lines of the table."""
    counts = soak.counts
    fifth = max(1, len(soak.memory) // FIFTHS)
    parts = (soak.memory[place : place + fifth] for place in range(0, FIFTHS * fifth, fifth))
    fifths = [mean(part) for part in parts if part]
    rows = {
        "minutes": f"{soak.elapsed / 60:.0f}",
        "edits, renames and deletions, each synchronised": f"{counts['edits']:,}",
        "branch switches": f"{counts['branch switches']}",
        "kills of the service (SIGKILL)": f"{counts['kills']}",
        "queries of three clients": f"{counts['queries']:,}",
        "queries that a kill interrupted": f"{counts['interrupted queries']}",
        "comparisons of the whole index with the disk": f"{counts['comparisons']}",
        "files that differed": f"{counts['files that differ']}",
        "lost updates": f"{counts['lost updates']}",
        "wrong answers": f"{counts['wrong answers']} of {counts['answers']:,}",
        "memory of the service in each fifth of its last life": ", ".join(f"{one:.0f}" for one in fifths) + " MB",
    }
    return ["| | |", "|---|--:|", *(f"| {name} | {value} |" for name, value in rows.items())]


def main() -> int:
    """Run it in a home and a folder of its own, which go in the end."""
    words = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    words.add_argument("--minutes", type=float, default=60.0)
    words.add_argument("--calm", action="store_true", help="kill nothing; end after 10,000 edits and 100,000 queries")
    words.add_argument("--model", action="store_true", help="install the embedded model first, and embed everything")
    chosen = words.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    os.environ[HOME_VARIABLE] = str(folder / "home")
    if chosen.model:
        subprocess.run([sys.executable, "-m", "funcseek.server", "model", "install", "minilm"], check=True)
    (folder / "tree").mkdir()
    soak = Soak(places(), folder / "tree", chosen.minutes * 60, is_calm=chosen.calm)
    try:
        soak.run()
    finally:
        ask_to_leave(soak.here)
        print("\n".join(table(soak)))
        shutil.rmtree(folder, ignore_errors=True)
    return int(any(soak.counts[name] for name in ("lost updates", "wrong answers", "files that differ")))


if __name__ == "__main__":
    sys.exit(main())
