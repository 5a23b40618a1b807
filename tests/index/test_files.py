"""What counts as a file of a root, why, and what is read of it, with files made to cause trouble."""

from __future__ import annotations

import os
import socket
from hashlib import blake2b
from pathlib import Path

import pytest

from funcseek.index import content
from funcseek.index.content import BINARY_SAMPLE_BYTES, MAX_FILE_BYTES, head
from funcseek.index.errors import RootError
from funcseek.index.files import (
    MAX_SCRIPT_BYTES,
    Content,
    FoundFile,
    Skipped,
    check_root,
    enclosing_root,
    look,
    read,
    scan,
)
from funcseek.index.omissions import Omission, explain, explain_functions, survey
from funcseek.index.walk import MAX_DEPTH
from tests.index.trees import BY_DEFAULT, CODE, check, plant


def skipped(root: Path, path: str) -> Skipped:
    outcome = read(root, path)
    assert isinstance(outcome, Skipped)
    return outcome


def test_a_found_file_carries_its_status_and_language(tmp_path: Path) -> None:
    plant(tmp_path, "a/b.py")
    status = (tmp_path / "a/b.py").stat()
    assert list(scan(tmp_path)) == [
        FoundFile("a/b.py", len(CODE), status.st_mtime_ns, status.st_ctime_ns, status.st_ino, 0, "python")
    ]


def test_files_come_in_the_order_of_names(tmp_path: Path) -> None:
    plant(tmp_path, "c.py", "a.py", "b.py", "d/b.py", "d/a.py")
    assert [file.path for file in scan(tmp_path)] == ["a.py", "b.py", "c.py", "d/a.py", "d/b.py"]


def test_only_files_in_a_language_count(tmp_path: Path) -> None:
    plant(tmp_path, "a.py", "b.go", "README", "notes.unknown", ".hidden.py", ".py", "sub/C.JAVA", "empty.d/x.png")
    check(tmp_path, "a.py", "b.go", ".hidden.py", "sub/C.JAVA")


def test_a_script_without_suffix_counts_by_its_first_line(tmp_path: Path) -> None:
    script = b"#!/usr/bin/env python3\n" + CODE
    plant(tmp_path, "tool", "tool.unknown", "bin/tool", data=script)
    plant(tmp_path, "large", "large-executable", data=script + CODE * (MAX_SCRIPT_BYTES // len(CODE)))
    (tmp_path / "large-executable").chmod(0o755)
    check(tmp_path, "tool", "bin/tool", "large-executable")


def test_ignored_and_default_folders_are_left_out(tmp_path: Path) -> None:
    plant(tmp_path, "a.py", "sub/a.py", "sub/b.py", "node_modules/m.js", "sub/node_modules/m.js", ".git/hook.py")
    plant(tmp_path, "build/a.py", "dist/a.py", "gen/a.py", "gen/keep.py")
    plant(tmp_path, ".gitignore", data=b"/sub/b.py\ngen\n!gen/keep.py\n")
    plant(tmp_path, ".funcseekignore", data=b"!build/\n!.git/\n")
    check(tmp_path, "a.py", "sub/a.py", "build/a.py")


@pytest.mark.parametrize("above", ["node_modules/pkg", "lib/site-packages/pkg", "build"])
def test_rules_above_the_root_do_not_count(tmp_path: Path, above: str) -> None:
    plant(tmp_path, f"{above}/a.py", f"{above}/node_modules/b.js")
    plant(tmp_path, ".gitignore", data=b"*")
    check(tmp_path / above, "a.py")


def test_a_nested_repository_is_searched_under_its_own_rules(tmp_path: Path) -> None:
    plant(tmp_path, "nested/.git/HEAD", "nested/a.py", "nested/b.py", "b.py", "nested/.git/c.py")
    plant(tmp_path, "nested/.gitignore", data=b"b.py")
    check(tmp_path, "b.py", "nested/a.py")


def test_links_pipes_and_sockets_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "a.py", "real/a.py")
    (tmp_path / "link.py").symlink_to("a.py")
    (tmp_path / "linked").symlink_to("real")
    (tmp_path / "loop").symlink_to("..")
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.py")
        check(tmp_path, "a.py", "real/a.py")


def test_names_that_are_no_text_count(tmp_path: Path) -> None:
    names = ["a\n.py", "\x1b[31m.py", "-rf.py", "$(x).py", "é.py", "e\u0301.py", os.fsdecode(b"\xff.py"), "a b.py "]
    plant(tmp_path, *names)
    check(tmp_path, *names[:-1])


def test_folders_deeper_than_the_limit_are_left_out(tmp_path: Path) -> None:
    inner = tmp_path
    for _ in range(MAX_DEPTH):
        inner /= "d"
    plant(inner, "in.py", "d/out.py")
    assert [file.path for file in scan(tmp_path)] == ["d/" * MAX_DEPTH + "in.py"]
    assert look(tmp_path, "d/" * MAX_DEPTH + "in.py") is not None
    assert "more than 200 folders deep" in explain(tmp_path, "d/" * MAX_DEPTH + "d/out.py")


def test_a_path_too_long_for_the_system_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "a.py")
    monkeypatch.chdir(tmp_path)
    for _ in range(20):
        Path("d" * 250).mkdir()
        monkeypatch.chdir("d" * 250)
    Path("deep.py").write_bytes(CODE)
    assert [file.path for file in scan(tmp_path)] == ["a.py"]


