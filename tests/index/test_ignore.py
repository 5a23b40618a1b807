"""Ignore rules are git's: every verdict, with its file and line, is compared with `git check-ignore`."""

from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING

import pytest

from funcseek.index.ignore import excluding_rule, ignores
from funcseek.index.ignore_files import GIT_SOURCES
from funcseek.index.rules import MAX_IGNORE_BYTES, MAX_IGNORE_LINES
from funcseek.index.wildmatch import pattern
from tests.index.git_program import git, plant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="the oracle is git itself")

_NAMES = """
a b aa ab abc ba z A # #a !a \\a [a] * a.b x.log keep.log .hidden trail\\ - ] é
d/a d/b d/ab d/x.log d/keep.log d/e/a d/e/b d/e/f/a d/e/f/ab d/é/x.log D/a
foo/bar foo/x/bar foo/x/y/bar foobar/bar foox/y/bar build/a.py sub/build/z.py build2/k
gen/f.py gen/keep/f.py s/gen/f.py s/gen/keep/f.py doc/t.txt doc/sub/t.txt keep.log.d/inner.py
"""
TREE = [*_NAMES.split(), "d/new\nline/a", "a b/c"]

_PIECES = """
a b ab d e foo bar x.log build gen * * ** *** ? / / / /**/ **/ /** [ab] [!a] [a-c] [z-a] []a] [[:alpha:]]
[![:digit:]x] [a \\a \\* \\ \\/ ! # . - é [é] [a-] [--a] [[:] [!/] [+-9] $ + ( { | ^ a**/ .*
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", ".")
    plant(tmp_path, dict.fromkeys(TREE, b""))
    return tmp_path


def everything_below(root: Path) -> list[str]:
    paths = (place.relative_to(root).as_posix() for place in sorted(root.rglob("*")))
    return [path for path in paths if ".git" not in path.split("/")]


def git_verdicts(root: Path, paths: list[str]) -> dict[str, tuple[str, int] | None]:
    """Return, for each path, the file and line by which git ignores it."""
    fields = git(root, "check-ignore", "--no-index", "-z", "-v", "-n", "--stdin", given="\0".join(paths)).split("\0")
    rows = zip(fields[0::4], fields[1::4], fields[2::4], fields[3::4], strict=False)
    return {
        path: None if not source or text.startswith("!") else (source, int(line)) for source, line, text, path in rows
    }


def check(root: Path, files: Mapping[str, bytes]) -> int:
    """Compare every path below ``root`` under these ignore files with git; return how many were compared."""
    plant(root, files)
    paths = everything_below(root)
    expected = git_verdicts(root, paths)
    assert len(expected) == len(paths)
    for path in paths:
        rule = excluding_rule(root, path, is_folder=(root / path).is_dir(), sources=GIT_SOURCES)
        assert (rule and (rule.source, rule.line)) == expected[path], (files, path, rule)
    return len(paths)


@pytest.mark.parametrize(
    "lines",
    [
        b"*.log\n!keep.log",
        b"/build\n!/build/",
        b"gen/\n!gen/keep/",
        b"**/gen/**\n!**/gen/keep/",
        b"doc/*.txt\n",
        b"d/**/a\nd/**\n!d/e/",
        b"*\n!d/\n!d/*.log",
        b"foo**/bar\nfoo/**/bar\nfoo/*/bar",
        b"**\n!*/\n!a*",
        b"a**\n**b\n***",
        b"/**a\nd/**b",
        b"**/\n!build/",
        b"\\#a\n#a\n\\!a\n!\\a\n\\\\a",
        b"trail\\\\ \ntrail\\ \ntrail ",
        b"a \nb\\ \nab\t",
        b"[a-c]\n[!a]b\n[^b]a\n[z-a]",
        b"[]a]",
        b"[[]a]\n[a\n[!a",
        b"[!]a]\n![\\]a]",
        b"[a-]\n![--A]",
        b"[[:alpha:]]\n![[:upper:]]\n[[:bad:]]\n[[:alpha:\n[[:]",
        b"d[/]a\nd[+-9]a\nd[!x]a\nd?a\nd[[:punct:]]a",
        b"d\\/a",
        b"\xc3\xa9\n?\n??",
        b"[\xc3\xa9]\n\xc3?",
        b"\\\n!\na\\\n/\n//\n!!\n/ \n",
        b"a\r\nb\r\r\n\r\nz\n",
        b"\xef\xbb\xbfa\nb",
        b"a\0b\nz\0\n\0b",
        b"d**/\n!/d/",
        b"d/**\\/a\nfoo/**\\/bar",
        b"d/e\n!d/e/a\nd//a\n/d/\n./a\n../a",
        b"A\nd/A\nD/",
        b"\\*\n\\[a]\n\\.hidden\n\\d/a",
        "*.log\n!keep.log\n/d/\n".encode("utf-16"),
        "*.log\n!keep.log\n/d/\n".encode("utf-16-le"),
        "*.log\n!keep.log\n/d/\n".encode("utf-16-be"),
    ],
)
def test_verdicts_are_gits_for_tricky_lines(repository: Path, lines: bytes) -> None:
    check(repository, {".gitignore": lines})


def test_the_nearest_file_decides_when_several_match(repository: Path) -> None:
    check(
        repository,
        {
            ".gitignore": b"*.log\n/d/e/a\nfoo/x/",
            "d/.gitignore": b"!x.log\n/b\n*.py\n",
            "d/e/.gitignore": b"*\n!f/\n!/a",
            "foo/x/.gitignore": b"!bar\n!*",
            ".git/info/exclude": b"z\n!keep.log\nkeep.log.d/\n",
        },
    )


def test_verdicts_are_gits_for_random_lines(repository: Path) -> None:
    chance = random.Random(20261123)
    pieces = [*_PIECES.split(), " ", "\\ ", "\t"]

    def line() -> str:
        body = "".join(chance.choice(pieces) for _ in range(chance.randint(1, 5)))
        return ("", "", "", "!")[chance.randrange(4)] + body + ("", "", "/")[chance.randrange(3)]

    def lines(most: int) -> bytes:
        return "\n".join(line() for _ in range(chance.randint(1, most))).encode()

    places = (".gitignore", "d/.gitignore", "d/e/.gitignore", ".git/info/exclude")
    assert sum(check(repository, {place: lines(4) for place in places}) for _ in range(40)) > 2500


def test_the_exclude_file_of_the_main_repository_counts_in_a_worktree(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "first")
    tree = tmp_path / "tree"
    git(repository, "worktree", "add", "-q", str(tree))
    plant(repository, {".git/info/exclude": b"*.log\n"})
    plant(tree, {"x.log": b"", "a": b""})
    rule = excluding_rule(tree, "x.log", is_folder=False)
    assert rule is not None
    assert (rule.source, rule.line) == (".git/info/exclude", 1)
    assert excluding_rule(tree, "a", is_folder=False) is None
    assert "x.log" not in git(tree, "ls-files", "--others", "--exclude-standard")


@pytest.mark.parametrize(
    "link", [b"gitdir: ../elsewhere", b"gitdir: //host/share", b"gitdir: \0", b"elsewhere", b"gitdir: " + b"x" * 9000]
)
def test_a_git_file_that_leads_nowhere_is_harmless(tmp_path: Path, link: bytes) -> None:
    plant(tmp_path, {"elsewhere/info/exclude": b"*", "r/.git": link})
    assert excluding_rule(tmp_path / "r", "a", is_folder=False) is None


def test_a_git_file_is_not_followed_to_another_machine(tmp_path: Path) -> None:
    plant(tmp_path, {"real/HEAD": b"x", "real/info/exclude": b"a", "r/.git": f"gitdir: {tmp_path}/real\n".encode()})
    assert excluding_rule(tmp_path / "r", "a", is_folder=False) is not None
    plant(tmp_path, {"r/.git": f"gitdir: /{tmp_path}/real\n".encode()})
    assert excluding_rule(tmp_path / "r", "a", is_folder=False) is None


@pytest.mark.parametrize("make", ["link", "pipe", "folder"])
def test_an_ignore_file_that_is_no_regular_file_is_not_read(tmp_path: Path, make: str) -> None:
    plant(tmp_path, {"target": b"*"})
    place = tmp_path / ".gitignore"
    if make == "link":
        place.symlink_to("target")
    elif make == "pipe":
        os.mkfifo(place)
    else:
        place.mkdir()
    assert excluding_rule(tmp_path, "a", is_folder=False) is None


@pytest.mark.parametrize("line", [b"*a*a*a*a*a*a*a*a*b", b"**/a" * 8 + b"b", b"[a-z]*" * 40 + b"0"])
def test_a_hostile_line_is_matched_in_linear_time(tmp_path: Path, line: bytes) -> None:
    """By backtracking these take minutes to centuries; RE2 never backtracks, and its expressions grow with the line."""
    plant(tmp_path, {".gitignore": line})
    meant = pattern(line)
    assert meant is not None
    assert len(meant.regex) <= 8 * len(line)
    assert excluding_rule(tmp_path, "a" * 4000, is_folder=False) is None


def test_only_the_first_lines_and_bytes_of_an_ignore_file_count(tmp_path: Path) -> None:
    plant(tmp_path, {".gitignore": b"early\n" + b"#\n" * (MAX_IGNORE_LINES - 2) + b"last\nlate\n"})
    assert [excluding_rule(tmp_path, name, is_folder=False) is not None for name in ("early", "last", "late")] == [
        True,
        True,
        False,
    ]
    plant(tmp_path, {".gitignore": b"early\n#" + b"x" * MAX_IGNORE_BYTES + b"\nlate"})
    assert excluding_rule(tmp_path, "late", is_folder=False) is None


def test_a_file_of_a_million_wildcards_is_cut_where_it_is_too_costly(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plant(tmp_path, {".gitignore": b"early\n" + (b"*a" * 500 + b"\n") * 900})
    assert ignores(tmp_path).excluding(b"early", is_folder=False)
    assert capfd.readouterr().err == ""


def test_costly_files_in_nested_folders_share_one_budget(tmp_path: Path) -> None:
    costly = b"".join(b"%0999d\n" % number for number in range(580))
    folders = ["/".join("abcde"[: depth + 1]) for depth in range(5)]
    plant(tmp_path, {f"{folder}/.gitignore": b"x\n" + costly for folder in folders})
    ignored = [excluding_rule(tmp_path, f"{folder}/x", is_folder=False) for folder in folders]
    assert [rule and rule.source for rule in ignored] == [f"{folder}/.gitignore" for folder in folders[:4]] + [
        "a/b/c/d/.gitignore"
    ]


def test_a_line_longer_than_any_path_is_passed_over(tmp_path: Path) -> None:
    plant(tmp_path, {".gitignore": b"a\n" + b"*" * 5000})
    assert excluding_rule(tmp_path, "a", is_folder=False) is not None
    assert excluding_rule(tmp_path, "b", is_folder=False) is None


def test_our_own_file_is_stronger_than_a_nearer_gitignore(tmp_path: Path) -> None:
    plant(tmp_path, {".funcseekignore": b"!a\nb", "d/.gitignore": b"a\n!b", "d/e/.funcseekignore": b"!b"})
    verdicts = {path: excluding_rule(tmp_path, path, is_folder=False) for path in ("d/a", "d/b", "d/e/b")}
    assert {path: rule and rule.source for path, rule in verdicts.items()} == {
        "d/a": None,
        "d/b": ".funcseekignore",
        "d/e/b": None,
    }


@pytest.mark.parametrize("source", [".funcseekignore", ".gitignore", ".git/info/exclude"])
def test_a_negated_line_brings_a_default_exclude_back(tmp_path: Path, source: str) -> None:
    (tmp_path / "build").mkdir()
    assert excluding_rule(tmp_path, "build/a.py", is_folder=False) is not None
    plant(tmp_path, {source: b"!build/", ".git/HEAD": b"x"})
    assert excluding_rule(tmp_path, "build/a.py", is_folder=False) is None
    assert excluding_rule(tmp_path, "dist/a.py", is_folder=False) is not None


def test_a_default_exclude_spares_a_file_of_that_name(tmp_path: Path) -> None:
    assert excluding_rule(tmp_path, "sub/build", is_folder=False) is None
    assert excluding_rule(tmp_path, "sub/build", is_folder=True) is not None


def test_a_nested_repository_has_its_own_rules_and_ours_but_not_those_of_the_one_around_it(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            ".gitignore": b"*.log",
            ".funcseekignore": b"ours",
            "n/.git/HEAD": b"x",
            "n/.git/info/exclude": b"mine",
            "n/in/.gitignore": b"*.log",
        },
    )
    paths = ("mine", "n/mine", "a.log", "n/a.log", "n/in/a.log", "n/ours", "n/vendor/a")
    ignored = [path for path in paths if excluding_rule(tmp_path, path, is_folder=False)]
    assert ignored == ["n/mine", "a.log", "n/in/a.log", "n/ours", "n/vendor/a"]


@pytest.mark.parametrize("line", [b"", b"# a", b"!", b"/", b"a\\", b"[a", b"[[:bad:]]", b"\r", b"   "])
def test_a_line_that_can_match_nothing_has_no_pattern(line: bytes) -> None:
    assert pattern(line) is None
