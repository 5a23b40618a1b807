"""The command line as a person and a script meet it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.doubles import lay_out
from tests.server.commands import BOUND_BY_MODES, Commands

if TYPE_CHECKING:
    from pathlib import Path

TREE = """\
--- net.py
def fetch_with_retries(url):
    "Retry a request with exponential backoff."
    return url

class Pool:
    async def get(self, key, *,
                  wait=True):
        return key
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "tree", TREE)


@pytest.fixture
def funcseek(home: Path, tree: Path) -> Commands:
    return Commands(home, tree)


def test_search_shows_place_signature_and_documentation(funcseek: Commands) -> None:
    done = funcseek("search", "retry with exponential backoff", "--limit", "1")
    assert done.stdout.splitlines() == [
        "net.py:1  fetch_with_retries",
        "    def fetch_with_retries(url)",
        "    Retry a request with exponential backoff.",
    ]
    assert "Searched by words only" in done.stderr
    assert done.returncode == 0


def test_search_prints_the_documented_json(funcseek: Commands) -> None:
    answer = json.loads(funcseek("search", "Pool.get", "--json", "--limit", "1").stdout)
    score = answer["results"][0].pop("score")
    assert score > 0
    assert answer == {
        "query": "Pool.get",
        "results": [
            {
                "path": "net.py", "line": 6, "end_line": 8, "name": "get", "qualified_name": "Pool.get",
                "kind": "method", "language": "python", "doc": "",
                "signature": "async def get(self, key, *, wait=True)",
                "enclosing": "",
                "is_declaration": False,
                "is_test": False,
                "is_generated": False,
                "is_stale": False,
                "confidence": 1.0,
            }
        ],
        "coverage": {"functions": 2, "embedded": 0, "pending_files": 0},
        "model": None,
        "reranker": None,
        "generation": answer["generation"],
        "is_confident": True,
    }  # fmt: skip


def test_search_explains_its_scores(funcseek: Commands) -> None:
    answer = json.loads(funcseek("search", "fetch retries", "--json", "--explain").stdout)
    for result in answer["results"]:
        assert sum(result["parts"].values()) == pytest.approx(result["score"], abs=0.01)
    shown = funcseek("search", "fetch retries", "--explain").stdout
    assert "name +" in shown
    assert "parts" not in funcseek("search", "fetch retries", "--json").stdout


def test_search_leaves_out_what_is_unlikely(funcseek: Commands) -> None:
    assert funcseek("search", "Pool.get", "--min-score", "1").returncode == 0
    refused = funcseek("search", "Pool.get", "--min-score", "2")
    assert refused.returncode == 2
    assert "0 to 1" in refused.stderr


def test_search_speaks_vim(funcseek: Commands) -> None:
    done = funcseek("search", "Pool.get", "--vimgrep", "--limit", "1")
    assert done.stdout == "net.py:6:15:async def get(self, key, *, wait=True)\n"


def test_search_answers_each_line_of_input_in_order(funcseek: Commands) -> None:
    done = funcseek("search", "--stdin", "--limit", "1", text="Pool.get\n\nretry a request\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(answer["query"], answer["results"][0]["name"]) for answer in answers] == [
        ("Pool.get", "get"),
        ("retry a request", "fetch_with_retries"),
    ]


def test_search_without_service_gives_the_same(funcseek: Commands, tmp_path: Path) -> None:
    alone = Commands(tmp_path / "alone", funcseek.folder)
    asked = ("search", "retry a request", "--json")
    assert alone(*asked, "--no-service").stdout == funcseek(*asked).stdout
    assert not (tmp_path / "alone" / "run").exists()