def test_a_root_that_vanished_is_an_error_and_not_empty(tmp_path: Path) -> None:
    with pytest.raises(RootError, match=r"gone cannot be listed"):
        list(scan(tmp_path / "gone"))


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("a.py", "a.py is searched as python."),
        ("b.py", "b.py is searched as python, although its head says that a program wrote it."),
        ("sub", "sub is a folder that is searched."),
        ("sub/x.py", 'sub/x.py is not searched: line 2 of sub/.gitignore leaves it out ("x.*").'),
        (
            "dist/x.py",
            'dist/x.py is not searched: it is left out by default; "!dist/" in .funcseekignore brings it back.',
        ),
        ("dist", f"dist {BY_DEFAULT.format('dist/')}."),
        ("linked/x.py", "linked/x.py is not searched: linked is a symbolic link."),
        ("notes.txt", "notes.txt is not searched: it is in no supported language."),
        ("pipe.py", "pipe.py is not searched: it is not a regular file."),
        ("j.min.js", "j.min.js is not searched: it is minified."),
        (".git/x.py", ".git/x.py is not searched: it belongs to git."),
        ("gone.py", "gone.py cannot be searched (No such file or directory)."),
        ("../a.py", "../a.py is no path below the root."),
        ("", " is no path below the root."),
        ("a.py\0", "a.py\0 is no path below the root."),
    ],
)
def test_a_sentence_explains_every_verdict(tmp_path: Path, path: str, sentence: str) -> None:
    plant(tmp_path, "a.py", "sub/x.py", "dist/x.py", "notes.txt", "j.min.js")
    plant(tmp_path, "b.py", data=b"# Code generated by protoc. DO NOT EDIT.\n")
    plant(tmp_path, "sub/.gitignore", data=b"# ours\nx.*\n")
    (tmp_path / "linked").symlink_to("sub")
    os.mkfifo(tmp_path / "pipe.py")
    assert explain(tmp_path, path) == sentence


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("a.py", "It holds 1 function."),
        ("deep.py", "It holds 0 functions. Some may be missing: it is nested too deeply."),
        ("notes.txt", ""),
        ("gone.py", ""),
    ],
)
def test_a_sentence_tells_what_parsing_gives(tmp_path: Path, path: str, sentence: str) -> None:
    plant(tmp_path, "a.py", "notes.txt")
    plant(tmp_path, "deep.py", data=b"(\n" * 50_000)
    assert explain_functions(tmp_path, path) == sentence


