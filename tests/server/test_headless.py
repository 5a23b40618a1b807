"""Commands that work without the service, beside whoever is the writer of the same index."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from funcseek.index.code_index import CodeIndex, Home
from funcseek.server.arguments import POLL_VARIABLE
from funcseek.server.client import connect
from funcseek.server.places import HOME_VARIABLE, places
from tests.server.freshness import Watched, source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BESIDE = "Another funcseek is indexing {}; this is what it has read so far."


@dataclass(frozen=True)
class Headless:
    """Runs commands in a folder that other writers may index."""

    home: Path
    tree: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "funcseek.server", *arguments],
            cwd=self.tree, env=os.environ | {HOME_VARIABLE: str(self.home)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *arguments: str) -> tuple[int, str, list[str]]:
        """Return the exit status, the output, and the sentences told."""
        process = self.start(*arguments)
        output, told = process.communicate(timeout=120)
        return process.returncode, output, [line.removeprefix("funcseek: ") for line in told.splitlines()]

    def check(self, *names: str) -> list[str]:
        """See that a search in its own process finds just these functions; return the sentences told."""
        status, output, told = self.run("search", " ".join(names), "--json", "--no-service")
        assert (status, {result["name"] for result in json.loads(output)["results"]}) == (0, set(names))
        return told

    def writer(self) -> CodeIndex:
        """Return what a run without the service holds while it works."""
        return CodeIndex(self.tree, Home(self.home), guard=threading.Lock())


@pytest.fixture
def headless(fresh_home: Path, tmp_path: Path) -> Headless:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a.py").write_text(source("one"))
    return Headless(fresh_home, tree)


@pytest.fixture
def watched(headless: Headless, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """Return the same folder as a service has it that finds nothing by itself soon."""
    monkeypatch.setenv(HOME_VARIABLE, str(headless.home))
    monkeypatch.setenv(POLL_VARIABLE, "1")
    with connect(places()) as client:
        made = Watched(client, headless.home, headless.tree)
        made.check()
        yield made


def test_search_beside_the_service_reads_what_it_has(headless: Headless, watched: Watched) -> None:
    assert BESIDE.format(headless.tree) in headless.check("one")
    watched.write("b.py", "two")
    watched.check()
    headless.check("one", "two")


def test_index_beside_the_service_has_it_look_at_every_file(headless: Headless, watched: Watched) -> None:
    watched.write("b.py", "two", "three")
    status, output, told = headless.run("index", "--headless")
    assert (status, output.split()[:2]) == (0, ["3", "functions,"])
    assert f"The service has {headless.tree} open" in told[0]
    assert headless.run("index", "--headless", "--quiet", "--wait", "0")[0] == 0
    watched.check()


def test_search_beside_another_run_reads_what_it_has(headless: Headless) -> None:
    with headless.writer() as index:
        status, _, told = headless.run("search", "one", "--no-service")
        assert (status, BESIDE.format(headless.tree) in told) == (1, True)
        for _ in index.scan():
            pass
        headless.check("one")
    assert not any("Another funcseek" in sentence for sentence in headless.check("one"))


def test_index_waits_for_another_run(headless: Headless) -> None:
    with headless.writer():
        process = headless.start("index", "--headless")
        assert process.stderr is not None
        assert "is indexing" in process.stderr.readline()
    output, _ = process.communicate(timeout=120)
    assert (process.returncode, output.split()[0]) == (0, "1")


def test_index_that_waited_in_vain_says_why_it_does_not(headless: Headless) -> None:
    with headless.writer():
        status, output, told = headless.run("index", "--headless", "--wait", "0")
    assert (status, output, len(told)) == (3, "", 1)
    assert f"Another funcseek is indexing {headless.tree}; try again later" in told[0]


def test_several_parts_of_one_root_are_searched_at_once(headless: Headless) -> None:
    (headless.tree / ".git").mkdir()
    for folder in ("x", "y", "z"):
        (headless.tree / folder).mkdir()
        (headless.tree / folder / "a.py").write_text(source(f"part_{folder}"))
    status, output, _ = headless.run("search", "part_x part_y part_z", "x", "y", "--json", "--no-service")
    assert (status, {result["path"] for result in json.loads(output)["results"]}) == (0, {"x/a.py", "y/a.py"})
