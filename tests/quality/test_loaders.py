"""Public sets in the formats they are published in."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from bench.quality.loaders import load

if TYPE_CHECKING:
    from pathlib import Path

    from bench.quality.sets import Case

TAKE, GIVE = "def take(pool):\n    return pool.pop()\n", "def give(pool, one):\n    pool.append(one)\n"


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def check(case: Case, query: str, text: str) -> None:
    """Compare the query, and the text of the one file that answers."""
    (answer,) = case.question.answers
    assert case.question.query == query
    assert (case.root / answer.path).read_text(encoding="utf-8") == text


def test_codesearchnet_loses_the_docstring_it_asks_with(tmp_path: Path) -> None:
    code = 'def take(pool):\n    """Take one.\n\n    From the end.\n    """\n    return pool.pop()\n'
    row = {
        "repo": "a/b", "path": "pool.py", "func_name": "take", "original_string": code, "language": "python",
        "code": code, "code_tokens": [], "docstring": "Take one.\n\n    From the end.", "docstring_tokens": [],
        "sha": "0", "url": "", "partition": "test",
    }  # fmt: skip
    file = tmp_path / "python_test_0.jsonl.gz"
    go = {"func_name": "Give", "code": "func Give() {}\n", "docstring": "// Give one back.", "language": "go"}
    file.write_bytes(gzip.compress(lines(row, go).encode()))
    first, second = load(f"codesearchnet:{file}", tmp_path / "cache")
    check(first, "Take one.", "def take(pool):\n    pass\n    return pool.pop()\n")
    check(second, "// Give one back.", "func Give() {}\n")
    assert second.question.answers[0].path.endswith(".go")


def test_cosqa_asks_only_what_has_an_answer(tmp_path: Path) -> None:
    rows = [
        {"idx": "cosqa-train-0", "doc": "python take from pool", "code": TAKE, "label": 1},
        {"idx": "cosqa-train-1", "doc": "python sort a list", "code": GIVE, "label": 0},
        {"idx": "cosqa-train-2", "doc": "put back", "code": GIVE, "label": 1},
    ]
    file = tmp_path / "cosqa-train.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    first, second = load(f"cosqa:{file}", tmp_path / "cache")
    check(first, "python take from pool", TAKE)
    check(second, "put back", GIVE)
    assert first.root == second.root


@pytest.mark.parametrize("head", ["query-id\tcorpus-id\tscore", "query_id\tcorpus_id\tscore"])
def test_coir_takes_the_test_split(tmp_path: Path, head: str) -> None:
    folder = tmp_path / "cosqa"
    (folder / "qrels").mkdir(parents=True)
    corpus = lines({"_id": "d1", "title": "", "text": TAKE, "language": "python"}, {"_id": "d2", "text": GIVE})
    (folder / "corpus.jsonl").write_text(corpus, encoding="utf-8")
    queries = lines({"_id": "q1", "text": "take one"}, {"_id": "q2", "text": "give one"})
    (folder / "queries.jsonl").write_text(queries, encoding="utf-8")
    (folder / "qrels" / "train.tsv").write_text(f"{head}\nq1\td1\t1\n", encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(f"{head}\nq1\td1\t0\nq2\td2\t1\n", encoding="utf-8")
    (only,) = load(f"coir:{folder}", tmp_path / "cache")
    check(only, "give one", GIVE)


def test_repoqa_asks_in_each_repository(tmp_path: Path) -> None:
    needle = {"name": "take", "path": "src/pool.py", "start_line": 0, "end_line": 2, "description": " Takes one. "}
    repository = {
        "repo": "a/pool", "commit_sha": "0", "entrypoint_path": "src", "topic": "pools",
        "content": {"src/pool.py": TAKE}, "dependency": {}, "needles": [needle],
    }  # fmt: skip
    file = tmp_path / "repoqa.json.gz"
    file.write_bytes(gzip.compress(json.dumps({"python": [repository]}).encode()))
    (only,) = load(f"repoqa:{file}", tmp_path / "cache")
    check(only, "Takes one.", TAKE)
    assert only.question.answers[0].function == "take"
    assert only.root.name == "a-pool"


def test_csv_asks_about_the_code_beside_it(tmp_path: Path) -> None:
    (tmp_path / "pool.py").write_text(TAKE, encoding="utf-8")
    file = tmp_path / "mine.csv"
    file.write_text('query,path,function\n"take, please",pool.py,take\n', encoding="utf-8")
    (only,) = load(f"csv:{file}", tmp_path / "cache")
    check(only, "take, please", TAKE)
    assert (only.question.language, only.root) == ("python", tmp_path)


@pytest.mark.parametrize("argument", ["csv", "csv:", "other:x", "csv:gone.csv"])
def test_what_is_no_set_is_said(tmp_path: Path, argument: str) -> None:
    with pytest.raises(ValueError, match="is no set to load"):
        load(argument, tmp_path)


def test_file_of_another_kind_is_said(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text("[1]\n", encoding="utf-8")
    for kind in ("codesearchnet", "cosqa", "repoqa", "coir"):
        with pytest.raises(ValueError, match=f"not a set of the kind {kind}"):
            load(f"{kind}:{file}", tmp_path)


def test_path_outside_of_a_repository_is_refused(tmp_path: Path) -> None:
    repository = {"repo": "a", "content": {"../x.py": TAKE}, "needles": []}
    file = tmp_path / "repoqa.json"
    file.write_text(json.dumps({"python": [repository]}), encoding="utf-8")
    with pytest.raises(ValueError, match="outside"):
        load(f"repoqa:{file}", tmp_path / "cache")