def test_survey_tells_of_every_file_in_the_folders_that_are_entered(tmp_path: Path) -> None:
    plant(tmp_path, "a.py", "sub/b.go", "dist/x.py", "notes.txt", "j.min.js")
    told = {item.path: item.reason if isinstance(item, Omission) else item.language for item in survey(tmp_path)}
    assert told == {
        "a.py": "python",
        "sub/b.go": "go",
        "dist": BY_DEFAULT.format("dist/"),
        "notes.txt": "is not searched: it is in no supported language",
        "j.min.js": "is not searched: it is minified",
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        CODE,
        b"\xef\xbb\xbf" + CODE.replace(b"\n", b"\r\n"),
        CODE.decode().encode("utf-16"),
        b"\xfe\xff" + CODE.decode().encode("utf-16-be"),
        b"# caf\xe9\n" + CODE,
        CODE + b"x = '\0'\n",
        CODE * (BINARY_SAMPLE_BYTES // len(CODE) + 1) + b"\0\0\n",
        CODE.replace(b"\n", b"\r") * 300,
        b"x = '" + b"a" * 1900 + b"'",
        CODE * 2000 + b"picture = '" + b"a" * 9000 + b"'\n",
        CODE * (MAX_FILE_BYTES // len(CODE)),
    ],
)
def test_source_is_read_as_it_lies_on_disk(tmp_path: Path, data: bytes) -> None:
    plant(tmp_path, "a/b.py", data=data)
    assert read(tmp_path, "a/b.py") == Content(data, blake2b(data, digest_size=16).digest(), is_generated=False)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.html", b"<p>" + b"text " * 9000),
        ("a.md", b"![](data:" + b"A" * 90_000 + b")"),
        ("a.ipynb", b'{"cells": [], "png": "' + b"A" * (2 * MAX_FILE_BYTES) + b'"}'),
    ],
)
def test_document_is_not_judged_by_its_pictures_and_text(tmp_path: Path, path: str, data: bytes) -> None:
    plant(tmp_path, path, data=data)
    assert isinstance(read(tmp_path, path), Content)


@pytest.mark.parametrize(
    ("path", "size", "reason"),
    [
        ("a.html", MAX_FILE_BYTES + 1, "is larger than 2,000,000 bytes"),
        ("a.ipynb", 20_000_001, "is larger than 20,000,000 bytes"),
        ("a.md", 9000, "is binary"),
    ],
)
def test_document_has_limits_too(tmp_path: Path, path: str, size: int, reason: str) -> None:
    plant(tmp_path, path, data=b"\0" * size)
    assert skipped(tmp_path, path) == Skipped(reason)


@pytest.mark.parametrize(
    "mark", [b"// @generated\n", b"// Code generated by x. DO NOT EDIT.\n", b"// <auto-generated/>\n"]
)
def test_generated_source_is_read_and_marked(tmp_path: Path, mark: bytes) -> None:
    plant(tmp_path, "a.py", data=mark + CODE)
    plant(tmp_path, "late.py", data=CODE * 100 + mark)
    outcomes = [read(tmp_path, "a.py"), read(tmp_path, "late.py")]
    assert [isinstance(outcome, Content) and outcome.is_generated for outcome in outcomes] == [True, False]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (CODE + b"\0\0", "is binary"),
        (bytes(range(256)) * 40, "is binary"),
        (CODE.decode().encode("utf-32"), "is binary"),
        (b"function e(t){return n}" * 100, "is minified"),
        (b"e=>t;" * 999 + b"\r" + b"e=>t;" * 999, "is minified"),
        (b"x = 1\n" * 400 + b"e=>t;" * 4000 + b"\n", "is minified"),
        (b"#" * (MAX_FILE_BYTES + 1), "is larger than 2,000,000 bytes"),
    ],
)
def test_a_file_without_readable_source_is_skipped_and_not_gone(tmp_path: Path, data: bytes, reason: str) -> None:
    plant(tmp_path, "a.py", data=data)
    assert skipped(tmp_path, "a.py") == Skipped(reason)


def test_nothing_is_read_of_a_file_of_ten_gigabytes(tmp_path: Path) -> None:
    with (tmp_path / "a.py").open("wb") as file:
        file.truncate(10 << 30)
    assert skipped(tmp_path, "a.py").reason.startswith("is larger")


def test_a_short_file_named_minified_is_skipped(tmp_path: Path) -> None:
    plant(tmp_path, "a.min.js", "a.min.d/a.js")
    assert skipped(tmp_path, "a.min.js") == Skipped("is minified")
    assert isinstance(read(tmp_path, "a.min.d/a.js"), Content)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("gone.py", "does not exist"),
        ("a.py/gone.py", "does not exist"),
        ("link.py", "is a symbolic link or lies below one"),
        ("linked/a.py", "is a symbolic link or lies below one"),
        ("pipe.py", "is not a regular file"),
        ("real", "is not a regular file"),
        ("../outside.py", "does not exist"),
        ("real/../../outside.py", "does not exist"),
        ("./a.py", "does not exist"),
        ("real//a.py", "does not exist"),
        ("/etc/hostname", "does not exist"),
        ("a.py\0", "does not exist"),
        ("", "does not exist"),
    ],
)
def test_what_is_no_file_below_the_root_is_gone(tmp_path: Path, path: str, reason: str) -> None:
    root = tmp_path / "root"
    plant(root, "a.py", "real/a.py", "../outside.py")
    (root / "link.py").symlink_to("../outside.py")
    (root / "linked").symlink_to("real")
    os.mkfifo(root / "pipe.py")
    assert skipped(root, path) == Skipped(reason, is_gone=True)


