"""``python -m bench.quality`` from the options to the tables, in the processes that it starts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bench.quality.__main__ import main
from tests.doubles import lay_out

if TYPE_CHECKING:
    from pathlib import Path

FILES = """
--- code/pool.py
def take_connection(pool):
    return pool.pop()
def give_back(pool, connection):
    pool.append(connection)
--- code.csv
query,path,function
take a connection,code/pool.py,take_connection
give it back,code/pool.py,give_back
"""


def test_tables_are_printed_and_everything_is_written(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder, cache = lay_out(tmp_path / "set", FILES), tmp_path / "cache"
    asked = ["--load", f"csv:{folder}/code.csv", "--cache", str(cache), "--json", str(tmp_path / "all.json")]
    assert main([*asked, "--system", "bm25", "--system", "oracle", "--system", "command:no-such-peer {query}"]) == 0
    printed = capfd.readouterr()
    assert "| bm25   |     1.000 |     1.000 |" in printed.out
    values = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in values["systems"]] == ["bm25"]
    assert values["systems"][0]["memory"] > 0
    assert len(values["left out"]) == 2
    assert all(sentence in printed.err for sentence in values["left out"])


def test_nothing_to_ask_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.jsonl"
    file.touch()
    assert main(["--questions", str(file), "--cache", str(tmp_path)]) == 1
    assert "nothing to ask" in capfd.readouterr().err


@pytest.mark.parametrize("options", [["--sets", "docs"], ["--corpora", "no-such"], ["--load", "csv:gone.csv"]])
def test_options_that_mean_nothing_are_refused(options: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([*options, "--cache", str(tmp_path)])