def test_search_that_finds_nothing_exits_with_one(funcseek: Commands) -> None:
    done = funcseek("search", "xyzzy")
    assert (done.returncode, done.stdout) == (1, "No function found.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("search",), "No query was given"),
        (("search", "x", "/no/such/folder"), "does not exist"),
        (("search", "x", "--limit", "0"), "give a whole number from 1 to 100"),
        (("search", "x", "--lang", "klingon"), "Unknown language 'klingon'"),
        (("index", "net.py"), "is a file"),
        (("index", "--headless", "/no/such/folder"), "does not exist"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_two(funcseek: Commands, arguments: tuple[str, ...], sentence: str) -> None:
    done = funcseek(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.startswith("funcseek: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", [None, "notes.txt"])
@pytest.mark.parametrize("option", ["--json", "--no-service"])
def test_folder_without_source_says_so(home: Path, tmp_path: Path, name: str | None, option: str) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    if name:
        (bare / name).write_text("no code")
    done = Commands(home if option == "--json" else tmp_path / "alone", bare)("search", "anything", option)
    assert done.returncode == 1
    assert "holds no file in a supported language" in done.stderr


def test_headless_index_then_search_needs_no_service(tree: Path, tmp_path: Path) -> None:
    alone = Commands(tmp_path / "alone", tree)
    assert alone("index", "--headless").stdout == "2 functions, 0 of them found by meaning as well as by words.\n"
    assert "fetch_with_retries" in alone("search", "retry", "--no-service").stdout


def test_status_shows_the_opened_folder(funcseek: Commands) -> None:
    funcseek("index")
    status = json.loads(funcseek("status", "--json").stdout)
    assert status["running"]
    (root,) = [root for root in status["roots"] if root["root"] == str(funcseek.folder)]
    assert (root["phase"], root["functions"]) == ("ready", 2)
    assert f"{funcseek.folder}: ready, 1 files, 2 functions" in funcseek("status").stdout


def test_status_without_a_service_is_no_failure(tree: Path, tmp_path: Path) -> None:
    done = Commands(tmp_path / "alone", tree)("status")
    assert done.returncode == 0
    assert "No service runs" in done.stdout


def test_cleared_index_is_built_again(funcseek: Commands) -> None:
    funcseek("index")
    assert funcseek("clear").returncode == 0
    assert funcseek("search", "retry a request").returncode == 0


def test_cache_that_cannot_be_written_is_one_sentence(funcseek: Commands, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = Commands(tmp_path / "file" / "home", funcseek.folder)("index", "--headless")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert "set FUNCSEEK_HOME" in done.stderr


def test_full_disk_loses_nothing(tree: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands in for a disk that fills up in the middle of indexing."""
    alone = Commands(tmp_path / "alone", lay_out(tree, TREE))
    assert alone("index", "--headless").returncode == 0
    (tree / "many.py").write_text("".join(f"def function_{number}(): return {number}\n" for number in range(3000)))
    limited = subprocess.run(
        ["bash", "-c", f"ulimit -f 400; exec {sys.executable} -P -m funcseek.server index --headless"],
        cwd=tree, env=alone.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (limited.returncode, limited.stderr.count("\n")) == (4, 1)
    assert "fetch_with_retries" in alone("search", "retry", "--no-service").stdout
    assert "function_77" in alone("search", "function_77", "--no-service").stdout


@pytest.mark.parametrize("descriptors", [8, 24])
def test_too_few_descriptors_are_one_sentence(tree: Path, tmp_path: Path, descriptors: int) -> None:
    alone = Commands(tmp_path / "alone", lay_out(tree, TREE))
    limited = subprocess.run(
        ["bash", "-c", f"ulimit -n {descriptors}; exec {sys.executable} -P -m funcseek.server index --headless"],
        cwd=tree, env=alone.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (limited.returncode, limited.stderr.count("\n")) == (4, 1), limited.stderr
    assert "fetch_with_retries" in alone("search", "retry", "--no-service").stdout


def test_socket_path_that_is_too_long_says_what_to_set(funcseek: Commands, tmp_path: Path) -> None:
    done = Commands(tmp_path / ("x" * 100), funcseek.folder)("search", "x")
    assert done.returncode == 4
    assert "set FUNCSEEK_HOME to a shorter folder" in done.stderr


HOSTILE = "a\x1b]0;title\x07\x1b[31m\n\u202e\x9b"


@pytest.mark.parametrize(
    "arguments",
    [
        ("functions", "."),
        ("files",),
        ("files", "--explain", f"{HOSTILE}.py"),
        ("index", "--headless"),
        ("search", "evil", "--no-service", "--explain"),
        ("search", "evil", "--no-service", "--vimgrep"),
        ("search", "--no-service", "x", HOSTILE),
        ("similar", f"{HOSTILE}.py:2", "--no-service"),
        ("model", "install", "--from", HOSTILE),
        ("model", "use", HOSTILE),
        ("clear",),
    ],
    ids=lambda arguments: " ".join(arguments).partition("a\x1b")[0],
)
def test_no_command_prints_what_a_terminal_obeys(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Names of folders, files and functions, signatures and documentation are somebody else's text."""
    folder = tmp_path / HOSTILE
    folder.mkdir()
    doc = HOSTILE.replace("\n", " ")
    (folder / f"{HOSTILE}.py").write_text(f'def evil(a="{doc}"):\n    """Evil {doc}."""\n')
    done = Commands(tmp_path / "home", folder)(*arguments)
    shown = done.stdout + done.stderr
    assert "Traceback" not in shown
    assert "\\x1b" in shown or arguments[0] in ("index", "similar")
    assert [mark for mark in "\x1b\x07\x9b\u202e\r" if mark in shown] == []


def test_hostile_names_are_escaped_on_the_terminal(funcseek: Commands) -> None:
    (funcseek.folder / "a\x1b[31m\n\u202e.py").write_text("def evil_name(): pass\n")
    funcseek("index")
    shown = funcseek("search", "evil_name").stdout
    assert "\\x1b[31m\\n\\u202e" in shown
    assert "\x1b" not in shown


def test_search_with_a_running_service_imports_nothing_heavy(funcseek: Commands) -> None:
    funcseek("index")
    script = (
        "import sys; from funcseek.server.__main__ import main; main(['search', 'retry a request']);"
        "print(sorted({'numpy', 'torch', 'onnxruntime', 'hnswlib', 'tree_sitter', 'pygls'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=funcseek.folder, env=funcseek.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"


def test_functions_are_listed_without_an_index(funcseek: Commands) -> None:
    (funcseek.folder / "min.py").write_text("x=1;" * 10_000)
    done = funcseek("functions", ".")
    assert done.stdout.splitlines() == [
        "net.py:1  fetch_with_retries  (function)",
        "    def fetch_with_retries(url)",
        "net.py:6  Pool.get  (method)",
        "    async def get(self, key, *, wait=True)",
    ]
    assert done.stderr.splitlines() == ["funcseek: min.py is minified."]
    assert done.returncode == 0


def test_functions_as_json_have_the_fields_of_a_search_result(funcseek: Commands) -> None:
    listed = json.loads(funcseek("functions", "net.py", "--json").stdout)
    found = json.loads(funcseek("search", "fetch_with_retries", "--json").stdout)
    assert listed["skipped"] == []
    of_an_answer = ("score", "is_stale", "confidence")
    assert listed["functions"][0] == {
        key: value for key, value in found["results"][0].items() if key not in of_an_answer
    }


@pytest.mark.parametrize("name", ["notes.txt", "gone.py"])
def test_file_without_functions_says_why(funcseek: Commands, name: str) -> None:
    (funcseek.folder / "notes.txt").write_text("nothing")
    done = funcseek("functions", name)
    assert done.returncode in (1, 2)
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_files_tell_what_is_in_and_why_the_rest_is_out(funcseek: Commands) -> None:
    (funcseek.folder / "notes.txt").write_text("nothing")
    assert funcseek("files").stdout.splitlines() == [
        "net.py  python",
        "notes.txt is not searched: it is in no supported language",
    ]
    assert json.loads(funcseek("files", "--json").stdout)["files"] == {"net.py": "python"}


def test_a_path_is_explained(funcseek: Commands) -> None:
    (funcseek.folder / "deep.py").write_text("(\n" * 50_000)
    assert funcseek("files", "--explain", "net.py", "deep.py", "gone.py").stdout.splitlines() == [
        "net.py is searched as python. It holds 2 functions.",
        "deep.py is searched as python. It holds 0 functions. Some may be missing: it is nested too deeply.",
        "gone.py cannot be searched (No such file or directory).",
    ]


def test_what_may_not_be_read_is_said_and_costs_nothing_else(funcseek: Commands) -> None:
    funcseek.prefix = BOUND_BY_MODES
    (funcseek.folder / "secret.py").write_text("def secret(): pass\n")
    (funcseek.folder / "secret.py").chmod(0)
    told = funcseek("files").stdout.splitlines()
    assert told == ["net.py  python", "secret.py is not searched: it cannot be read (Permission denied)"]
    assert "fetch_with_retries" in funcseek("search", "retry", "--no-service").stdout
    funcseek.folder.chmod(0o300)
    done = funcseek("files", str(funcseek.folder))
    funcseek.folder.chmod(0o700)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "cannot be read; make it readable for you." in done.stderr


def test_indexes_of_folders_that_are_gone_are_cleared_with_their_vectors(tree: Path, tmp_path: Path) -> None:
    alone = Commands(tmp_path / "alone", tree)
    assert alone("clear", "--gone").stdout == "Nothing is indexed.\n"
    gone = lay_out(tmp_path / "gone", TREE)
    assert alone("index", "--headless", str(gone)).returncode == 0
    assert alone("index", "--headless").returncode == 0
    gone.rename(tmp_path / "away")
    done = alone("clear", "--gone")
    assert done.stdout.splitlines() == [
        f"The index of {gone} is deleted.",
        "0 vectors that no folder uses are deleted.",
    ]
    assert "fetch_with_retries" in alone("search", "retry", "--no-service").stdout
    assert len(list((tmp_path / "alone" / "indexes").iterdir())) == 1


def test_gone_folder_that_the_service_has_open_is_cleared(funcseek: Commands, tmp_path: Path) -> None:
    gone = lay_out(tmp_path / "gone", TREE)
    funcseek("index", str(gone))
    gone.rename(tmp_path / "away")
    assert f"The index of {gone} is deleted." in funcseek("clear", "--gone").stdout
    assert str(gone) not in funcseek("status").stdout


def test_status_tells_what_the_disk_holds(funcseek: Commands) -> None:
    funcseek("index")
    status = json.loads(funcseek("status", "--json").stdout)
    assert status["shared_bytes"] > 0
    assert all(root["disk_bytes"] > 0 for root in status["roots"] if root["root"] == str(funcseek.folder))
    assert "MB of the disk" in funcseek("status").stdout