def test_a_name_too_long_for_the_system_is_skipped(tmp_path: Path) -> None:
    assert skipped(tmp_path, "a" * 300 + ".py") == Skipped("cannot be read (File name too long)")
    assert look(tmp_path, "a" * 300 + ".py") is None


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="a file that never has its size")
def test_a_file_that_changes_while_it_is_read_is_skipped_and_not_gone() -> None:
    assert skipped(Path("/proc/self"), "status") == Skipped("kept changing while it was read")


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    plant(tmp_path, "a.py", "d/b.py")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "linked").symlink_to("d")
    with open(os.devnull, "rb") as before:
        lowest = before.fileno()
    for path in ("a.py", "d/b.py", "d", "d/gone/a.py", "pipe.py", "linked/b.py", "gone.py", "a.py/b"):
        read(tmp_path, path)
        head(str(tmp_path / path), 10)
    with open(os.devnull, "rb") as after:
        assert after.fileno() == lowest


def test_reading_part_by_part_agrees_with_reading_by_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a.py", "real/a.py")
    (tmp_path / "link.py").symlink_to("a.py")
    (tmp_path / "linked").symlink_to("real")
    paths = ("a.py", "real/a.py", "link.py", "linked/a.py", "gone.py", "real", "../a.py", "a.py/a.py")
    outcomes = [read(tmp_path, path) for path in paths]
    monkeypatch.setattr(content, "_WALKS_BY_DESCRIPTOR", False)
    assert [read(tmp_path, path) for path in paths] == outcomes


def test_a_checked_root_is_real_and_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    assert check_root(Path("link")) == check_root(Path("real/../link")) == (tmp_path / "real").resolve()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("gone", "does not exist; give an existing folder"),
        ("a.py", "is a file; give the folder that holds it"),
        ("a.py/b", "does not exist"),
        ("pipe", "is not a folder"),
        ("loop", "does not exist"),
        ("nul\0", "does not exist"),
        ("long" * 100, "does not exist"),
    ],
)
def test_a_root_that_cannot_be_searched_is_refused_in_one_sentence(tmp_path: Path, name: str, sentence: str) -> None:
    plant(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(RootError) as refusal:
        check_root(tmp_path / name)
    assert f"{tmp_path / name} {sentence}" in str(refusal.value)


@pytest.mark.parametrize(
    ("folder", "root"),
    [
        ("repo", "repo"),
        ("repo/a/b", "repo"),
        ("repo/ignored/a", "repo/ignored/a"),
        ("repo/ignored/clone/a", "repo/ignored/clone"),
        ("repo/node_modules/a", "repo"),
        ("repo/worktree/a", "repo/worktree"),
        ("plain/a", "plain/a"),
    ],
)
def test_the_enclosing_root_is_the_repository_that_does_not_ignore_the_folder(
    tmp_path: Path, folder: str, root: str
) -> None:
    plant(tmp_path, "repo/.git/HEAD", "repo/ignored/clone/.git/HEAD", "repo/worktree/.git")
    plant(tmp_path, "repo/.gitignore", data=b"/ignored/\n")
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    assert enclosing_root(tmp_path / folder) == tmp_path / root


def test_folders_are_told_before_they_are_listed(tmp_path: Path) -> None:
    plant(tmp_path, "a/b/c.py", "node_modules/d.py", "a/.git/HEAD", ".git/objects/ab/cd.py")
    told = []

    def arrive(folder: str) -> None:
        told.append(folder)
        plant(tmp_path, f"{folder or '.'}/late.py")

    found = [file.path for file in scan(tmp_path, entering=arrive)]
    assert sorted(told) == ["", ".git", "a", "a/.git", "a/b"]
    assert sorted(found) == ["a/b/c.py", "a/b/late.py", "a/late.py", "late.py"]
